/// What a virtio capability says of its structure, whatever form it has, VIRTIO 1.4 §4.1.4.
public struct CapData: CapabilityStructure {
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

  /// What a capability says that locates a structure.
  public init(
    cfgType: CapCfgType, bar: UInt8, id: UInt8 = 0, offset: UInt64, length: UInt64,
    notifyOffMultiplier: UInt32? = nil
  ) {
    self.cfgType = cfgType
    self.bar = bar
    self.id = id
    self.offset = offset
    self.length = length
    self.notifyOffMultiplier = notifyOffMultiplier
  }

  /// Decodes the capability that `entry` begins.
  ///
  /// Shared memory needs a `cap_len` of 24 and joins the high halves, `notify` needs 20, every
  /// other type takes the 32-bit pair and needs 16. Throws as `Cap` does. Of the window its
  /// registers are loaded and never `pci_cfg_data`. A vendor data capability has no such place:
  /// decode it as `VendorCap`.
  public init<Source: RegisterSource & ~Copyable & ~Escapable>(
    _ entry: PCICapability, from config: borrowing Source
  ) throws(ReadError<Source.Failure>) {
    // Of a capability that is cut off nothing is loaded; the common part is what it lacks first.
    try entry.require(capLen: Cap.size, in: config)
    switch entry.cfgType {
    case .sharedMemory:
      let region = try Cap64(entry, from: config)
      self.init(region.cap, offset: region.offset, length: region.length)
    case .notify:
      let notify = try NotifyCap(entry, from: config)
      self.init(notify.cap, notifyOffMultiplier: notify.notifyOffMultiplier)
    default:
      self.init(try Cap(whole: entry, from: config))
    }
  }

  private init(
    _ cap: Cap, offset: UInt64? = nil, length: UInt64? = nil, notifyOffMultiplier: UInt32? = nil
  ) {
    cfgType = cap.cfgType
    bar = cap.bar
    id = cap.id
    self.offset = offset ?? UInt64(cap.offset)
    self.length = length ?? UInt64(cap.length)
    self.notifyOffMultiplier = notifyOffMultiplier
  }

  /// The first byte after the structure, in the BAR; nil from 2^64 on.
  public var end: UInt64? {
    let (end, overflow) = offset.addingReportingOverflow(length)
    return overflow ? nil : end
  }
}

extension CapData: EncodableStructure {
  /// That of the form that `cfgType` has.
  public var encodedSize: Int {
    switch cfgType {
    case .sharedMemory: Cap64.size
    case .notify: NotifyCap.size
    default: Cap.size
    }
  }

  /// Writes a capability of the form that `cfgType` has, the pointer to the next one as 0; throws
  /// `notEncodable` when the form has 32 bits for an offset or a length that needs more.
  public func encode(into bytes: inout MutableSpan<UInt8>, at offset: Int) throws(EncodeError) {
    guard cfgType != .sharedMemory else {
      let region = Cap64(bar: bar, id: id, offset: self.offset, length: length)
      return try region.encode(into: &bytes, at: offset)
    }
    guard let offset32 = UInt32(exactly: self.offset) else {
      throw .notEncodable(field: "offset", value: self.offset)
    }
    guard let length32 = UInt32(exactly: length) else {
      throw .notEncodable(field: "length", value: length)
    }
    guard cfgType == .notify else {
      let cap = Cap(cfgType: cfgType, bar: bar, id: id, offset: offset32, length: length32)
      return try cap.encode(into: &bytes, at: offset)
    }
    let notify = NotifyCap(
      bar: bar, id: id, offset: offset32, length: length32,
      notifyOffMultiplier: notifyOffMultiplier ?? 0)
    try notify.encode(into: &bytes, at: offset)
  }
}
