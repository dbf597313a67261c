import TestSupport
import Testing

@testable import VirtioPCI

@Suite("Encoding")
struct EncodableStructureTests {
  /// A ramp that is a capability.
  private func capability(_ cfgType: UInt8, capLen: UInt8) -> [UInt8] {
    [9, 1, capLen, cfgType] + (4..<capLen)
  }

  /// Whether `bytes` decode to what encodes as them, and as nothing else around them.
  private func roundTrip<Structure: CapabilityStructure & EncodableStructure>(
    _ type: Structure.Type, _ bytes: [UInt8]
  ) throws {
    let structure = try Structure(from: bytes.span)
    #expect(try structure.bytes == bytes)
    var room = [UInt8](repeating: 0xEE, count: bytes.count + 2)
    var span = room.mutableSpan
    try structure.encode(into: &span, at: 1)
    #expect(room == [0xEE] + bytes + [0xEE])
    for offset in [-1, 3, .max] {
      var short = [UInt8](repeating: 0xEE, count: bytes.count + 2)
      var span = short.mutableSpan
      #expect(
        throws: EncodeError.outOfBounds(offset: offset, size: bytes.count, count: bytes.count + 2)
      ) {
        try structure.encode(into: &span, at: offset)
      }
      #expect(short.allSatisfy { $0 == 0xEE })
    }
  }

  @Test("each capability of virtio encodes to the bytes that it was decoded from")
  func capabilities() throws {
    try roundTrip(Cap.self, capability(77, capLen: 16))
    try roundTrip(Cap64.self, capability(8, capLen: 24))
    try roundTrip(NotifyCap.self, capability(2, capLen: 20))
    try roundTrip(CfgCap.self, capability(5, capLen: 20))
    for capLen in [8, 9, 10, 11, 12, 255] as [UInt8] {
      try roundTrip(VendorCap.self, capability(9, capLen: capLen))
    }
  }

  @Test("MSI-X encodes to the bytes that it was decoded from")
  func msix() throws {
    try roundTrip(
      MSIX.self, [0x11, 0, 0x03, 0xC0, 0x01, 0x80, 0x00, 0x00, 0x04, 0x10, 0x02, 0x80])
    try roundTrip(MSIX.self, [0x11, 0, 0xFF, 0x07, 0, 0, 0, 0, 7, 0, 0, 0xFF])
  }

  @Test("what the layout of MSI-X has no room for is an error")
  func msixLimits() {
    let msix = MSIX(tableSize: 1, tableBAR: 0, tableOffset: 0, pbaBAR: 0, pbaOffset: 0x1000)
    #expect(throws: Never.self) { try msix.bytes }
    for change in [
      { $0.tableSize = 0 }, { $0.tableSize = 2049 }, { $0.tableBAR = 8 }, { $0.pbaBAR = 8 },
      { $0.tableOffset = 4 }, { $0.pbaOffset = 1 },
    ] as [(inout MSIX) -> Void] {
      var changed = msix
      change(&changed)
      #expect(throws: EncodeError.self) { try changed.bytes }
    }
  }

  @Test(
    "what a capability says is encoded in the form that its type has",
    arguments: [
      CapData(cfgType: .common, bar: 5, id: 1, offset: 0xFFFF_FFFF, length: 0x38),
      CapData(
        cfgType: .notify, bar: 0, offset: 0x1000, length: 0x1000, notifyOffMultiplier: 4),
      CapData(cfgType: .sharedMemory, bar: 4, id: 2, offset: 1 << 40, length: 1 << 33),
      CapData(cfgType: CapCfgType(rawValue: 77), bar: 6, offset: 0, length: 0),
    ])
  func data(data: CapData) throws {
    let bytes = try data.bytes
    #expect(try CapData(from: bytes.span) == data)
    #expect(bytes.count == data.encodedSize)
  }

  @Test("a 64-bit place has no room in the 32-bit form")
  func wideData() {
    var data = CapData(cfgType: .isr, bar: 0, offset: 1 << 32, length: 1)
    #expect(throws: EncodeError.notEncodable(field: "offset", value: 1 << 32)) { try data.bytes }
    (data.offset, data.length) = (0, 1 << 32)
    #expect(throws: EncodeError.notEncodable(field: "length", value: 1 << 32)) { try data.bytes }
  }

  @Test("a capability that is made has the length and type of its structure")
  func made() throws {
    let notify = NotifyCap(
      capNext: 0x50, bar: 1, offset: 0x1000, length: 0x20, notifyOffMultiplier: 2)
    #expect(
      try notify.bytes == [9, 0x50, 20, 2, 1, 0, 0, 0, 0, 0x10, 0, 0, 0x20, 0, 0, 0, 2, 0, 0, 0])
    #expect(try CfgCap().bytes == [9, 0, 20, 5] + [UInt8](repeating: 0, count: 16))
    let region = Cap64(bar: 2, id: 1, offset: 1 << 32, length: 1 << 33)
    let regionBytes = try region.bytes
    #expect(try CapData(from: regionBytes.span).length == 1 << 33)
    let vendor = try #require(VendorCap(vendorID: 0x1234, data: [1, 2]))
    #expect(try vendor.bytes == [9, 0, 8, 9, 0x34, 0x12, 1, 2])
    #expect(VendorCap(vendorID: 1, data: [UInt8](repeating: 0, count: 249))?.capLen == 255)
    #expect(VendorCap(vendorID: 1, data: [UInt8](repeating: 0, count: 250)) == nil)
    let common = Cap(cfgType: .common, bar: 0, offset: 0, length: 56)
    #expect(common.capVndr == 9 && common.capLen == 16)
  }

  @Test("SR-IOV encodes to what decodes as the same")
  func sriov() throws {
    var bars = BARRegisters()
    bars[register: 0] = 0xFE00_000C
    bars[register: 1] = 1
    let sriov = SRIOV(
      capabilities: 3, control: [.vfEnable, .vfMemorySpaceEnable], status: 1, initialVFs: 8,
      totalVFs: 8, numVFs: 4, functionDependencyLink: 2, firstVFOffset: 1, vfStride: 1,
      vfDeviceID: 0x1041, supportedPageSizes: 0x553, systemPageSize: 1, vfBARs: bars,
      vfMigrationStateArray: 7)
    let bytes = try sriov.bytes
    #expect(bytes.count == 64)
    let config = [UInt8](repeating: 0, count: 0x100) + bytes
    var list = ExtendedCapabilityList()
    let entry = try #require(try list.next(in: config.span))
    #expect(entry.id == SRIOV.id && entry.version == 1)
    #expect(try SRIOV(entry, from: config.span) == sriov)
    #expect(sriov.vfBARs[0]?.address == 0x1_FE00_0000)
  }

  @Test("an error says what has no room")
  func description() {
    #expect(
      EncodeError.outOfBounds(offset: 0xF8, size: 16, count: 256).description
        == "16 bytes at 0xf8 end after the last of 256")
    #expect(
      EncodeError.notEncodable(field: "offset", value: 1 << 32).description
        == "offset cannot be 0x100000000")
  }
}
