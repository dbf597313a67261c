/// The MSI-X capability of PCI, which VIRTIO 1.4 §4.1.5.1.2 builds on.
public struct MSIX: Hashable, Sendable {
  /// MSI-X is on (message control bit 15).
  public var isEnabled: Bool
  /// Every vector is masked (message control bit 14).
  public var isMasked: Bool
  /// How many vectors there are: 1 to 2048.
  public var tableSize: Int
  /// The BAR that holds the table.
  public var tableBAR: UInt8
  /// Where the table starts in its BAR, in bytes.
  public var tableOffset: UInt32
  /// The BAR that holds the pending bits.
  public var pbaBAR: UInt8
  /// Where the pending bits start in their BAR, in bytes.
  public var pbaOffset: UInt32

  /// How many bytes the capability has.
  public static let size = 12

  /// A capability with these fields.
  public init(
    isEnabled: Bool = false, isMasked: Bool = false, tableSize: Int, tableBAR: UInt8,
    tableOffset: UInt32, pbaBAR: UInt8, pbaOffset: UInt32
  ) {
    self.isEnabled = isEnabled
    self.isMasked = isMasked
    self.tableSize = tableSize
    self.tableBAR = tableBAR
    self.tableOffset = tableOffset
    self.pbaBAR = pbaBAR
    self.pbaOffset = pbaOffset
  }

  /// Decodes the capability that `entry` begins, of which two more dwords are loaded; throws
  /// `pastConfigSpace` when they are not all there.
  public init<Source: RegisterSource & ~Copyable & ~Escapable>(
    _ entry: PCICapability, from config: borrowing Source
  ) throws(ReadError<Source.Failure>) {
    try entry.require(Self.size, in: config)
    let table = try config.dword(at: Int(entry.position) + 4)
    let pba = try config.dword(at: Int(entry.position) + 8)
    isEnabled = entry.control & 0x8000 != 0
    isMasked = entry.control & 0x4000 != 0
    tableSize = Int(entry.control & 0x07FF) + 1
    tableBAR = UInt8(table & 7)
    tableOffset = table & ~7
    pbaBAR = UInt8(pba & 7)
    pbaOffset = pba & ~7
  }

  /// The length of the table in bytes: 16 a vector.
  public var tableLength: UInt64 { UInt64(tableSize) * 16 }

  /// The length of the pending bits in bytes: 8 for each 64 vectors begun.
  public var pbaLength: UInt64 { UInt64((tableSize + 63) / 64) * 8 }
}

extension MSIX: CapabilityStructure {}

extension MSIX: EncodableStructure {
  public var encodedSize: Int { Self.size }

  /// Writes the capability, its ID among the rest and the pointer to the next one as 0; throws
  /// `notEncodable` for more than 2048 vectors, a BAR above 7, or an offset that is not a multiple of 8.
  public func encode(into bytes: inout MutableSpan<UInt8>, at offset: Int) throws(EncodeError) {
    try bytes.require(Self.size, at: offset)
    guard (1...2048).contains(tableSize) else {
      throw .notEncodable(field: "table size", value: UInt64(clamping: tableSize))
    }
    let control =
      UInt16(tableSize - 1) | (isMasked ? 0x4000 : 0) | (isEnabled ? 0x8000 : 0)
    let table = try Self.word(("table BAR", tableBAR), ("table offset", tableOffset))
    let pba = try Self.word(("PBA BAR", pbaBAR), ("PBA offset", pbaOffset))
    PCICapability(position: 0, id: .msix, control: control).write(to: &bytes, at: offset)
    bytes.set(table, at: offset + 4)
    bytes.set(pba, at: offset + 8)
  }

  private static func word(
    _ bar: (field: String, value: UInt8), _ offset: (field: String, value: UInt32)
  ) throws(EncodeError) -> UInt32 {
    guard bar.value <= 7 else { throw .notEncodable(field: bar.field, value: UInt64(bar.value)) }
    guard offset.value % 8 == 0 else {
      throw .notEncodable(field: offset.field, value: UInt64(offset.value))
    }
    return offset.value | UInt32(bar.value)
  }
}
