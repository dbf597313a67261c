/// The capability list of a function, read from config space an entry at a time.
///
///     var list = try CapabilityList(from: config)
///     while let entry = try list.next(in: config) {
///       print(entry.position, entry.id)
///     }
///
/// Of each entry one dword is loaded, its first. Every pointer is masked to a multiple of 4, and
/// every position is visited at most once, so there are at most 48 entries.
public struct CapabilityList: Hashable, Sendable {
  /// Where the next entry is; nil when the list has ended.
  public private(set) var position: UInt8?
  /// How the list ended; nil as long as it goes on.
  public private(set) var end: CapabilityListEnd?
  private var visited: UInt64 = 0

  /// A list that begins at `pointer`, the byte at 0x34 of config space, when `status`, the word at
  /// 0x06, says that there is one.
  public init(status: UInt16, pointer: UInt8) {
    if ConfigHeader.hasCapabilityList(status: status) {
      follow(pointer)
    } else {
      end = .absent
    }
  }

  /// Loads the status and, when it says that there is a list, the pointer to the first entry.
  public init<Source: RegisterSource & ~Copyable & ~Escapable>(
    from config: borrowing Source
  ) throws(Source.Failure) {
    let status = try config.load16(at: ConfigHeader.status)
    let hasList = ConfigHeader.hasCapabilityList(status: status)
    self.init(
      status: status,
      pointer: hasList ? try config.load8(at: ConfigHeader.capabilitiesPointer) : 0)
  }

  /// Loads the next entry; nil at the end, of which `end` says what it is.
  ///
  /// After an error the list is where it was.
  public mutating func next<Source: RegisterSource & ~Copyable & ~Escapable>(
    in config: borrowing Source
  ) throws(Source.Failure) -> PCICapability? {
    guard let position else { return nil }
    guard Int(position) + PCICapability.size <= config.count else {
      stop(.truncated(position: position))
      return nil
    }
    let entry = PCICapability(
      position: position, word: try config.load32(at: Int(position)))
    guard entry.id.rawValue != 0xFF else {
      stop(.invalidID(position: position))
      return nil
    }
    visited |= Self.bit(of: position)
    follow(entry.next)
    return entry
  }

  private mutating func follow(_ pointer: UInt8) {
    let masked = pointer & ~3
    switch masked {
    case 0: stop(.terminated)
    case ..<UInt8(ConfigHeader.size): stop(.belowHeader(pointer: pointer))
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
