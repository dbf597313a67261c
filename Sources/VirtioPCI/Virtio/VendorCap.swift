/// `struct virtio_pci_vndr_data`: data of the device's vendor, VIRTIO 1.4 §4.1.4.8.
///
/// It has no BAR and no place in one: the bytes at 4 and 5 are the vendor ID.
public struct VendorCap: Hashable, Sendable {
  /// The generic PCI capability ID, always `Cap.vendorSpecificID`.
  public var capVndr: UInt8
  /// Where the next capability is in config space; 0 ends the list.
  public var capNext: UInt8
  /// The length of the whole capability in bytes; a multiple of 4.
  public var capLen: UInt8
  /// Always `vendor`.
  public var cfgType: CapCfgType
  /// The PCI vendor that defines `data`; never 0x1af4.
  public var vendorID: UInt16
  /// The bytes after the vendor ID, padding included.
  public var data: [UInt8]

  /// The least `cap_len` of this structure.
  public static let size: UInt8 = 8

  /// Decodes the bytes of one capability; throws `notVendorSpecific`, `capLenTooShort`,
  /// `cfgTypeMismatch`, or `pastConfigSpace` when fewer than `cap_len` bytes are there.
  public init(from bytes: Span<UInt8>) throws(DecodeError) {
    let head = try CapHead(from: bytes)
    try head.require(max(head.capLen, Self.size), of: bytes)
    try head.require(.vendor)
    capVndr = head.capVndr
    capNext = head.capNext
    capLen = head.capLen
    cfgType = head.cfgType
    vendorID = try bytes.load(at: 4)
    data = []
    data.reserveCapacity(Int(capLen) - 6)
    for offset in 6..<Int(capLen) {
      data.append(try bytes.load(at: offset))
    }
  }
}
