/// What a virtio capability says of its structure, whatever form it has, VIRTIO 1.4 §4.1.4.
public struct CapData: Hashable, Sendable {
  /// Which structure this locates.
  public var cfgType: CapCfgType
  /// The BAR that holds the structure: 0 to 5, other values are reserved.
  public var bar: UInt8
  /// Tells several structures of one type apart.
  public var id: UInt8
  /// Where the structure starts in the BAR, in bytes.
  public var offset: UInt64
  /// The length of the structure in bytes.
  public var length: UInt64
  /// `notify` only: see `NotifyCap`.
  public var notifyOffMultiplier: UInt32?

  /// Decodes the bytes of one capability.
  ///
  /// Shared memory needs a `cap_len` of 24 and joins the high halves, `notify` needs 20, every
  /// other type takes the 32-bit pair and needs 16. Throws as `Cap` does. A vendor data capability
  /// has no such place: decode it as `VendorCap`.
  public init(from bytes: Span<UInt8>) throws(DecodeError) {
    let cap = try Cap(from: bytes)
    cfgType = cap.cfgType
    bar = cap.bar
    id = cap.id
    offset = UInt64(cap.offset)
    length = UInt64(cap.length)
    switch cap.cfgType {
    case .sharedMemory:
      let region = try Cap64(from: bytes)
      offset = region.offset
      length = region.length
    case .notify:
      notifyOffMultiplier = try NotifyCap(from: bytes).notifyOffMultiplier
    default:
      break
    }
  }

  /// The first byte after the structure, in the BAR; nil from 2^64 on.
  public var end: UInt64? {
    let (end, overflow) = offset.addingReportingOverflow(length)
    return overflow ? nil : end
  }
}
