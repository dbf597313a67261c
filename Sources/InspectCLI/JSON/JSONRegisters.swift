import VirtioConformance
import VirtioPCI

// The objects under `registers`. Fields of the specification have its names, and what was not read is
// null; `skipped` says why.

extension RegistersEntry: JSONDescribed {
  static let table = JSONTable<RegistersEntry>(
    name: "registers", meaning: "the structures behind the capabilities",
    fields: [
      .key("via", "how they were reached: the BAR's file, or the window in config space") {
        $0.registers.path
      },
      .key("common", "the common configuration structure") { Optional($0.registers.common) },
      .key(
        "offered_features",
        "the features that the device offers; null where they are not known",
        { $0.function.offered?.named(for: $0.type) }),
      .key("queues", "probed: every queue; otherwise the one that is selected") { $0.queues },
      .key(
        "device",
        "the device-specific configuration; null when there is none or no layout of it is known",
        { DeviceConfigEntry($0) }),
      .key("skipped", "what was not read, and why") { entry in
        entry.skipped.map { "\($0.subject): \($0.reason)" }
      },
    ])
}

extension CommonValues: JSONDescribed {
  /// Numbers as they are, addresses as addresses.
  static let table = JSONTable<CommonValues>(
    name: "common", meaning: "the common configuration structure",
    fields: CommonCfg.fields.flatMap { field -> [Field] in
      if field.size == 8 {
        return [.key(field.name, field.meaning) { $0[field].map { JSONAddress($0) } }]
      }
      let number = Field.key(field.name, field.meaning) { $0[field] }
      guard field.name == CommonCfg.deviceStatus.name else { return [number] }
      let flags = Field.key(field.name + "_flags", "the names of the bits of the status") {
        $0[CommonCfg.deviceStatus]?.names
      }
      return [number, flags]
    })

  private typealias Field = JSONField<CommonValues>
}

extension RegistersEntry.Queue: JSONDescribed {
  static let table = JSONTable<RegistersEntry.Queue>(
    name: "queue", meaning: "a virtqueue", identity: ["index"],
    fields: [
      .key("index", "which queue") { $0.state.index },
      .key("size", "how many descriptors; 0 when the queue does not exist") { $0.state.size },
      .key("msix_vector", "its MSI-X vector; 65535 when it has none") { $0.state.msixVector },
      .key("enabled", "whether the device may use it") { $0.state.isEnabled },
      .key("notify_off", "times notify_off_multiplier, where its doorbell lies") {
        $0.state.notifyOff
      },
      .key("notify_address", "its doorbell; null when outside the notify structure") {
        $0.doorbell.map { JSONAddress($0) }
      },
      .key("desc", "the descriptor area") { JSONAddress($0.state.desc) },
      .key("driver", "the driver area: the available ring") { JSONAddress($0.state.driver) },
      .key("device", "the device area: the used ring") { JSONAddress($0.state.device) },
      .key("reset", "whether it is being reset; null without VIRTIO_F_RING_RESET") {
        $0.state.isInReset
      },
      .key(
        "notif_config_data", "what its doorbell takes; null without VIRTIO_F_NOTIF_CONFIG_DATA",
        { $0.state.notifConfigData }),
    ])
}

/// The device-specific configuration, whose keys are those of the device type.
struct DeviceConfigEntry: JSONConvertible {
  private let config: DeviceConfig
  private let table: JSONTable<DeviceConfig>

  /// Nil when it was not read, or no layout of it is known.
  init?(_ entry: RegistersEntry) {
    guard let config = entry.registers.device,
      let layout = DeviceConfig.tables.first(where: { $0.type == entry.type })
    else { return nil }
    self.config = config
    table = layout.table
  }

  static var jsonType: JSONType { .anyObject { DeviceConfig.tables.map(\.table.shape) } }
  var json: JSONValue { table.value(of: config) }
  func write(to writer: inout JSONWriter) { table.write(config, to: &writer) }
}

extension DeviceConfig {
  /// The table of each device type with a known layout.
  static let tables: [(type: DeviceType, table: JSONTable<DeviceConfig>)] =
    DeviceType.defined.compactMap { type in table(of: type).map { (type, $0) } }

  private static func table(of type: DeviceType) -> JSONTable<DeviceConfig>? {
    var fields: [JSONField<DeviceConfig>] = []
    // Two layouts may place one field.
    for field in type.configFields
    where !field.isPadding && !fields.contains(where: { $0.key == field.name }) {
      fields.append(jsonField(field, of: type))
    }
    guard !fields.isEmpty else { return nil }
    return JSONTable(
      name: "\(type.label)_config",
      meaning: "the device-specific configuration of type \(type.label)", fields: fields)
  }

  /// A number as an integer, an address as one; bytes as a string: text as it reads, an Ethernet
  /// address as `52:54:00:12:34:56`, anything else in hex.
  private static func jsonField(
    _ field: ConfigField, of type: DeviceType
  ) -> JSONField<DeviceConfig> {
    let (name, meaning) = (field.name, field.meaning(for: type))
    return switch (field.kind, field.format) {
    case (.bytes, .text):
      .key(name, meaning) { $0[name]?.text }
    case (.bytes, .mac):
      .key(name, as: .nullable(.string(.ethernetAddress)), meaning) { $0[name]?.text }
    case (.bytes, _):
      .key(name, meaning) { $0[name]?.bytes.map { JSONBytes($0) } }
    case (_, .address):
      .key(name, meaning) { $0[name]?.number.map { JSONAddress($0) } }
    default:
      .key(name, meaning) { $0[name]?.number }
    }
  }
}

extension CommonCfg.Field {
  fileprivate var meaning: String {
    let place = "\(size * 8) bits at \(Hex(offset))"
    let condition = ConfigField.Condition.exists(features).text(for: nil)
    return features.isEmpty ? place : "\(place); \(condition)"
  }
}

extension ConfigField {
  fileprivate func meaning(for type: DeviceType) -> String {
    var meaning = "\(size) byte\(size == 1 ? "" : "s") at \(Hex(offset))"
    if let unit { meaning += ", in \(unit.name)" }
    return ([meaning] + conditions.map { $0.text(for: type) }).joined(separator: "; ")
  }
}

extension DecodedField {
  /// The bytes of a field that holds some; nil when it holds a number or was not read.
  var bytes: [UInt8]? {
    if case .bytes(let bytes) = content { bytes } else { nil }
  }

  /// The bytes as the text or Ethernet address that they are.
  var text: String? {
    switch field.format {
    case .mac: bytes.map { $0.map { Hex($0).bare }.joined(separator: ":") }
    case .text: bytes.map { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    case .address, .hex, nil: nil
    }
  }
}
