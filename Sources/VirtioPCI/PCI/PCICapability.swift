/// An entry of a function's capability list: where it is, and its first four bytes.
///
/// What follows them depends on the ID: `MSIX`, or one of the structures of virtio, whose
/// `cap_len` and `cfg_type` are `capLen` and `cfgType` here.
public struct PCICapability: Hashable, Sendable {
  /// Where it is in config space, in bytes.
  public var position: UInt8
  /// Which kind of capability it is.
  public var id: PCICapabilityID
  /// The pointer to the next one, as it stands there.
  public var next: UInt8
  /// The third and fourth byte, the third in the low half: the message control of MSI-X.
  public var control: UInt16
  /// What an MSI-X capability says, where it was read: `CapabilityList` does not read it.
  public var msix: MSIX?

  /// How many bytes this is.
  public static let size = 4

  /// An entry that was found at `position`.
  public init(
    position: UInt8, id: PCICapabilityID, next: UInt8 = 0, control: UInt16 = 0, msix: MSIX? = nil
  ) {
    self.position = position
    self.id = id
    self.next = next
    self.control = control
    self.msix = msix
  }

  /// Loads the four bytes at `position` of config space; throws `pastConfigSpace` when they are not
  /// all there.
  public init<Source: RegisterSource & ~Copyable & ~Escapable>(
    from config: borrowing Source, at position: Int = 0
  ) throws(ReadError<Source.Failure>) {
    let available = Self.bytes(of: config, from: position)
    guard available >= Self.size, let start = UInt8(exactly: position) else {
      throw .malformed(.pastConfigSpace(needed: Self.size, available: available))
    }
    self.init(position: start, word: try config.dword(at: position))
  }

  init(position: UInt8, word: UInt32) {
    self.init(
      position: position, id: PCICapabilityID(rawValue: UInt8(truncatingIfNeeded: word)),
      next: UInt8(truncatingIfNeeded: word >> 8), control: UInt16(truncatingIfNeeded: word >> 16))
  }

  /// Throws `pastConfigSpace` when the capability is cut off before its first `count` bytes end.
  func require<Source: RegisterSource & ~Copyable & ~Escapable>(
    _ count: Int, in config: borrowing Source
  ) throws(ReadError<Source.Failure>) {
    let available = Self.bytes(of: config, from: Int(position))
    guard available >= count else {
      throw .malformed(.pastConfigSpace(needed: count, available: available))
    }
  }

  /// How many bytes of conventional config space there are from `position` on.
  private static func bytes(
    of config: borrowing some RegisterSource & ~Copyable & ~Escapable, from position: Int
  ) -> Int {
    guard position >= 0 else { return 0 }
    return max(0, min(config.count, ConfigHeader.conventionalSize) - position)
  }
}

extension PCICapability: EncodableStructure {
  public var encodedSize: Int { Self.size }

  /// Writes its four bytes.
  public func encode(into bytes: inout MutableSpan<UInt8>, at offset: Int) throws(EncodeError) {
    try bytes.require(Self.size, at: offset)
    write(to: &bytes, at: offset)
  }

  func write(to bytes: inout MutableSpan<UInt8>, at offset: Int) {
    bytes.set(id.rawValue, at: offset)
    bytes.set(next, at: offset + 1)
    bytes.set(control, at: offset + 2)
  }
}
