/// Where the machines that QEMU calls `virt` have what the driver needs.
enum Machine {
  #if arch(arm64) || arch(arm)
    /// Config space of bus 0, with `highmem=off`.
    static let ecam: UInt = 0x3F00_0000
    /// Where BARs may lie.
    static let memory: UInt = 0x1000_0000
    /// The data register of a PL011.
    static let console: UInt = 0x0900_0000
    /// Memory for the queue and its buffer.
    static let queue: UInt = 0x4020_0000
  #elseif arch(riscv64)
    /// Config space of bus 0.
    static let ecam: UInt = 0x3000_0000
    /// Where BARs may lie.
    static let memory: UInt = 0x4000_0000
    /// The transmit register of a 16550.
    static let console: UInt = 0x1000_0000
    /// Memory for the queue and its buffer.
    static let queue: UInt = 0x8020_0000
  #else
    /// A PC, of which firmware would say these: here for the size alone.
    static let ecam: UInt = 0xB000_0000
    static let memory: UInt = 0xC000_0000
    static let console: UInt = 0xFEDC_0000
    static let queue: UInt = 0x20_0000
  #endif

  static func print(_ text: StaticString) {
    for index in 0..<text.utf8CodeUnitCount { put(text.utf8Start[index]) }
  }

  static func print(hex value: UInt64) {
    var shift: UInt64 = 64
    while shift > 0 {
      shift -= 4
      let digit = UInt8(truncatingIfNeeded: value >> shift & 15)
      put(digit < 10 ? digit + 0x30 : digit + 0x57)
    }
  }

  private static func put(_ byte: UInt8) {
    MMIO(base: console, count: 1).store8(byte, at: 0)
  }
}
