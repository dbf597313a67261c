import TestSupport
import Testing

@testable import VirtioPCI

@Suite struct CommonCfgTests {
  @Test("the registers are those of the specification, in its order")
  func table() throws {
    let spec = try Spec("common-cfg")["fields"].array
    #expect(CommonCfg.fields.map(\.name) == spec.map { $0["name"].string })
    for (field, row) in zip(CommonCfg.fields, spec) {
      #expect(field.offset == row["offset"].int, "\(field.name)")
      #expect(field.size == row["size"].int, "\(field.name)")
      #expect((field.isWritable ? "RW" : "RO") == row["access"].string, "\(field.name)")
      #expect(
        field.features.names(for: nil) == [row["depends_on_feature"].string].compactMap(\.self),
        "\(field.name)")
    }
  }

  @Test("each register shows the bytes at its offset")
  func ramp() throws {
    let structure = try CommonCfg(from: RecordingSource.ramp(64))
    for row in try Spec("common-cfg")["fields"].array {
      let field = try #require(CommonCfg.fields.first { $0.name == row["name"].string })
      let (offset, size) = try (#require(row["offset"].int), #require(row["size"].int))
      #expect(field.value(in: structure) == rampValue(at: offset, size: size), "\(field.name)")
    }
    #expect(structure.queueDesc == 0x2726_2524_2322_2120)
    #expect(structure.deviceStatus.rawValue == 0x14)
    #expect(structure.adminQueueNum == 0x3F3E)
  }

  @Test("each register is loaded once, at its width, 64 bits as two halves")
  func trace() throws {
    let source = RecordingSource.ramp(4096)
    _ = try CommonCfg(from: source)
    let expected = try Spec("common-cfg")["fields"].array.flatMap { row in
      let (offset, size) = try (#require(row["offset"].int), #require(row["size"].int))
      return size == 8
        ? [RecordingSource.Access(offset, 4), .init(offset + 4, 4)] : [.init(offset, size)]
    }
    #expect(source.loads == expected)
    #expect(source.stores.isEmpty)
  }

  @Test("a short structure leaves its late fields out", arguments: 56...64)
  func short(count: Int) throws {
    let structure = try CommonCfg(from: RecordingSource.ramp(count))
    #expect((structure.queueNotifConfigData != nil) == (count >= 58))
    #expect((structure.queueReset != nil) == (count >= 60))
    #expect((structure.adminQueueIndex != nil) == (count >= 62))
    #expect((structure.adminQueueNum != nil) == (count >= 64))
  }

  @Test("less than the structure of VIRTIO 1.0 is an error", arguments: 0..<56)
  func tooShort(count: Int) {
    #expect(throws: DecodeError.self) { try CommonCfg(from: RecordingSource.ramp(count)) }
  }

  @Test("a register alone is one access, to load and to store")
  func single() throws {
    let bar = RecordingSource.ramp(64)
    #expect(try CommonCfg.queueSize.load(from: bar) == 0x1918)
    #expect(try CommonCfg.deviceStatus.load(from: bar) == DeviceStatus(rawValue: 0x14))
    try CommonCfg.queueSelect.store(0xABCD, to: bar)
    try CommonCfg.deviceStatus.store([.acknowledge, .driver], to: bar)
    #expect(bar.loads == [.init(24, 2), .init(20, 1)])
    #expect(bar.stores == [.init(22, 2), .init(20, 1)])
    #expect(try CommonCfg.queueSelect.load(from: bar) == 0xABCD)
    #expect(bar.bytes[20] == 3)
  }

  @Test("an address is stored as two 32-bit halves, the low one first")
  func wide() throws {
    let bar = RecordingSource.ramp(64)
    try CommonCfg.queueDriver.store(0x0123_4567_89AB_CDEF, to: bar)
    #expect(bar.stores == [.init(40, 4), .init(44, 4)])
    #expect(try CommonCfg.queueDriver.load(from: bar) == 0x0123_4567_89AB_CDEF)
    #expect(bar.bytes[39] == 39 && bar.bytes[48] == 48)
  }
}
