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
}
