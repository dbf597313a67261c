import TestSupport
import Testing
import VirtioPCI

@testable import InspectCLI

@Suite("JSON of registers")
struct JSONRegistersTests {
  @Test("the keys of common are the specification's, in its order")
  func common() throws {
    let names = try Spec("common-cfg")["fields"].array.compactMap { $0["name"].string }
    #expect(CommonValues.table.fields.map(\.key).filter { $0 != "device_status_flags" } == names)
    let status = try #require(CommonValues.table.fields.firstIndex { $0.key == "device_status" })
    #expect(CommonValues.table.fields[status + 1].key == "device_status_flags")
  }

  @Test("each type has a table, with each of its fields once", arguments: DeviceType.defined)
  func tables(type: DeviceType) throws {
    let fields = type.configFields.filter { !$0.isPadding }
    let table = DeviceConfig.tables.first { $0.type == type }?.table
    #expect((table == nil) == fields.isEmpty)
    let keys = (table?.fields ?? []).map(\.key)
    #expect(Set(keys) == Set(fields.map(\.name)))
    #expect(Set(keys).count == keys.count)
  }

  @Test(
    "values are written as their field says",
    arguments: [
      (.blk, [UInt8](repeating: 0xFF, count: 8), #""capacity":18446744073709551615"#),
      (.socket, [3, 0, 0, 0, 0, 0, 0, 0], #""guest_cid":3"#),
      (.net, [0x52, 0x54, 0, 0x12, 0x34, 0x56], #""mac":"52:54:00:12:34:56""#),
      (.fs, Array("my\"tag".utf8) + [UInt8](repeating: 0, count: 40), #""tag":"my\"tag""#),
      (
        .pmem, [0, 0, 0, 0x40, 1, 0, 0, 0] + [UInt8](repeating: 0, count: 8),
        #""start":"0x140000000""#
      ),
      (.input, [0x11, 0, 2, 0, 0, 0, 0, 0, 0xAB, 0xCD], #""u.bitmap":"abcd""#),
    ] as [(DeviceType, [UInt8], String)])
  func values(type: DeviceType, bytes: [UInt8], expected: String) throws {
    let features = FeatureSet(bits: [5])
    let config = try DeviceConfig(
      of: type, from: RecordingSource(bytes), negotiated: features, status: [])
    let table = try #require(DeviceConfig.tables.first { $0.type == type }?.table)
    var writer = JSONWriter(compact: true)
    writer.value(table.value(of: config))
    #expect(String(decoding: writer.bytes, as: UTF8.self).contains(expected))
  }
}
