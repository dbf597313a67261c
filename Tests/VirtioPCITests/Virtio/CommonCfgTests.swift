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
    let source = RecordingSource.ramp(64)
    let structure = try CommonCfg(from: source)
    var values = try CommonValues(from: source)
    try values.loadOptional(from: source, with: [.notifConfigData, .ringReset, .adminVQ])
    for row in try Spec("common-cfg")["fields"].array {
      let field = try #require(CommonCfg.fields.first { $0.name == row["name"].string })
      let (offset, size) = try (#require(row["offset"].int), #require(row["size"].int))
      #expect(values[field] == rampValue(at: offset, size: size), "\(field.name)")
    }
    #expect(try structure.bytes == source.bytes)
    #expect(structure.queueDesc == 0x2726_2524_2322_2120)
    #expect(structure.deviceStatus.rawValue == 0x14)
    #expect(structure.adminQueueNum == 0x3F3E)
  }

  @Test("a structure of every length encodes to what it was decoded from", arguments: 56...64)
  func encoding(count: Int) throws {
    let structure = try CommonCfg(from: RecordingSource.ramp(count))
    let bytes = try structure.bytes
    // A field of which only half is there is not.
    #expect(bytes == Array(RecordingSource.ramp(count & ~1).bytes))
    #expect(try CommonCfg(from: bytes.span) == structure)
    var room = [UInt8](repeating: 0, count: 55)
    var span = room.mutableSpan
    #expect(throws: EncodeError.self) { try structure.encode(into: &span, at: 0) }
    #expect(room.allSatisfy { $0 == 0 })
  }

  @Test("a field before the last that is there is encoded as 0 when it is not")
  func gap() throws {
    let bytes = try CommonCfg(numQueues: 2, queueReset: 1).bytes
    #expect(bytes.count == 60)
    #expect(bytes[0x12] == 2 && bytes[0x38] == 0 && bytes[0x39] == 0 && bytes[0x3A] == 1)
    let structure = try CommonCfg(from: bytes.span)
    #expect(structure.configMSIXVector == CommonCfg.noVector && structure.deviceStatus == [])
  }

  @Test("a queue is shown by the registers, and read from them again")
  func queue() throws {
    let queue = QueueState(
      index: 3, size: 256, msixVector: 4, enable: 1, notifyOff: 6, desc: 0x1000, driver: 0x2000,
      device: 0x3000, isInReset: true, notifConfigData: 7)
    var common = CommonCfg(numQueues: 8)
    common.show(queue)
    #expect(QueueState(common) == queue)
    let bytes = try common.bytes
    let target = RecordingSource(bytes)
    #expect(try QueueState(3, in: target, with: [.ringReset, .notifConfigData]) == queue)
    common.show(QueueState(index: 8, size: 0, notifyOff: 0))
    #expect(QueueState(common).isInReset == nil && common.queueEnable == 0)
  }

  @Test("the sizes are those of the registers")
  func sizes() {
    #expect(CommonCfg.size == CommonCfg.adminQueueNum.end)
    #expect(CommonCfg.leastSize == CommonCfg.queueDevice.end)
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

  @Test("an update is one load and one store")
  func update() throws {
    let bar = RecordingSource.ramp(64)
    try CommonCfg.deviceStatus.update(in: bar) { $0.insert(.acknowledge) }
    #expect(bar.loads == [.init(20, 1)])
    #expect(bar.stores == [.init(20, 1)])
    #expect(bar.bytes[20] == 0x15)
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
