import TestSupport
import Testing

@testable import VirtioPCI

@Suite("Extended capability list")
struct ExtendedCapabilityListTests {
  /// Config space with an extended capability of each position and ID, and the pointer it has.
  private func config(
    _ entries: [(position: Int, id: UInt16, next: UInt16)], count: Int = 4096
  ) -> [UInt8] {
    var config = [UInt8](repeating: 0, count: 4096)
    for entry in entries {
      let word = UInt32(entry.id) | 2 << 16 | UInt32(entry.next) << 20
      for index in 0..<4 {
        config[entry.position + index] = UInt8(truncatingIfNeeded: word >> UInt32(8 * index))
      }
    }
    return Array(config.prefix(count))
  }

  private func walk(
    _ config: [UInt8]
  ) throws -> (entries: [ExtendedCapability], end: ExtendedCapabilityList.End?) {
    var list = ExtendedCapabilityList()
    var entries: [ExtendedCapability] = []
    while let entry = try list.next(in: config.span) {
      entries.append(entry)
      guard entries.count <= 4096 else { break }
    }
    return (entries, list.end)
  }

  @Test("IDs have one name each, in their order, and any other has none")
  func names() {
    let ids = ExtendedCapability.names.map(\.id)
    #expect(ids == Set(ids).sorted())
    #expect(ExtendedCapability(position: 0x100, id: SRIOV.id).name == "SR-IOV")
    #expect(ExtendedCapability(position: 0x100, id: 0x0C).name == nil)
  }

  @Test("a list is followed to the pointer of 0")
  func normal() throws {
    let (entries, end) = try walk(config([(0x100, 1, 0x148), (0x148, 0x10, 0xFFC), (0xFFC, 3, 0)]))
    #expect(
      entries == [
        ExtendedCapability(position: 0x100, id: 1, version: 2, next: 0x148),
        ExtendedCapability(position: 0x148, id: 0x10, version: 2, next: 0xFFC),
        ExtendedCapability(position: 0xFFC, id: 3, version: 2, next: 0),
      ])
    #expect(end == .terminated)
  }

  @Test("zeros are an empty list, ones are no answer")
  func empty() throws {
    let (none, end) = try walk([UInt8](repeating: 0, count: 4096))
    #expect(none.isEmpty && end == .terminated)
    let (gone, silent) = try walk([UInt8](repeating: 0xFF, count: 4096))
    #expect(gone.isEmpty && silent == .invalidID(position: 0x100))
  }

  @Test("the low two bits of a pointer do not count")
  func unaligned() throws {
    let (entries, end) = try walk(config([(0x100, 1, 0x123), (0x120, 2, 3)]))
    #expect(entries.map(\.position) == [0x100, 0x120])
    #expect(end == .terminated)
  }

  @Test("a pointer to the start or below ends the list", arguments: [4, 0xFC, 0x100] as [UInt16])
  func below(pointer: UInt16) throws {
    let (entries, end) = try walk(config([(0x100, 1, pointer)]))
    #expect(entries.count == 1)
    #expect(end == .belowStart(pointer: pointer))
  }

  @Test("a loop ends when there are more entries than have room")
  func loop() throws {
    let (entries, end) = try walk(config([(0x100, 1, 0x200), (0x200, 1, 0x200)]))
    #expect(entries.count == 960)
    #expect(end == .loop)
  }

  @Test("a list that leaves what can be read is cut short", arguments: [0, 256, 259, 0x120])
  func truncated(count: Int) throws {
    let (entries, end) = try walk(config([(0x100, 1, 0x120), (0x120, 1, 0)], count: count))
    #expect(entries.count == (count == 0x120 ? 1 : 0))
    #expect(end == .truncated(position: count == 0x120 ? 0x120 : 0x100))
  }

  @Test("of each entry one dword is loaded, and then all of SR-IOV but its first")
  func trace() throws {
    let source = RecordingSource(config([(0x100, 1, 0x140), (0x140, 0x10, 0)]))
    var list = ExtendedCapabilityList()
    while let entry = try list.next(in: source) {
      guard entry.id == SRIOV.id else { continue }
      _ = try SRIOV(entry, from: source)
    }
    #expect(source.loads == [.init(0x100, 4)] + (0..<16).map { .init(0x140 + 4 * $0, 4) })
  }
}

@Suite("SR-IOV")
struct SRIOVTests {
  @Test("each field shows the bytes at its offset")
  func ramp() throws {
    let source = RecordingSource.ramp(0x140)
    let sriov = try SRIOV(ExtendedCapability(position: 0x100, id: SRIOV.id), from: source)
    #expect(sriov.capabilities == 0x0706_0504)
    #expect(sriov.control.rawValue == 0x0908)
    #expect(sriov.status == 0x0B0A)
    #expect(sriov.initialVFs == 0x0D0C)
    #expect(sriov.totalVFs == 0x0F0E)
    #expect(sriov.numVFs == 0x1110)
    #expect(sriov.functionDependencyLink == 0x12)
    #expect(sriov.firstVFOffset == 0x1514)
    #expect(sriov.vfStride == 0x1716)
    #expect(sriov.vfDeviceID == 0x1B1A)
    #expect(sriov.supportedPageSizes == 0x1F1E_1D1C)
    #expect(sriov.systemPageSize == 0x2322_2120)
    #expect(sriov.vfBARs[register: 0] == 0x2726_2524)
    #expect(sriov.vfBARs[register: 5] == 0x3B3A_3938)
    #expect(sriov.vfMigrationStateArray == 0x3F3E_3D3C)
    #expect(source.loads == (1..<16).map { .init(0x100 + 4 * $0, 4) })
  }

  @Test("what is not all there is an error", arguments: [0, 0x100, 0x13F])
  func truncated(count: Int) {
    let bytes = [UInt8](repeating: 0, count: count)
    #expect(throws: ReadError<DecodeError>.self) {
      try SRIOV(ExtendedCapability(position: 0x100, id: SRIOV.id), from: bytes.span)
    }
  }

  @Test("what is switched on has names")
  func control() {
    #expect(SRIOV.Control([.vfEnable, .vfMemorySpaceEnable]).names == ["VF Enable", "VF MSE"])
  }
}
