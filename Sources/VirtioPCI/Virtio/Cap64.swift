/// `struct virtio_pci_cap64`: a capability with 64-bit offset and length, used for shared memory
/// regions, VIRTIO 1.4 §4.1.4.7.
public struct Cap64: CapabilityStructure {
  /// The structure that it begins with.
  public var cap: Cap
  /// The high half of the offset.
  public var offsetHi: UInt32
  /// The high half of the length.
  public var lengthHi: UInt32

  /// The least `cap_len` that holds this structure.
  public static let size = 24

  /// A capability that begins with `cap`, whose `capLen` is not changed.
  public init(cap: Cap, offsetHi: UInt32, lengthHi: UInt32) {
    self.cap = cap
    self.offsetHi = offsetHi
    self.lengthHi = lengthHi
  }

  /// A shared memory region, or another structure that lies at 64 bits.
  public init(
    capNext: UInt8 = 0, cfgType: CapCfgType = .sharedMemory, bar: UInt8, id: UInt8, offset: UInt64,
    length: UInt64
  ) {
    self.init(
      cap: Cap(
        capNext: capNext, capLen: UInt8(Self.size), cfgType: cfgType, bar: bar, id: id,
        offset: UInt32(truncatingIfNeeded: offset), length: UInt32(truncatingIfNeeded: length)),
      offsetHi: UInt32(truncatingIfNeeded: offset >> 32),
      lengthHi: UInt32(truncatingIfNeeded: length >> 32))
  }

  /// Decodes the capability that `entry` begins, whatever its `cfg_type`: this is a form that any
  /// type may have. Throws as `Cap` does, for 24 bytes.
  public init<Source: RegisterSource & ~Copyable & ~Escapable>(
    _ entry: PCICapability, from config: borrowing Source
  ) throws(ReadError<Source.Failure>) {
    try entry.require(capLen: Self.size, in: config)
    cap = try Cap(whole: entry, from: config)
    offsetHi = try config.dword(at: Int(entry.position) + 16)
    lengthHi = try config.dword(at: Int(entry.position) + 20)
  }

  /// Where the region starts in the BAR, in bytes.
  public var offset: UInt64 { UInt64(offsetHi) << 32 | UInt64(cap.offset) }

  /// The length of the region in bytes.
  public var length: UInt64 { UInt64(lengthHi) << 32 | UInt64(cap.length) }
}

extension Cap64: EncodableStructure {
  public var encodedSize: Int { Self.size }

  /// Writes its 24 bytes.
  public func encode(into bytes: inout MutableSpan<UInt8>, at offset: Int) throws(EncodeError) {
    try bytes.require(Self.size, at: offset)
    try cap.encode(into: &bytes, at: offset)
    bytes.set(offsetHi, at: offset + 16)
    bytes.set(lengthHi, at: offset + 20)
  }
}
