/// An entry of a function's extended capability list (PCIe §7.6): where it is, and its first dword.
public struct ExtendedCapability: Hashable, Sendable {
  /// Where it is in config space, in bytes: 0x100 or above.
  public var position: Int
  /// Which kind of capability it is: `SRIOV.id`, or another of the PCI code and ID assignment.
  public var id: UInt16
  /// The version of its layout, 4 bits.
  public var version: UInt8
  /// The pointer to the next one, as it stands there, 12 bits.
  public var next: UInt16
  /// What an SR-IOV capability says, where it was read: `ExtendedCapabilityList` does not read it.
  public var sriov: SRIOV?

  /// How many bytes this is.
  public static let size = 4

  /// An entry that was found at `position`; of `version` 4 bits count, of `next` 12.
  public init(
    position: Int, id: UInt16, version: UInt8 = 1, next: UInt16 = 0, sriov: SRIOV? = nil
  ) {
    self.position = position
    self.id = id
    self.version = version & 0xF
    self.next = next & 0xFFF
    self.sriov = sriov
  }

  init(position: Int, word: UInt32) {
    self.init(
      position: position, id: UInt16(truncatingIfNeeded: word),
      version: UInt8(truncatingIfNeeded: word >> 16), next: UInt16(word >> 20))
  }

  /// The four bytes as they stand in config space.
  var word: UInt32 { UInt32(id) | UInt32(version) << 16 | UInt32(next) << 20 }
}

/// The extended capability list of a PCI Express function, which begins at 0x100 of config space.
///
///     var list = ExtendedCapabilityList()
///     while let entry = try list.next(in: config) {
///       if entry.id == SRIOV.id { return try SRIOV(entry, from: config) }
///     }
///
/// Only functions with a PCI Express capability have one. Of each entry one dword is loaded. Every
/// pointer is masked to a multiple of 4, and there are at most 960 entries: more are a loop.
public struct ExtendedCapabilityList: Hashable, Sendable {
  /// Where the next entry is; nil when the list has ended.
  public private(set) var position: Int? = ConfigHeader.conventionalSize
  /// How the list ended; nil as long as it goes on.
  public private(set) var end: End?
  private var remaining =
    (ConfigHeader.extendedSize - ConfigHeader.conventionalSize) / ExtendedCapability.size

  /// How an extended capability list ended.
  public enum End: Hashable, Sendable {
    /// A pointer of 0, as it should be.
    case terminated
    /// All ones: nothing answers there.
    case invalidID(position: Int)
    /// A pointer to the first entry or below it.
    case belowStart(pointer: UInt16)
    /// More entries than have room.
    case loop
    /// A pointer beyond what could be read.
    case truncated(position: Int)
  }

  /// A list of which nothing was read.
  public init() {}

  /// Loads the next entry; nil at the end, of which `end` says what it is.
  ///
  /// A dword of zeros, which stands for an empty list, is not an entry. After an error the list is
  /// where it was.
  public mutating func next<Source: RegisterSource & ~Copyable & ~Escapable>(
    in config: borrowing Source
  ) throws(Source.Failure) -> ExtendedCapability? {
    guard let position else { return nil }
    guard position + ExtendedCapability.size <= config.count else {
      stop(.truncated(position: position))
      return nil
    }
    let word = try config.load32(at: position)
    guard word != .max else {
      stop(.invalidID(position: position))
      return nil
    }
    let entry = ExtendedCapability(position: position, word: word)
    remaining -= 1
    switch Int(entry.next) & ~3 {
    case 0: stop(.terminated)
    case ...ConfigHeader.conventionalSize: stop(.belowStart(pointer: entry.next))
    case _ where remaining == 0: stop(.loop)
    case let next: self.position = next
    }
    return word == 0 ? nil : entry
  }

  private mutating func stop(_ end: End) {
    position = nil
    self.end = end
  }
}
