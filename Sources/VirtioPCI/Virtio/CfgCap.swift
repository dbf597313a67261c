/// `struct virtio_pci_cfg_cap`: the window through which config space reaches a BAR,
/// VIRTIO 1.4 §4.1.4.9.
///
/// `bar`, `offset` and `length` of its `cap` are the window's registers, not a structure's place.
public struct CfgCap: CapabilityStructure {
  /// The structure that it begins with.
  public var cap: Cap
  /// The four bytes of the window, the first in the low byte.
  public var pciCfgData: UInt32

  /// The least `cap_len` that holds this structure.
  public static let size = 20

  /// A capability that begins with `cap`, whose `capLen` and `cfgType` are not changed.
  public init(cap: Cap, pciCfgData: UInt32) {
    self.cap = cap
    self.pciCfgData = pciCfgData
  }

  /// A window; closed, unless its registers are given.
  public init(
    capNext: UInt8 = 0, bar: UInt8 = 0, offset: UInt32 = 0, length: UInt32 = 0,
    pciCfgData: UInt32 = 0
  ) {
    self.init(
      cap: Cap(
        capNext: capNext, capLen: UInt8(Self.size), cfgType: .pci, bar: bar, offset: offset,
        length: length),
      pciCfgData: pciCfgData)
  }

  /// Decodes the capability that `entry` begins; throws as `Cap` does, for 20 bytes, and
  /// `cfgTypeMismatch`.
  ///
  /// This loads `pci_cfg_data`, and on a live device that is a read of the BAR, with every side
  /// effect that it has. `Cap` and `CapData` decode the same capability without it.
  public init<Source: RegisterSource & ~Copyable & ~Escapable>(
    _ entry: PCICapability, from config: borrowing Source
  ) throws(ReadError<Source.Failure>) {
    try entry.require(capLen: Self.size, .pci, in: config)
    cap = try Cap(entry, from: config)
    pciCfgData = try config.dword(at: Int(entry.position) + 16)
  }
}

extension CfgCap: EncodableStructure {
  public var encodedSize: Int { Self.size }

  /// Writes its 20 bytes.
  public func encode(into bytes: inout MutableSpan<UInt8>, at offset: Int) throws(EncodeError) {
    try bytes.require(Self.size, at: offset)
    try cap.encode(into: &bytes, at: offset)
    bytes.set(pciCfgData, at: offset + 16)
  }
}
