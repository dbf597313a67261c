/// A base address register of a function.
public struct BAR: Hashable, Sendable {
  /// Which one, 0 to 5: for a 64-bit BAR the lower.
  public var index: Int
  /// I/O ports, or memory of which kind.
  public var space: Space
  /// Where the region lies; nil when no address is assigned.
  public var address: UInt64?
  /// The length of the region in bytes; nil where only config space could be asked.
  public var size: UInt64?

  /// What the region is.
  public enum Space: Hashable, Sendable {
    /// I/O ports.
    case io
    /// `width` is 32 or 64 bits.
    case memory(width: Int, prefetchable: Bool)
  }

  /// A BAR that was found elsewhere than in config space.
  public init(index: Int, space: Space, address: UInt64?, size: UInt64?) {
    self.index = index
    self.space = space
    self.address = address
    self.size = size
  }

  /// How many there are in a type 0 header.
  public static let count = 6

  /// Whether the register after this one is its upper half.
  public var is64Bit: Bool {
    if case .memory(width: 64, prefetchable: _) = space { true } else { false }
  }

  /// Whether the region is I/O ports.
  public var isIO: Bool { space == .io }

  /// The BARs of config space. A register of 0 is left out: there is no such BAR, or memory below
  /// 4 GiB without an address, which cannot be told apart here. Throws `outOfBounds` when the six
  /// registers are not all there.
  public static func decode<Source: RegisterSource & ~Copyable & ~Escapable>(
    from config: borrowing Source
  ) throws(Source.Failure) -> [BAR] {
    var bars: [BAR] = []
    var index = 0
    while index < count {
      let register: UInt32 = try config.load(at: ConfigHeader.bars + index * 4)
      var bar = BAR(index: index, space: .io, address: nil, size: nil)
      if register & 1 != 0 {
        bar.address = assigned(UInt64(register & ~3))
      } else if register & 6 == 4, index + 1 < count {
        let high: UInt32 = try config.load(at: ConfigHeader.bars + index * 4 + 4)
        bar.space = .memory(width: 64, prefetchable: register & 8 != 0)
        bar.address = assigned(UInt64(high) << 32 | UInt64(register & ~15))
      } else {
        bar.space = .memory(width: 32, prefetchable: register & 8 != 0)
        bar.address = assigned(UInt64(register & ~15))
      }
      if register != 0 { bars.append(bar) }
      index += bar.is64Bit ? 2 : 1
    }
    return bars
  }

  private static func assigned(_ address: UInt64) -> UInt64? { address == 0 ? nil : address }
}
