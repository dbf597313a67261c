/// `struct virtio_pci_notify_cap`: where the doorbells lie, VIRTIO 1.4 §4.1.4.4.
public struct NotifyCap: Hashable, Sendable {
  /// The structure that it begins with.
  public var cap: Cap
  /// `queue_notify_off` times this is a queue's doorbell in bytes from the structure's start;
  /// 0 when all queues share one.
  public var notifyOffMultiplier: UInt32

  /// The least `cap_len` that holds this structure.
  public static let size: UInt8 = 20

  /// Decodes the bytes of one capability; throws as `Cap` does, for 20 bytes, and
  /// `cfgTypeMismatch`.
  public init(from bytes: Span<UInt8>) throws(DecodeError) {
    let head = try CapHead(from: bytes)
    try head.require(Self.size, of: bytes)
    try head.require(.notify)
    cap = try Cap(from: bytes)
    notifyOffMultiplier = try bytes.load(at: 16)
  }
}
