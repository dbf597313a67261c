/// `struct virtio_pci_cap`: where a structure lies, VIRTIO 1.4 §4.1.4.
public struct Cap: CapabilityStructure {
  /// The generic PCI capability ID, always `vendorSpecificID`.
  public var capVndr: UInt8
  /// Where the next capability is in config space; 0 ends the list.
  public var capNext: UInt8
  /// The length of the whole capability in bytes, data after this structure included.
  public var capLen: UInt8
  /// Which structure this locates.
  public var cfgType: CapCfgType
  /// The BAR that holds the structure: 0 to 5, other values are reserved.
  public var bar: UInt8
  /// Tells several structures of one type apart; padding before VIRTIO 1.2.
  public var id: UInt8
  /// Two bytes without a meaning, the first in the low half.
  public var padding: UInt16
  /// Where the structure starts in the BAR, in bytes.
  public var offset: UInt32
  /// The length of the structure in bytes.
  public var length: UInt32

  /// The ID of vendor-specific PCI capabilities, which all of virtio's are.
  public static let vendorSpecificID: UInt8 = 0x09
  /// The least `cap_len` that holds this structure.
  public static let size = 16

  /// A capability with these fields; the length is that of this structure alone.
  public init(
    capVndr: UInt8 = vendorSpecificID, capNext: UInt8 = 0, capLen: UInt8 = UInt8(size),
    cfgType: CapCfgType, bar: UInt8, id: UInt8 = 0, padding: UInt16 = 0, offset: UInt32,
    length: UInt32
  ) {
    self.capVndr = capVndr
    self.capNext = capNext
    self.capLen = capLen
    self.cfgType = cfgType
    self.bar = bar
    self.id = id
    self.padding = padding
    self.offset = offset
    self.length = length
  }

  /// Decodes the capability that `entry` begins, of which three more dwords are loaded.
  ///
  /// Throws `notVendorSpecific`, `capLenTooShort`, or `pastConfigSpace` when fewer than 16 bytes
  /// are there.
  public init<Source: RegisterSource & ~Copyable & ~Escapable>(
    _ entry: PCICapability, from config: borrowing Source
  ) throws(ReadError<Source.Failure>) {
    try entry.require(capLen: Self.size, in: config)
    try self.init(whole: entry, from: config)
  }

  /// The same where its bytes are known to be there.
  init<Source: RegisterSource & ~Copyable & ~Escapable>(
    whole entry: PCICapability, from config: borrowing Source
  ) throws(ReadError<Source.Failure>) {
    let start = Int(entry.position)
    let place = try config.dword(at: start + 4)
    capVndr = entry.id.rawValue
    capNext = entry.next
    capLen = entry.capLen
    cfgType = entry.cfgType
    bar = UInt8(truncatingIfNeeded: place)
    id = UInt8(truncatingIfNeeded: place >> 8)
    padding = UInt16(truncatingIfNeeded: place >> 16)
    offset = try config.dword(at: start + 8)
    length = try config.dword(at: start + 12)
  }
}

extension Cap: EncodableStructure {
  public var encodedSize: Int { Self.size }

  /// Writes its 16 bytes.
  public func encode(into bytes: inout MutableSpan<UInt8>, at offset: Int) throws(EncodeError) {
    try bytes.require(Self.size, at: offset)
    bytes.set(capVndr, at: offset)
    bytes.set(capNext, at: offset + 1)
    bytes.set(capLen, at: offset + 2)
    bytes.set(cfgType.rawValue, at: offset + 3)
    bytes.set(bar, at: offset + 4)
    bytes.set(id, at: offset + 5)
    bytes.set(padding, at: offset + 6)
    bytes.set(self.offset, at: offset + 8)
    bytes.set(length, at: offset + 12)
  }
}

/// A vendor-specific capability as one of virtio: the four bytes that all forms share.
extension PCICapability {
  /// `cap_len`: the length of the whole capability in bytes, these four included.
  public var capLen: UInt8 { UInt8(truncatingIfNeeded: control) }

  /// `cfg_type`: which structure the capability locates.
  public var cfgType: CapCfgType { CapCfgType(rawValue: UInt8(truncatingIfNeeded: control >> 8)) }

  /// Whether this is a capability of virtio that names a place in a BAR: one of any type but vendor
  /// data and the window.
  public var locatesStructure: Bool {
    id == .vendorSpecific && cfgType != .vendor && cfgType != .pci
  }

  /// How many bytes of the capability its structure has, these four included, as far as `cap_len`
  /// reaches. `pci_cfg_data` is not counted: reading it makes the device read its BAR
  /// (VIRTIO 1.4 §4.1.4.9).
  public var structureLength: Int {
    let size =
      switch cfgType {
      case .notify: NotifyCap.size
      case .sharedMemory: Cap64.size
      case .vendor: Int(capLen)
      default: Cap.size
      }
    return max(Self.size, min(size, Int(capLen)))
  }

  /// Throws unless this begins a virtio capability of so many bytes, which are all there, and of that
  /// type.
  func require<Source: RegisterSource & ~Copyable & ~Escapable>(
    capLen minimum: Int, _ type: CapCfgType? = nil, in config: borrowing Source
  ) throws(ReadError<Source.Failure>) {
    guard id == .vendorSpecific else {
      throw .malformed(.notVendorSpecific(capVndr: id.rawValue))
    }
    guard capLen >= minimum else {
      throw .malformed(.capLenTooShort(capLen: capLen, minimum: UInt8(minimum)))
    }
    try require(minimum, in: config)
    if let type, type != cfgType {
      throw .malformed(.cfgTypeMismatch(found: cfgType, expected: type))
    }
  }
}
