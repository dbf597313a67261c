// Where QEMU begins: one hart, a stack, and what the compiler calls.
  .section .text.start, "ax"
  .global _start
_start:
  csrr t0, mhartid
  bnez t0, 2f
  la sp, stack_top
  la t0, bss_start
  la t1, bss_end
0: bgeu t0, t1, 1f
  sb zero, 0(t0)
  addi t0, t0, 1
  j 0b
1: call driver_main
  // The test device of QEMU ends the machine.
  li t0, 0x100000
  li t1, 0x5555
  sw t1, 0(t0)
2: wfi
  j 2b

  .section .text.memset, "ax"
  .global memset
memset:
  mv t0, a0
0: beqz a2, 1f
  sb a1, 0(t0)
  addi t0, t0, 1
  addi a2, a2, -1
  j 0b
1: ret

  .section .text.memcpy, "ax"
  .global memcpy
memcpy:
  mv t0, a0
0: beqz a2, 1f
  lb t1, 0(a1)
  sb t1, 0(t0)
  addi a1, a1, 1
  addi t0, t0, 1
  addi a2, a2, -1
  j 0b
1: ret
