import VirtioConformance
import VirtioPCI

/// The registers of a function as tables, each under its heading.
struct RegistersView {
  let entry: RegistersEntry
  let painter: Painter
  /// Shows each field that was not read, with the reason.
  let isVerbose: Bool
  let showsHeadings: Bool
  /// Whether an empty line may stand between tables: in a dump it would end the function.
  let isSpaced: Bool

  private var registers: Function.Registers { entry.registers }

  func append(to text: inout [UInt8]) {
    let way = registers.path == .bar ? "" : ", through the window in config space"
    append("Common configuration" + way, Self.fieldColumns, commonRows, to: &text)
    append("Device configuration", Self.fieldColumns, deviceRows, to: &text)
    append("Features", Self.featureColumns, featureRows, to: &text)
    append("Queues", Self.queueColumns, queueRows, to: &text)
    append("Not read", Self.omissionColumns, omissionRows, to: &text)
  }

  private func append(
    _ title: String, _ columns: [TextTable.Column], _ rows: [[TextTable.Cell]],
    to text: inout [UInt8]
  ) {
    guard !rows.isEmpty else { return }
    if isSpaced { text.append(UInt8(ascii: "\n")) }
    text += "  ".utf8
    painter.paint(title, .title, to: &text)
    text.append(UInt8(ascii: "\n"))
    var table = TextTable(columns, painter: painter, showsHeadings: showsHeadings, indent: 2)
    for row in rows { table.add(row, to: &text) }
    table.finish(&text)
  }

  // MARK: Fields

  private static let fieldColumns: [TextTable.Column] = [
    .init(heading: "FIELD"), .init(heading: "VALUE"), .init(heading: "MEANING"),
  ]

  private var commonRows: [[TextTable.Cell]] {
    CommonCfg.fields.compactMap { field in
      guard let value = registers.common[field] else {
        return absent(field.name, entry.reasonForAbsence(of: field) ?? "")
      }
      let (text, meaning) = CommonText.of(field, value, in: registers)
      return [.init(text: field.name), .init(text: text), .init(text: meaning)]
    }
  }

  private var deviceRows: [[TextTable.Cell]] {
    (registers.device?.fields ?? []).compactMap { decoded in
      switch decoded.content {
      case .absent(let absence): absent(decoded.field.name, absence.reason(for: entry.type))
      case .number(let number):
        [
          .init(text: decoded.field.name), .init(text: decoded.field.text(of: number)),
          .init(text: decoded.field.meaning(of: number)),
        ]
      case .bytes(let bytes):
        [
          .init(text: decoded.field.name),
          .init(text: decoded.text.map { escaped($0) } ?? bytes.map { Hex($0).bare }.joined()),
        ]
      }
    }
  }

  /// Nil when only what was read is shown.
  private func absent(_ name: String, _ reason: String) -> [TextTable.Cell]? {
    isVerbose ? [.init(text: name), .none, .init(text: reason, style: .faint)] : nil
  }

  // MARK: Features

  private static let featureColumns: [TextTable.Column] = [
    .init(heading: "BIT", alignment: .right), .init(heading: "FEATURE"), .init(heading: "STATE"),
  ]

  /// Offered features and what became of each; none where it is not known what is offered.
  private var featureRows: [[TextTable.Cell]] {
    guard let offered = entry.function.offered else { return [] }
    let all = offered.union(negotiated)
    return all.named(for: entry.type).map { feature in
      let state: TextTable.Cell =
        switch (offered.contains(bit: feature.bit), negotiated.contains(bit: feature.bit))
        {
        case (true, true): .init(text: "negotiated")
        case (false, _): .init(text: "negotiated, but not offered", style: .error)
        case (true, false):
          isNegotiated ? .init(text: "declined", style: .warning) : .init(text: "offered")
        }
      return [.init(text: String(feature.bit)), .init(feature.name), state]
    }
  }

  /// What the driver accepted, as far as is known.
  private var negotiated: FeatureSet { entry.function.visiblyAccepted }

  /// Whether a driver has made its choice.
  private var isNegotiated: Bool {
    !negotiated.isEmpty
      || registers.common[CommonCfg.deviceStatus]?.contains(.featuresOK) ?? false
  }

  // MARK: Queues

  private static let queueColumns: [TextTable.Column] = [
    .init(heading: "QUEUE", alignment: .right),
    .init(heading: "SIZE", alignment: .right),
    .init(heading: "VECTOR", alignment: .right),
    .init(heading: "STATE"),
    .init(heading: "NOTIFY", alignment: .right),
    .init(heading: "DOORBELL"),
    .init(heading: "DATA", alignment: .right),
    .init(heading: "DESC"),
    .init(heading: "DRIVER"),
    .init(heading: "DEVICE"),
  ]

  private var queueRows: [[TextTable.Cell]] {
    entry.queues.map { queue in
      let state = queue.state
      return [
        .init(text: String(state.index)),
        .init(text: String(state.size)),
        .init(state.msixVector == CommonCfg.noVector ? nil : String(state.msixVector)),
        .init(text: state.label),
        .init(text: String(state.notifyOff)),
        .init(queue.doorbell.map { Hex($0).description }),
        .init(state.notifConfigData.map { String($0) }),
        .init(text: Hex(state.desc).description),
        .init(text: Hex(state.driver).description),
        .init(text: Hex(state.device).description),
      ]
    }
  }

  // MARK: Left out

  private static let omissionColumns: [TextTable.Column] = [
    .init(heading: "WHAT"), .init(heading: "REASON"),
  ]

  /// Structures; of fields, which stand in their tables where more is asked for, the number.
  private var omissionRows: [[TextTable.Cell]] {
    var omissions = entry.skippedStructures
    let fields = entry.skipped.count - omissions.count
    if fields > 0, !isVerbose {
      omissions.append(
        .init(subject: "\(fields) field\(fields == 1 ? "" : "s")", reason: "-v says why"))
    }
    return omissions.map { [.init(text: $0.subject), .init(text: $0.reason)] }
  }
}

extension QueueState {
  fileprivate var label: String {
    if size == 0 { return "absent" }
    if isInReset ?? false { return "in reset" }
    return isEnabled ? "enabled" : "disabled"
  }
}

/// A register of the common configuration as people read it.
private enum CommonText {
  /// The value, and what it means where the number does not say it.
  static func of(
    _ field: CommonCfg.Field, _ value: UInt64, in registers: Function.Registers
  ) -> (String, String) {
    switch field.name {
    case CommonCfg.deviceFeatureSelect.name, CommonCfg.driverFeatureSelect.name:
      let (first, overflow) = value.multipliedReportingOverflow(by: 32)
      return ("\(value)", overflow ? "" : "bits \(first) to \(first + 31)")
    case CommonCfg.deviceFeature.name, CommonCfg.driverFeature.name:
      return (Hex(value, digits: 8).description, "")
    case CommonCfg.configMSIXVector.name, CommonCfg.queueMSIXVector.name:
      return ("\(value)", value == UInt64(CommonCfg.noVector) ? "none" : "")
    case CommonCfg.deviceStatus.name:
      let status = registers.common[CommonCfg.deviceStatus] ?? []
      return (Hex(status.rawValue).description, status.names.joined(separator: " "))
    case _ where field.size == 8:
      return (Hex(value).description, "")
    default:
      return ("\(value)", "")
    }
  }
}

extension ConfigField {
  /// The number as it is: in hex where it is an address, an identifier or made of bits.
  fileprivate func text(of number: UInt64) -> String {
    if format == .address { return Hex(number).description }
    return bits.entries.isEmpty && format != .hex
      ? "\(number)" : Hex(number, digits: size * 2).description
  }

  /// What it means where the number does not say it.
  fileprivate func meaning(of number: UInt64) -> String {
    if let name = values[number] { return name }
    if !bits.entries.isEmpty {
      return number == 0 ? "none" : bits.names(ofBitsIn: number).joined(separator: " ")
    }
    guard let unit else { return "" }
    guard let size = unit.bytes else { return unit.name }
    let (bytes, overflow) = number.multipliedReportingOverflow(by: size)
    if overflow { return unit.name }
    return size == 1 ? ByteCount.long(bytes) : "\(unit.name), \(ByteCount.long(bytes))"
  }
}
