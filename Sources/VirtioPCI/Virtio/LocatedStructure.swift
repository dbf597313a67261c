/// A structure in a BAR that has an address: one that a driver can reach.
public struct LocatedStructure: Hashable, Sendable {
  /// What the capability says.
  public let data: CapData
  /// The BAR that it names.
  public let bar: BAR
  /// The physical address of the structure.
  public let address: UInt64

  /// The structure that `data` says is in `bar`; nil when the BAR has no address, or the structure
  /// lies beyond 2^64.
  public init?(_ data: CapData, in bar: BAR) {
    guard let base = bar.address else { return nil }
    let (address, overflow) = base.addingReportingOverflow(data.offset)
    guard !overflow else { return nil }
    self.data = data
    self.bar = bar
    self.address = address
  }

  /// Whether the first `count` bytes of the structure lie in the BAR, as far as its size is known.
  public func holds(_ count: Int) -> Bool {
    guard let count = UInt64(exactly: count) else { return false }
    let (end, overflow) = data.offset.addingReportingOverflow(count)
    return !overflow && end <= bar.size ?? .max
  }

  /// The physical address of a queue's doorbell; nil when this is not a `notify` structure, or
  /// a write of `width` bytes would not lie in it.
  public func doorbell(notifyOff: UInt16, width: Int) -> UInt64? {
    guard let offset = data.doorbell(notifyOff: notifyOff, width: width) else { return nil }
    let (doorbell, overflow) = address.addingReportingOverflow(offset)
    return overflow ? nil : doorbell
  }
}

extension CapData {
  /// Where the doorbell of a queue is in the `notify` structure, in bytes from its start
  /// (VIRTIO 1.4 §4.1.4.4): `queue_notify_off` times the multiplier.
  ///
  /// `width` is how many bytes the driver writes there: 2, or 4 with `VIRTIO_F_NOTIFICATION_DATA`.
  /// Nil when they would not lie in the structure, or when it is not a `notify` structure.
  public func doorbell(notifyOff: UInt16, width: Int) -> UInt64? {
    guard let multiplier = notifyOffMultiplier, let width = UInt64(exactly: width) else {
      return nil
    }
    // At most 2^48.
    let offset = UInt64(notifyOff) * UInt64(multiplier)
    return width <= length && offset <= length - width ? offset : nil
  }
}
