/// Volatile access to device registers at their natural width: one load or one store each, never
/// widened, split or repeated by the compiler (VIRTIO 1.4 §4.1.3.1).
#ifndef CLINUX_REGISTERS_H
#define CLINUX_REGISTERS_H

#include <stdint.h>

static inline uint8_t register_load8(const volatile void *at) { return *(const volatile uint8_t *)at; }
static inline uint16_t register_load16(const volatile void *at) { return *(const volatile uint16_t *)at; }
static inline uint32_t register_load32(const volatile void *at) { return *(const volatile uint32_t *)at; }

static inline void register_store8(volatile void *at, uint8_t value) { *(volatile uint8_t *)at = value; }
static inline void register_store16(volatile void *at, uint16_t value) { *(volatile uint16_t *)at = value; }
static inline void register_store32(volatile void *at, uint32_t value) { *(volatile uint32_t *)at = value; }

#endif
