/// `struct virtio_pci_cap`: where a structure lies, VIRTIO 1.4 §4.1.4.
public struct Cap: Hashable, Sendable {
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
  public static let size: UInt8 = 16

  /// Decodes the bytes of one capability, from its first.
  ///
  /// Throws `notVendorSpecific`, `capLenTooShort`, or `pastConfigSpace` when fewer than 16 bytes
  /// are there.
  public init(from bytes: Span<UInt8>) throws(DecodeError) {
    let head = try CapHead(from: bytes)
    try head.require(Self.size, of: bytes)
    capVndr = head.capVndr
    capNext = head.capNext
    capLen = head.capLen
    cfgType = head.cfgType
    bar = try bytes.load(at: 4)
    id = try bytes.load(at: 5)
    padding = try bytes.load(at: 6)
    offset = try bytes.load(at: 8)
    length = try bytes.load(at: 12)
  }
}

/// The first four bytes of a virtio capability, which all forms share, VIRTIO 1.4 §4.1.4.
public struct CapHead: Hashable, Sendable {
  /// The generic PCI capability ID, always `Cap.vendorSpecificID`.
  public var capVndr: UInt8
  /// Where the next capability is in config space; 0 ends the list.
  public var capNext: UInt8
  /// The length of the whole capability in bytes, this head included.
  public var capLen: UInt8
  /// Which structure the capability locates.
  public var cfgType: CapCfgType

  /// How many bytes this is.
  public static let size = 4

  /// Decodes the first four bytes of a capability; throws `outOfBounds` when there are fewer.
  public init(from bytes: Span<UInt8>) throws(DecodeError) {
    capVndr = try bytes.load(at: 0)
    capNext = try bytes.load(at: 1)
    capLen = try bytes.load(at: 2)
    cfgType = CapCfgType(rawValue: try bytes.load(at: 3))
  }

  /// How many bytes of the capability its structure has, this head included, as far as `cap_len`
  /// reaches. `pci_cfg_data` is not counted: reading it makes the device read its BAR
  /// (VIRTIO 1.4 §4.1.4.9).
  public var structureLength: Int {
    let size =
      switch cfgType {
      case .notify: NotifyCap.size
      case .sharedMemory: Cap64.size
      case .vendor: capLen
      default: Cap.size
      }
    return max(Self.size, Int(min(size, capLen)))
  }

  func require(_ minimum: UInt8, of bytes: Span<UInt8>) throws(DecodeError) {
    guard capVndr == Cap.vendorSpecificID else {
      throw .notVendorSpecific(capVndr: capVndr)
    }
    guard capLen >= minimum else {
      throw .capLenTooShort(capLen: capLen, minimum: minimum)
    }
    guard bytes.count >= Int(minimum) else {
      throw .pastConfigSpace(needed: Int(minimum), available: bytes.count)
    }
  }

  func require(_ type: CapCfgType) throws(DecodeError) {
    guard cfgType == type else {
      throw .cfgTypeMismatch(found: cfgType, expected: type)
    }
  }
}
