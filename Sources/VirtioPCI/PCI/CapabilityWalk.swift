/// Walks the conventional capability list of a function's config space.
///
/// It reads nothing itself: the caller reads the four bytes at `position` and hands them back, so
/// that it decides what is read and how.
///
///     var walk = CapabilityWalk(status: status, pointer: pointer)
///     while let position = walk.position {
///       let head = PCICapabilityHead(position: position, bytes: read(4, at: position))
///       walk.advance(past: head)
///     }
///
/// Every pointer is masked to a multiple of 4, and every position is visited at most once, so a
/// walk ends after at most 48 steps.
public struct CapabilityWalk: Hashable, Sendable {
  /// Where the next capability is; nil when the walk has ended.
  public private(set) var position: UInt8?
  /// How the walk ended; nil as long as it goes on.
  public private(set) var end: CapabilityListEnd?
  private var visited: UInt64 = 0

  /// `status` is the word at 0x06 of config space, `pointer` the byte at 0x34.
  public init(status: UInt16, pointer: UInt8) {
    if ConfigHeader.hasCapabilityList(status: status) {
      follow(pointer)
    } else {
      end = .absent
    }
  }

  /// Goes on to where `head` points; nil says that its bytes lie beyond what can be read.
  public mutating func advance(past head: PCICapabilityHead?) {
    guard let position else { return }
    guard let head else { return stop(.truncated(position: position)) }
    guard head.id.rawValue != 0xFF else { return stop(.invalidID(position: position)) }
    visited |= Self.bit(of: position)
    follow(head.next)
  }

  private mutating func follow(_ pointer: UInt8) {
    let masked = pointer & ~3
    switch masked {
    case 0: stop(.terminated)
    case ..<ConfigHeader.size: stop(.belowHeader(pointer: pointer))
    case _ where visited & Self.bit(of: masked) != 0: stop(.loop(position: masked))
    default: position = masked
    }
  }

  private mutating func stop(_ end: CapabilityListEnd) {
    position = nil
    self.end = end
  }

  private static func bit(of position: UInt8) -> UInt64 { 1 << UInt64(position / 4) }
}

/// How a capability list ended.
public enum CapabilityListEnd: Hashable, Sendable {
  /// Status bit 4 is clear: there is no list.
  case absent
  /// A pointer of 0, as it should be.
  case terminated
  /// A pointer into the header.
  case belowHeader(pointer: UInt8)
  /// Capability ID 0xff: nothing answers there.
  case invalidID(position: UInt8)
  /// A pointer to a capability that was visited before.
  case loop(position: UInt8)
  /// A pointer beyond what could be read.
  case truncated(position: UInt8)
}

/// The two bytes that begin every PCI capability.
public struct PCICapabilityHead: Hashable, Sendable {
  /// Where it is in config space.
  public var position: UInt8
  /// Which kind of capability it is.
  public var id: PCICapabilityID
  /// The pointer to the next one, as it stands there.
  public var next: UInt8

  /// The head that was found at `position`.
  public init(position: UInt8, id: PCICapabilityID, next: UInt8) {
    self.position = position
    self.id = id
    self.next = next
  }

  /// Nil when there are fewer than two bytes.
  public init?(position: UInt8, bytes: Span<UInt8>) {
    guard bytes.count >= 2 else { return nil }
    self.init(position: position, id: PCICapabilityID(rawValue: bytes[0]), next: bytes[1])
  }
}
