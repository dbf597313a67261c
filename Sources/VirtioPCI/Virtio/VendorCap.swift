/// `struct virtio_pci_vndr_data`: data of the device's vendor, VIRTIO 1.4 §4.1.4.8.
///
/// It has no BAR and no place in one: the bytes at 4 and 5 are the vendor ID.
public struct VendorCap: CapabilityStructure {
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
  public static let size = 8

  /// A capability with this data; nil when `cap_len` cannot count it: for more than 249 bytes.
  ///
  /// VIRTIO 1.4 §4.1.4.8 wants `cap_len` to be a multiple of 4, so 2, 6, 10 and so on bytes of data.
  public init?(capNext: UInt8 = 0, vendorID: UInt16, data: [UInt8]) {
    guard let capLen = UInt8(exactly: 6 + data.count) else { return nil }
    capVndr = Cap.vendorSpecificID
    self.capNext = capNext
    self.capLen = capLen
    cfgType = .vendor
    self.vendorID = vendorID
    self.data = data
  }

  /// Decodes the capability that `entry` begins, all of its `cap_len`; throws `notVendorSpecific`,
  /// `capLenTooShort`, `cfgTypeMismatch`, or `pastConfigSpace` when fewer bytes are there.
  public init<Source: RegisterSource & ~Copyable & ~Escapable>(
    _ entry: PCICapability, from config: borrowing Source
  ) throws(ReadError<Source.Failure>) {
    let length = Int(entry.capLen)
    try entry.require(capLen: max(length, Self.size), .vendor, in: config)
    let start = Int(entry.position)
    let first = try config.dword(at: start + 4)
    capVndr = entry.id.rawValue
    capNext = entry.next
    capLen = entry.capLen
    cfgType = entry.cfgType
    vendorID = UInt16(truncatingIfNeeded: first)
    data = []
    data.reserveCapacity(length - 6)
    data.append(UInt8(truncatingIfNeeded: first >> 16))
    data.append(UInt8(truncatingIfNeeded: first >> 24))
    for offset in stride(from: 8, through: length - 4, by: 4) {
      let word = try config.dword(at: start + offset)
      for shift in [0, 8, 16, 24] as [UInt32] {
        data.append(UInt8(truncatingIfNeeded: word >> shift))
      }
    }
    for offset in length & ~3..<length {
      do throws(Source.Failure) {
        data.append(try config.load8(at: start + offset))
      } catch {
        throw .access(error)
      }
    }
  }
}

extension VendorCap: EncodableStructure {
  /// Six bytes, and those of `data`.
  public var encodedSize: Int { 6 + data.count }

  /// Writes the capability as its fields say, `capLen` as it is.
  public func encode(into bytes: inout MutableSpan<UInt8>, at offset: Int) throws(EncodeError) {
    try bytes.require(encodedSize, at: offset)
    bytes.set(capVndr, at: offset)
    bytes.set(capNext, at: offset + 1)
    bytes.set(capLen, at: offset + 2)
    bytes.set(cfgType.rawValue, at: offset + 3)
    bytes.set(vendorID, at: offset + 4)
    for index in data.indices { bytes[offset + 6 + index] = data[index] }
  }
}
