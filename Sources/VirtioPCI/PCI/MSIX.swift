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

  /// Decodes the bytes of the capability, from its ID; throws `outOfBounds` when there are fewer
  /// than 12.
  public init(from bytes: Span<UInt8>) throws(DecodeError) {
    let control: UInt16 = try bytes.load(at: 2)
    let table: UInt32 = try bytes.load(at: 4)
    let pba: UInt32 = try bytes.load(at: 8)
    isEnabled = control & 0x8000 != 0
    isMasked = control & 0x4000 != 0
    tableSize = Int(control & 0x07FF) + 1
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
