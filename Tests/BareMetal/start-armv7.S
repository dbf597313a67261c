// Where QEMU begins: floating point for vector stores, a stack, and what the compiler calls.
  .arm
  .fpu neon
  .section .text.start, "ax"
  .global _start
_start:
  mrc p15, 0, r0, c1, c0, 2
  orr r0, r0, #(15 << 20)
  mcr p15, 0, r0, c1, c0, 2
  isb
  mov r0, #0x40000000
  vmsr fpexc, r0
  ldr sp, =stack_top
  ldr r0, =bss_start
  ldr r1, =bss_end
  mov r2, #0
0: cmp r0, r1
  bhs 1f
  strb r2, [r0], #1
  b 0b
1: bl driver_main
  // PSCI SYSTEM_OFF
  ldr r0, =0x84000008
  .arch_extension virt
  hvc #0
2: wfi
  b 2b

  .section .text.memset, "ax"
  .global memset
memset:
  mov r3, r0
0: subs r2, r2, #1
  bxlo lr
  strb r1, [r3], #1
  b 0b

  .section .text.aeabi_memset, "ax"
  .global __aeabi_memset, __aeabi_memset4, __aeabi_memset8
__aeabi_memset:
__aeabi_memset4:
__aeabi_memset8:
0: subs r1, r1, #1
  bxlo lr
  strb r2, [r0], #1
  b 0b

  .section .text.aeabi_memclr, "ax"
  .global __aeabi_memclr, __aeabi_memclr4, __aeabi_memclr8
__aeabi_memclr:
__aeabi_memclr4:
__aeabi_memclr8:
  mov r2, #0
0: subs r1, r1, #1
  bxlo lr
  strb r2, [r0], #1
  b 0b

  .section .text.memcpy, "ax"
  .global memcpy, __aeabi_memcpy, __aeabi_memcpy4, __aeabi_memcpy8
memcpy:
__aeabi_memcpy:
__aeabi_memcpy4:
__aeabi_memcpy8:
  mov r3, r0
0: subs r2, r2, #1
  bxlo lr
  ldrb r12, [r1], #1
  strb r12, [r3], #1
  b 0b

  .section .text.aeabi_llsl, "ax"
  .global __aeabi_llsl
__aeabi_llsl:
  subs r3, r2, #32
  rsbmi r12, r2, #32
  movpl r1, r0, lsl r3
  movmi r1, r1, lsl r2
  orrmi r1, r1, r0, lsr r12
  mov r0, r0, lsl r2
  bx lr

  .section .text.aeabi_llsr, "ax"
  .global __aeabi_llsr
__aeabi_llsr:
  subs r3, r2, #32
  rsbmi r12, r2, #32
  movpl r0, r1, lsr r3
  movmi r0, r0, lsr r2
  orrmi r0, r0, r1, lsl r12
  mov r1, r1, lsr r2
  bx lr
