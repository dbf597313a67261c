/// `struct virtio_pci_cfg_cap`: the window through which config space reaches a BAR,
/// VIRTIO 1.4 §4.1.4.9.
///
/// `bar`, `offset` and `length` of its `cap` are the window's registers, not a structure's place.
public struct CfgCap: Hashable, Sendable {
  /// The structure that it begins with.
  public var cap: Cap
  /// The four bytes of the window, the first in the low byte. On a live device a read of them is a
  /// read of the BAR, with every side effect that it has.
  public var pciCfgData: UInt32

  /// The least `cap_len` that holds this structure.
  public static let size: UInt8 = 20

  /// Decodes the bytes of one capability; throws as `Cap` does, for 20 bytes, and
  /// `cfgTypeMismatch`.
  public init(from bytes: Span<UInt8>) throws(DecodeError) {
    let head = try CapHead(from: bytes)
    try head.require(Self.size, of: bytes)
    try head.require(.pci)
    cap = try Cap(from: bytes)
    pciCfgData = try bytes.load(at: 16)
  }
}
