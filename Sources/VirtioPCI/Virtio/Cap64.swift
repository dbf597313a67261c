/// `struct virtio_pci_cap64`: a capability with 64-bit offset and length, used for shared memory
/// regions, VIRTIO 1.4 §4.1.4.7.
public struct Cap64: Hashable, Sendable {
  /// The structure that it begins with.
  public var cap: Cap
  /// The high half of the offset.
  public var offsetHi: UInt32
  /// The high half of the length.
  public var lengthHi: UInt32

  /// The least `cap_len` that holds this structure.
  public static let size: UInt8 = 24

  /// Decodes the bytes of one capability; throws as `Cap` does, for 24 bytes.
  public init(from bytes: Span<UInt8>) throws(DecodeError) {
    try CapHead(from: bytes).require(Self.size, of: bytes)
    cap = try Cap(from: bytes)
    offsetHi = try bytes.load(at: 16)
    lengthHi = try bytes.load(at: 20)
  }

  /// Where the region starts in the BAR, in bytes.
  public var offset: UInt64 { UInt64(offsetHi) << 32 | UInt64(cap.offset) }

  /// The length of the region in bytes.
  public var length: UInt64 { UInt64(lengthHi) << 32 | UInt64(cap.length) }
}
