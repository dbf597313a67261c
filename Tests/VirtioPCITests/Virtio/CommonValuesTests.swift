import TestSupport
import Testing

@testable import VirtioPCI

@Suite("Values of the common configuration")
struct CommonValuesTests {
  private static let optional = [.notifConfigData, .ringReset, .adminVQ] as FeatureSet

  @Test("every register is there that the structure reaches", arguments: 0...64)
  func reach(count: Int) throws {
    let source = RecordingSource.ramp(count)
    var values = try CommonValues(from: source)
    try values.loadOptional(from: source, with: Self.optional)
    for field in CommonCfg.fields {
      let value = rampValue(at: field.offset, size: field.size)
      #expect(values[field] == (field.offset + field.size <= count ? value : nil), "\(field.name)")
    }
    #expect(Set(source.loads).count == source.loads.count)
    #expect(source.stores.isEmpty)
  }

  @Test(
    "a register that exists with a feature is loaded with it only",
    arguments: [
      (39, ["queue_notif_config_data"]), (40, ["queue_reset"]),
      (41, ["admin_queue_index", "admin_queue_num"]), (32, []),
    ])
  func features(bit: Int, names: [String]) throws {
    let source = RecordingSource.ramp(64)
    var values = try CommonValues(from: source)
    try values.loadOptional(from: source, with: FeatureSet(bits: [bit]))
    let tail = CommonCfg.fields.filter { $0.offset >= 56 && values[$0] != nil }
    #expect(tail.map(\.name) == names)
    #expect(source.loads.filter { $0.offset >= 56 }.count == names.count)
  }

  @Test("nothing answers when three registers are all ones, and only then")
  func allOnes() throws {
    let source = RecordingSource(Array(repeating: 0xFF, count: 64))
    #expect(try CommonValues(from: source).isAllOnes)
    for offset in [0x12, 0x14, 0x15] {
      let source = RecordingSource(Array(repeating: 0xFF, count: 64))
      source.bytes[offset] = 0
      #expect(try !CommonValues(from: source).isAllOnes)
    }
  }

  @Test("what the feature registers show is the group that is selected")
  func visible() throws {
    let device = FakeDevice()
    #expect(
      try CommonValues(from: FakeRegisters(device)).visibleDeviceFeatures
        == [.version1, .ringReset])
    device.state.driverFeatureSelect = 0
    #expect(
      try CommonValues(from: FakeRegisters(device)).visibleDriverFeatures
        == [Feature.Net.mac, .eventIdx])
    device.state.deviceFeatureSelect = .max
    #expect(try CommonValues(from: FakeRegisters(device)).visibleDeviceFeatures.isEmpty)
  }
}
