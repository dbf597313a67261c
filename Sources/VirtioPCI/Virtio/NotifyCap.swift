/// `struct virtio_pci_notify_cap`: where the doorbells lie, VIRTIO 1.4 §4.1.4.4.
public struct NotifyCap: CapabilityStructure {
  /// The structure that it begins with.
  public var cap: Cap
  /// `queue_notify_off` times this is a queue's doorbell in bytes from the structure's start;
  /// 0 when all queues share one.
  public var notifyOffMultiplier: UInt32

  /// The least `cap_len` that holds this structure.
  public static let size = 20

  /// A capability that begins with `cap`, whose `capLen` and `cfgType` are not changed.
  public init(cap: Cap, notifyOffMultiplier: UInt32) {
    self.cap = cap
    self.notifyOffMultiplier = notifyOffMultiplier
  }

  /// The doorbells at a place in a BAR.
  public init(
    capNext: UInt8 = 0, bar: UInt8, id: UInt8 = 0, offset: UInt32, length: UInt32,
    notifyOffMultiplier: UInt32
  ) {
    self.init(
      cap: Cap(
        capNext: capNext, capLen: UInt8(Self.size), cfgType: .notify, bar: bar, id: id,
        offset: offset, length: length),
      notifyOffMultiplier: notifyOffMultiplier)
  }

  /// Decodes the capability that `entry` begins; throws as `Cap` does, for 20 bytes, and
  /// `cfgTypeMismatch`.
  public init<Source: RegisterSource & ~Copyable & ~Escapable>(
    _ entry: PCICapability, from config: borrowing Source
  ) throws(ReadError<Source.Failure>) {
    try entry.require(capLen: Self.size, .notify, in: config)
    cap = try Cap(whole: entry, from: config)
    notifyOffMultiplier = try config.dword(at: Int(entry.position) + 16)
  }
}

extension NotifyCap: EncodableStructure {
  public var encodedSize: Int { Self.size }

  /// Writes its 20 bytes.
  public func encode(into bytes: inout MutableSpan<UInt8>, at offset: Int) throws(EncodeError) {
    try bytes.require(Self.size, at: offset)
    try cap.encode(into: &bytes, at: offset)
    bytes.set(notifyOffMultiplier, at: offset + 16)
  }
}
