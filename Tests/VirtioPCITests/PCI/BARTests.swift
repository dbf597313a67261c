import Testing

@testable import VirtioPCI

@Suite struct BARTests {
  struct Row: Sendable {
    var registers: [UInt32]
    var bars: [BAR]
  }

  static let rows = [
    Row(registers: [0, 0, 0, 0, 0, 0], bars: []),
    Row(
      registers: [0xC001, 0, 0xFEBF_1000, 0, 0, 0],
      bars: [
        BAR(index: 0, space: .io, address: 0xC000, size: nil),
        BAR(
          index: 2, space: .memory(width: 32, prefetchable: false), address: 0xFEBF_1000, size: nil
        ),
      ]),
    // 64 bits, prefetchable; then one that has an upper half only, and one that has no address.
    Row(
      registers: [0x0018_000C, 0x40, 0x4, 0x1, 0xC, 0],
      bars: [
        BAR(
          index: 0, space: .memory(width: 64, prefetchable: true), address: 0x40_0018_0000,
          size: nil),
        BAR(
          index: 2, space: .memory(width: 64, prefetchable: false), address: 0x1_0000_0000,
          size: nil),
        BAR(index: 4, space: .memory(width: 64, prefetchable: true), address: nil, size: nil),
      ]),
    // The upper half looks like an I/O BAR, and is none.
    Row(
      registers: [0, 0xFFFF_FFF4, 0xFFFF_FFFF, 0x1, 0, 0],
      bars: [
        BAR(
          index: 1, space: .memory(width: 64, prefetchable: false),
          address: 0xFFFF_FFFF_FFFF_FFF0, size: nil),
        BAR(index: 3, space: .io, address: nil, size: nil),
      ]),
    // The last BAR cannot have an upper half.
    Row(
      registers: [0, 0, 0, 0, 0, 0xFE00_0004],
      bars: [
        BAR(
          index: 5, space: .memory(width: 32, prefetchable: false), address: 0xFE00_0000, size: nil)
      ]),
    // Below 1 MiB (type 1) and the reserved type 3 are 32 bits wide.
    Row(
      registers: [0x000C_0002, 0xFE00_000E, 0, 0, 0, 0],
      bars: [
        BAR(
          index: 0, space: .memory(width: 32, prefetchable: false), address: 0xC_0000, size: nil),
        BAR(
          index: 1, space: .memory(width: 32, prefetchable: true), address: 0xFE00_0000, size: nil),
      ]),
  ]

  @Test("the six registers decode to BARs", arguments: rows)
  func decode(row: Row) throws {
    var bytes = [UInt8](repeating: 0xEE, count: 0x10)
    for register in row.registers {
      bytes += (0..<4).map { UInt8(truncatingIfNeeded: register >> (8 * $0)) }
    }
    #expect(Array(try BARRegisters(from: bytes.span)) == row.bars)
  }

  @Test("registers that are not all there are an error", arguments: [0, 0x10, 0x24, 0x27])
  func truncated(count: Int) {
    let bytes = [UInt8](repeating: 0, count: count)
    #expect(throws: DecodeError.self) { try BARRegisters(from: bytes.span) }
  }

  @Test("the upper half of a last BAR is never read beyond the six", arguments: [0x28])
  func lastBAR(count: Int) throws {
    var bytes = [UInt8](repeating: 0, count: count)
    bytes[0x24] = 0x04
    bytes[0x26] = 0x01
    #expect(try BARRegisters(from: bytes.span).map(\.is64Bit) == [false])
  }
}
