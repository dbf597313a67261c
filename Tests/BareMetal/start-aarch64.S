// Where QEMU begins: a stack, floating point for vector stores, and what the compiler calls.
  .section .text.start, "ax"
  .global _start
_start:
  mov x0, #(3 << 20)
  msr cpacr_el1, x0
  isb
  adrp x0, stack_top
  add x0, x0, :lo12:stack_top
  mov sp, x0
  adrp x0, bss_start
  add x0, x0, :lo12:bss_start
  adrp x1, bss_end
  add x1, x1, :lo12:bss_end
0: cmp x0, x1
  b.hs 1f
  strb wzr, [x0], #1
  b 0b
1: bl driver_main
  // PSCI SYSTEM_OFF
  ldr w0, =0x84000008
  hvc #0
2: wfi
  b 2b

  .section .text.memset, "ax"
  .global memset
memset:
  mov x3, x0
0: cbz x2, 1f
  strb w1, [x3], #1
  sub x2, x2, #1
  b 0b
1: ret

  .section .text.memcpy, "ax"
  .global memcpy
memcpy:
  mov x3, x0
0: cbz x2, 1f
  ldrb w4, [x1], #1
  strb w4, [x3], #1
  sub x2, x2, #1
  b 0b
1: ret
