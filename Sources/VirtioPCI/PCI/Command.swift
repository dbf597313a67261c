/// The command register of config space at 0x04, PCI 3.0 §6.2.2.
public struct Command: NamedBits {
  public let rawValue: UInt16

  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// The function answers in its I/O BARs.
  public static let io = Self(rawValue: 1 << 0)
  /// The function answers in its memory BARs.
  public static let memory = Self(rawValue: 1 << 1)
  /// The function may use DMA.
  public static let busMaster = Self(rawValue: 1 << 2)
  /// The function does not use its interrupt pin.
  public static let intxDisable = Self(rawValue: 1 << 10)

  public static let bitNames: NameTable = [
    0: "IO",
    1: "MEMORY",
    2: "BUS_MASTER",
    3: "SPECIAL_CYCLES",
    4: "MEMORY_WRITE_AND_INVALIDATE",
    5: "VGA_PALETTE_SNOOP",
    6: "PARITY",
    8: "SERR",
    9: "FAST_BACK_TO_BACK",
    10: "INTX_DISABLE",
  ]
}
