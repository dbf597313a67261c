import VirtioConformance
import VirtioPCI

/// The objects under `registers`. Fields of the specification have its names, and what was not read
/// is null; `skipped` says why.
extension JSONModel {
  static let registers: [JSONField<RegistersEntry>] = [
    .oneOf(
      "via", Function.Registers.Path.allCases.map { $0.rawValue },
      "how they were reached: the BAR's file, or the window in config space",
      { $0.registers.path.rawValue }),
    .optionalObject(
      "common", "common", common, "the common configuration structure", { $0.registers.common }),
    .optionalList(
      "offered_features", of: "feature", feature,
      "the features that the device offers; null where they are not known",
      { $0.function.offered?.named(for: $0.type) }),
    .list(
      "queues", of: "queue", queue, "probed: every queue; otherwise the one that is selected",
      { $0.queues }),
    .optionalObject(
      "device", among: deviceConfigs,
      "the device-specific configuration; null when there is none or no layout of it is known",
      { entry in
        guard let type = entry.type, let device = entry.registers.device else { return nil }
        return (deviceConfigName(of: type), device)
      }),
    .strings("skipped", "what was not read, and why") { entry in
      entry.skipped.map { "\($0.subject): \($0.reason)" }
    },
  ]

  /// Numbers as they are, addresses as addresses.
  static let common: [JSONField<CommonValues>] = CommonCfg.fields.flatMap { field in
    if field.size == 8 {
      return [JSONField<CommonValues>.optionalAddress(field.name, field.meaning) { $0[field] }]
    }
    let number = JSONField<CommonValues>.optionalInteger(field.name, field.meaning) { $0[field] }
    guard field.name == CommonCfg.deviceStatus.name else { return [number] }
    return [
      number,
      .optionalStrings(field.name + "_flags", "the names of the bits of the status") {
        $0[CommonCfg.deviceStatus]?.names
      },
    ]
  }

  static let queue: [JSONField<RegistersEntry.Queue>] = [
    .integer("index", "which queue") { $0.state.index },
    .integer("size", "how many descriptors; 0 when the queue does not exist") { $0.state.size },
    .integer("msix_vector", "its MSI-X vector; 65535 when it has none") { $0.state.msixVector },
    .bool("enabled", "whether the device may use it") { $0.state.isEnabled },
    .integer("notify_off", "times notify_off_multiplier, where its doorbell lies") {
      $0.state.notifyOff
    },
    .optionalAddress("notify_address", "its doorbell; null when outside the notify structure") {
      $0.doorbell
    },
    .optionalAddress("desc", "the descriptor area") { $0.state.desc },
    .optionalAddress("driver", "the driver area: the available ring") { $0.state.driver },
    .optionalAddress("device", "the device area: the used ring") { $0.state.device },
    .optionalBool("reset", "whether it is being reset; null without VIRTIO_F_RING_RESET") {
      $0.state.isInReset
    },
    .optionalInteger(
      "notif_config_data", "what its doorbell takes; null without VIRTIO_F_NOTIF_CONFIG_DATA",
      { $0.state.notifConfigData }),
  ]

  /// A table for each device type with a known layout.
  static let deviceConfigs: [JSONTable<DeviceConfig>] = DeviceType.defined.compactMap { type in
    var fields: [JSONField<DeviceConfig>] = []
    // Two layouts may place one field.
    for field in type.configFields
    where !field.isPadding && !fields.contains(where: { $0.key == field.name }) {
      fields.append(deviceField(field, of: type))
    }
    guard !fields.isEmpty else { return nil }
    return JSONTable(
      name: deviceConfigName(of: type),
      meaning: "the device-specific configuration of type \(type.label)", fields: fields)
  }

  /// Which of the tables goes with which type.
  static let layouts: [(type: String, table: String)] = DeviceType.defined.compactMap { type in
    let name = deviceConfigName(of: type)
    return deviceConfigs.contains { $0.name == name } ? (type.label, name) : nil
  }

  private static func deviceConfigName(of type: DeviceType) -> String {
    "\(type.label)_config"
  }

  /// A number as an integer, an address as one; bytes as a string: text as it reads, an Ethernet
  /// address as `52:54:00:12:34:56`, anything else in hex.
  private static func deviceField(
    _ field: ConfigField, of type: DeviceType
  ) -> JSONField<DeviceConfig> {
    let (name, meaning) = (field.name, field.meaning(for: type))
    switch (field.kind, field.format) {
    case (.bytes, .text):
      return .optionalString(name, meaning) { $0[name]?.text }
    case (.bytes, .mac):
      return .optionalString(name, spelled: .ethernetAddress, meaning) { $0[name]?.text }
    case (.bytes, _):
      return .optionalBytes(name, meaning) { $0[name]?.bytes?[...] }
    case (_, .address):
      return .optionalAddress(name, meaning) { $0[name]?.number }
    default:
      return .optionalInteger(name, meaning) { $0[name]?.number }
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
    case .address, nil: nil
    }
  }
}
