import TestSupport
import Testing

@testable import VirtioPCI

@Suite struct ConfigFieldTests {
  @Test("the fields of each type are those of the specification, and of no other type")
  func tables() throws {
    let spec = try Spec("device-cfg")["device"].dictionary
    for (key, structure) in spec {
      let type = try #require(DeviceType(key: key))
      let fields = type.firstLayout
      let rows = structure["fields"].array
      #expect(fields.map(\.name) == rows.map { $0["name"].string }, "\(key)")
      for (field, row) in zip(fields, rows) {
        compare(field, of: type, with: row, "\(key) \(field.name)")
      }
    }
    let others = DeviceType.defined.filter { spec[$0.key ?? ""] == nil }
    #expect(others.allSatisfy { $0.configFields.isEmpty })
  }

  private func compare(
    _ field: ConfigField, of type: DeviceType, with row: Spec, _ comment: Comment
  ) {
    #expect(field.offset == row["offset"].int, comment)
    #expect(field.isWritable == (row["access"].string == "RW"), comment)
    #expect(field.isPadding == (row["padding"].bool ?? false), comment)
    #expect(
      Set(field.conditions.features.names(for: type)) == Set(row["depends_on"]["any"].strings),
      comment)
    #expect(field.values.asSpec == row["values"].dictionary.mapValues(\.string), comment)
    #expect(field.bits.asSpec == row["bits"].dictionary.mapValues(\.string), comment)
    // tag_len of 9P says how long the tag is, so that the table has no size for it.
    if row["count"].string == nil { #expect(field.size == row["size"].int, comment) }
    switch row["unit"].string {
    case "guest physical address", "physical address": #expect(field.format == .address, comment)
    case "512-byte sectors (hint)": #expect(field.unit == .sectors, comment)
    case let unit: #expect(field.unit?.name == unit, comment)
    }
    switch row["format"].string {
    case "mac": #expect(field.format == .mac, comment)
    case "utf8": #expect(field.format == .text, comment)
    default: break
    }
    switch row["depends_kind"].string {
    case "valid": #expect(field.conditions.contains { if case .means = $0 { true } else { false } })
    default: #expect(!field.conditions.contains { if case .means = $0 { true } else { false } })
    }
  }

  @Test("the second layout of Bluetooth is that of its header")
  func bluetooth() throws {
    let spec = try Spec("device-cfg")["device"]["bluetooth"]["variant_v2"]["fields"].array
    let fields = DeviceType.bluetooth.configFields.filter {
      !$0.conditions.contains(.without(Feature.Bluetooth.configV2))
    }
    #expect(fields.map(\.name) == spec.map { $0["name"].string })
    #expect(fields.map(\.offset) == spec.map { $0["offset"].int })
    #expect(fields.map(\.size) == spec.map { $0["size"].int })
  }

  @Test("what a condition or an extent names is there")
  func references() {
    for type in DeviceType.defined {
      for (index, field) in type.configFields.enumerated() {
        #expect(field.conditions.features.isSubset(of: FeatureSet(type.features)), "\(field.name)")
        if let extent = field.extent {
          let length = type.configFields[..<index].first { $0.key == extent.lengthField }
          #expect(length.map { $0.size <= 2 } == true, "\(field.name)")
          #expect(field.offset >= extent.start)
          if case .bytes = field.kind { #expect(field.offset == extent.start) }
        }
        for case .selected(let key, _) in field.conditions {
          #expect(type.configFields[..<index].contains { $0.key == key }, "\(field.name)")
        }
      }
    }
  }
}

@Suite struct DeviceConfigTests {
  static let running: DeviceStatus = [.acknowledge, .driver, .featuresOK, .driverOK]
  /// Reading these has no defined value.
  static let writeOnly = ["emerg_wr", "events_clear"]

  /// The rows of the specification that are to be read when `features` is everything but what makes
  /// a field disappear.
  static func rows(of type: DeviceType) throws -> [Spec] {
    try Spec("device-cfg")["device"][type.key ?? ""]["fields"].array.filter { row in
      row["padding"].bool != true && !writeOnly.contains(row["name"].string ?? "")
    }
  }

  /// Every feature of `type` but those with which fields go away or move.
  static func features(of type: DeviceType) -> FeatureSet {
    let unwanted = [Feature.PMEM.shmemRegion, Feature.Bluetooth.configV2]
    return FeatureSet(type.features.filter { !unwanted.contains($0) })
  }

  /// The types of one layout; input and 9P depend on what they hold.
  static let types = DeviceDefinition.all.map(\.type).filter {
    !$0.configFields.isEmpty && $0 != .input && $0 != .nineP
  }

  @Test("each field shows the bytes at its offset", arguments: types)
  func ramp(type: DeviceType) throws {
    let config = try DeviceConfig(
      of: type, from: RecordingSource.ramp(4096), negotiated: Self.features(of: type),
      status: Self.running)
    for row in try Self.rows(of: type) {
      let name = try #require(row["name"].string)
      let (offset, count) = try (#require(row["offset"].int), #require(row["size"].int))
      let expected: DecodedField.Content =
        row["count"].int == 1
        ? .number(rampValue(at: offset, size: count))
        : .bytes((offset..<offset + count).map { UInt8(truncatingIfNeeded: $0) })
      #expect(config[name]?.content == expected, "\(name)")
    }
    #expect(
      config.fields.filter { $0.isAbsent }.allSatisfy { Self.writeOnly.contains($0.field.name) })
  }

  @Test("each field is loaded once, at its width", arguments: types)
  func trace(type: DeviceType) throws {
    let source = RecordingSource.ramp(4096)
    _ = try DeviceConfig(
      of: type, from: source, negotiated: Self.features(of: type), status: Self.running)
    #expect(source.loads == (try Self.rows(of: type)).flatMap(\.accesses))
    #expect(source.stores.isEmpty)
  }

  @Test("a field whose feature is not there is not read", arguments: types)
  func withoutFeatures(type: DeviceType) throws {
    let source = RecordingSource.ramp(4096)
    let config = try DeviceConfig(
      of: type, from: source, negotiated: FeatureSet(), status: Self.running)
    let unconditional = try Self.rows(of: type).filter { $0["depends_on"]["any"].array.isEmpty }
    #expect(source.loads == unconditional.flatMap(\.accesses))
    for decoded in config.fields where !decoded.field.conditions.features.isEmpty {
      #expect(decoded.isAbsent || decoded.field.conditions.first.map(\.isWithout) == true)
    }
  }

  @Test("any one of a field's features is enough", arguments: types)
  func anyFeature(type: DeviceType) throws {
    for row in try Self.rows(of: type) {
      for name in row["depends_on"]["any"].strings {
        let feature = try #require(type.feature(named: name))
        let config = try DeviceConfig(
          of: type, from: RecordingSource.ramp(4096), negotiated: [feature],
          status: Self.running)
        #expect(config[row["name"].string ?? ""]?.isAbsent == false, "\(row["name"])")
      }
    }
  }

  @Test("a structure that ends early has the fields before its end", arguments: types)
  func short(type: DeviceType) throws {
    let rows = try Self.rows(of: type)
    for count in 0...(rows.compactMap { $0["end"].int }.max() ?? 0) {
      let config = try DeviceConfig(
        of: type, from: RecordingSource.ramp(count), negotiated: Self.features(of: type),
        status: Self.running)
      for row in rows {
        let content = config[row["name"].string ?? ""]?.content
        let fits = try #require(row["end"].int) <= count
        #expect((content == .absent(.beyondEnd(count))) == !fits, "\(row["name"]) in \(count)")
      }
    }
  }

  @Test("what is offered makes a field exist, even before anything is negotiated")
  func offered() throws {
    let config = try DeviceConfig(
      of: .net, from: RecordingSource.ramp(28), offered: [Feature.Net.mtu],
      negotiated: [], status: [])
    #expect(config["mtu"]?.number == 0x0B0A)
    #expect(
      config["status"]?.content == .absent(.unmet(.exists([Feature.Net.status]))))
    #expect(config["mac"]?.content == .absent(.unmet(.means([Feature.Net.mac]))))
  }

  @Test("a register of a type loads alone, and finds its value in what was read")
  func registers() throws {
    let source = RecordingSource.ramp(28)
    #expect(try Net.mtu.load(from: source) == 0x0B0A)
    #expect(try Net.mac.load(from: source) == [0, 1, 2, 3, 4, 5])
    #expect(source.loads == [.init(10, 2)] + (0..<6).map { .init($0, 1) })
    #expect(Net.mtu.exists(with: [Feature.Net.mtu]) && !Net.mtu.exists(with: []))
    #expect(Net.maxVirtqueuePairs.exists(with: [Feature.Net.rss]))
    #expect(Net.mac.exists(with: []) && !NineP.tag.exists(with: []))
    #expect(Net.mac.end == 6)
    let config = try DeviceConfig(
      of: .net, from: source, negotiated: [Feature.Net.mtu, Feature.Net.mac], status: [])
    #expect(config[Net.mtu] == 0x0B0A)
    #expect(config[Net.mac] == [0, 1, 2, 3, 4, 5])
    #expect(config[Net.status] == nil && config[FS.tag] == nil && config[Blk.capacity] == nil)
  }

  @Test("sound controls are read only when they were negotiated")
  func negotiated() throws {
    let source = RecordingSource.ramp(16)
    let config = try DeviceConfig(
      of: .sound, from: source, offered: FeatureSet(bits: [0]), negotiated: FeatureSet(),
      status: Self.running)
    #expect(config["controls"]?.content == .absent(.unmet(.negotiated(Feature.Sound.ctls))))
    #expect(!source.loads.contains { $0.offset == 12 })
  }

  @Test("the cache mode of a disk is not read before FEATURES_OK", arguments: [0, 3, 7] as [UInt8])
  func status(status: UInt8) throws {
    let source = RecordingSource.ramp(96)
    let config = try DeviceConfig(
      of: .blk, from: source, negotiated: FeatureSet(bits: [11]),
      status: DeviceStatus(rawValue: status))
    #expect(config["writeback"]?.content == .absent(.unmet(.status(.featuresOK))))
    #expect(!source.loads.contains { $0.offset == 32 })
  }

  @Test("persistent memory in a shared memory region has no address")
  func sharedPMEM() throws {
    let source = RecordingSource.ramp(16)
    let config = try DeviceConfig(
      of: .pmem, from: source, negotiated: FeatureSet(bits: [0]), status: Self.running)
    #expect(
      config["start"]?.content == .absent(.unmet(.without(Feature.PMEM.shmemRegion))))
    #expect(source.loads.isEmpty)
  }

  @Test("Bluetooth's second layout is aligned, and each field stands once")
  func bluetooth() throws {
    let source = RecordingSource.ramp(6)
    let config = try DeviceConfig(
      of: .bluetooth, from: source, negotiated: FeatureSet(bits: [0, 1, 3]), status: Self.running)
    #expect(config.fields.map(\.field.name) == ["type", "vendor", "msft_opcode"])
    #expect(config["vendor"]?.number == 0x0302)
    #expect(config["msft_opcode"]?.number == 0x0504)
    #expect(source.loads == [.init(0, 1), .init(2, 2), .init(4, 2)])
  }

  @Test(
    "the union of an input device is read as its selection says",
    arguments: [0, 1, 2, 3, 0x10, 0x11, 0x12, 0x13] as [UInt8])
  func input(select: UInt8) throws {
    let source = RecordingSource.ramp(136)
    source.bytes[0] = select
    source.bytes[2] = 128
    let config = try DeviceConfig(
      of: .input, from: source, negotiated: FeatureSet(), status: Self.running)
    let rows = try Self.rows(of: .input).filter { row in
      guard let valid = row["valid_when"].string else { return true }
      return valid.split(separator: " ").contains { UInt8($0.dropFirst(2), radix: 16) == select }
    }
    #expect(source.loads == rows.flatMap(\.accesses))
    for decoded in config.fields {
      #expect(decoded.isAbsent == !rows.contains { $0["name"].string == decoded.field.name })
    }
  }

  @Test("of an input device's union, as many bytes are read as there are", arguments: 0...24)
  func inputSize(size: Int) throws {
    let source = RecordingSource.ramp(136)
    source.bytes[0] = 1
    source.bytes[2] = UInt8(size)
    var config = try DeviceConfig(
      of: .input, from: source, negotiated: FeatureSet(), status: Self.running)
    #expect(config["u.string"]?.content == .bytes((8..<8 + size).map { UInt8($0) }))
    source.bytes[0] = 0x12
    config = try DeviceConfig(
      of: .input, from: source, negotiated: FeatureSet(), status: Self.running)
    #expect((config["u.abs.max"]?.number == 0x0F0E_0D0C) == (size >= 8))
    #expect((config["u.abs.max"]?.content == .absent(.beyondEnd(8 + size))) == (size < 8))
  }

  @Test("an input device that claims more than the union has is read to its end")
  func inputOverflow() throws {
    let source = RecordingSource.ramp(4096)
    source.bytes[0] = 1
    source.bytes[2] = 255
    let config = try DeviceConfig(
      of: .input, from: source, negotiated: FeatureSet(), status: Self.running)
    #expect(config["u.string"]?.content == .bytes((8..<136).map { UInt8($0) }))
  }

  @Test("the tag of 9P is as long as tag_len says")
  func tag() throws {
    let source = RecordingSource([4, 0] + Array("rootfs".utf8))
    let config = try DeviceConfig(
      of: .nineP, from: source, negotiated: FeatureSet(bits: [0]), status: Self.running)
    #expect(config["tag"]?.content == .bytes(Array("root".utf8)))
    #expect(source.loads == [.init(0, 2)] + (2..<6).map { .init($0, 1) })
  }

  @Test("a tag that runs past the structure is not read", arguments: [7, 0xFFFF])
  func longTag(length: Int) throws {
    let source = RecordingSource([UInt8(length & 0xFF), UInt8(length >> 8)] + Array("rootfs".utf8))
    let config = try DeviceConfig(
      of: .nineP, from: source, negotiated: FeatureSet(bits: [0]), status: Self.running)
    #expect(config["tag"]?.content == .absent(.beyondEnd(8)))
    #expect(source.loads == [.init(0, 2)])
  }

  @Test(
    "a type without a configuration reads nothing",
    arguments: [DeviceType.rng, .i2c, .scmi, .rtc, .usb])
  func none(type: DeviceType) throws {
    let source = RecordingSource.ramp(4096)
    let config = try DeviceConfig(
      of: type, from: source, negotiated: FeatureSet(bits: 0..<128), status: Self.running)
    #expect(config.fields.isEmpty)
    #expect(source.loads.isEmpty)
  }
}

extension DeviceType {
  /// The fields, without Bluetooth's second layout.
  fileprivate var firstLayout: [ConfigField] {
    self == .bluetooth
      ? configFields.filter {
        !$0.isPadding && !$0.conditions.contains(.negotiated(Feature.Bluetooth.configV2))
      } : configFields
  }
}

extension DecodedField {
  fileprivate var isAbsent: Bool {
    if case .absent = content { true } else { false }
  }
}

extension ConfigField.Condition {
  fileprivate var isWithout: Bool {
    if case .without = self { true } else { false }
  }
}

extension [ConfigField.Condition] {
  /// The features of which the field needs one.
  fileprivate var features: FeatureSet {
    reduce(into: []) { features, condition in
      switch condition {
      case .exists(let some), .means(let some): features.formUnion(some)
      case .negotiated(Feature.Bluetooth.configV2): break
      case .negotiated(let feature): features.insert(feature)
      default: break
      }
    }
  }
}

extension NameTable {
  fileprivate var asSpec: [String: String?] {
    Dictionary(uniqueKeysWithValues: entries.map { ("\($0.number)", $0.name) })
  }
}

extension Spec {
  /// How a bus sees this field read: 64 bits as halves, bytes and what is not aligned one by one.
  fileprivate var accesses: [RecordingSource.Access] {
    guard let offset = self["offset"].int, let size = self["size"].int,
      let width = self["element_size"].int
    else { return [] }
    let step = min(width, 4)
    let unit = offset % step == 0 ? step : 1
    return stride(from: offset, to: offset + size, by: unit).map { .init($0, unit) }
  }
}
