import VirtioConformance
import VirtioPCI

/// A virtio capability as a row of the table of a function.
struct CapabilityRow {
  private let capability: CapabilityEntry
  /// What is wrong with it.
  private let problems: [Problem]

  init(_ capability: CapabilityEntry, problems: [Problem]) {
    self.capability = capability
    self.problems = problems
  }

  /// The raw bytes are shown only where more is asked for.
  static func columns(showsBytes: Bool) -> [TextTable.Column] {
    columns.filter { showsBytes || $0.heading != "BYTES" }
  }

  /// What stands in each column: one line without a full stop.
  static let columns: [TextTable.Column] = [
    .init(heading: "CAP", meaning: "offset of the capability in config space"),
    .init(
      heading: "TYPE", meaning: "which structure it leads to, a number where the type is reserved"),
    .init(heading: "BAR", alignment: .right, meaning: "the BAR that holds the structure"),
    .init(heading: "ID", alignment: .right, meaning: "distinguishes structures of the same type"),
    .init(heading: "OFFSET", alignment: .right, meaning: "where the structure starts in its BAR"),
    .init(heading: "LENGTH", alignment: .right, meaning: "how long the structure is"),
    .init(heading: "ADDRESS", meaning: "physical address of the structure"),
    .init(heading: "BYTES", meaning: "with --verbose: the capability as it was read"),
    .init(heading: "DETAIL", meaning: "the problem, or else details of the type"),
  ]

  func cells(showsBytes: Bool) -> [TextTable.Cell] {
    let place = capability.place
    return [
      Self.position(capability.position),
      .init(text: capability.head.cfgType.label),
      .init(place.map { String($0.bar) }),
      .init(place.map { String($0.id) }),
      .init(place.map { Hex($0.offset, digits: 8).description }),
      .init(place.map { Hex($0.length).description }),
      .init(capability.address.map { Hex($0).description }),
    ] + (showsBytes ? [.init(text: bytes)] : []) + [detail]
  }

  /// A capability of another kind, as `-v` shows it.
  static func cells(
    of entry: PCICapability, _ problems: [Problem], showsBytes: Bool
  ) -> [TextTable.Cell] {
    let details = entry.msix.map { msix in
      "\(msix.isEnabled ? "enabled" : "disabled")\(msix.isMasked ? ", masked" : "")"
        + ", \(msix.tableSize) vectors"
        + ", table BAR \(msix.tableBAR) at \(Hex(UInt64(msix.tableOffset)))"
        + ", pending BAR \(msix.pbaBAR) at \(Hex(UInt64(msix.pbaOffset)))"
    }
    return cells(
      position(entry.position), entry.id.label,
      cell(of: problems.map { ($0.severity, $0.finding.message) }) ?? .init(text: details ?? ""),
      showsBytes: showsBytes)
  }

  /// An extended capability, as `-v` shows it.
  static func cells(of entry: ExtendedCapability, showsBytes: Bool) -> [TextTable.Cell] {
    let details = entry.sriov.map { sriov in
      "\(SRIOVRole(sriov).text), first at +\(sriov.firstVFOffset), stride \(sriov.vfStride)"
        + sriov.vfBARs.map { ", VF BAR \($0.index) at \(Hex($0.address ?? 0))" }.joined()
    }
    return cells(
      .init(text: Hex(UInt64(entry.position)).description),
      entry.name ?? "extended \(Hex(entry.id))", .init(text: details ?? ""),
      showsBytes: showsBytes)
  }

  /// A row of what leads to no structure.
  private static func cells(
    _ position: TextTable.Cell, _ kind: String, _ detail: TextTable.Cell, showsBytes: Bool
  ) -> [TextTable.Cell] {
    let count = columns(showsBytes: showsBytes).count
    return [position, .init(text: kind)] + Array(repeating: .none, count: count - 3) + [detail]
  }

  private static func position(_ position: UInt8) -> TextTable.Cell {
    .init(text: Hex(position).description)
  }

  /// What is wrong with it, or else what only its type has.
  private var detail: TextTable.Cell {
    var wrongs = problems.map { (severity: $0.severity, message: $0.finding.message) }
    if let error = capability.error?.description, !wrongs.contains(where: { $0.message == error }) {
      wrongs.append((.error, error))
    }
    return Self.cell(of: wrongs) ?? .init(text: meaning)
  }

  /// All that is wrong, in the style of the worst; nil when nothing is.
  private static func cell(of wrongs: [(severity: Severity, message: String)]) -> TextTable.Cell? {
    guard let worst = wrongs.first(where: { $0.severity == .error }) ?? wrongs.first else {
      return nil
    }
    return .init(
      text: wrongs.map { "\($0.severity.rawValue): \($0.message)" }.joined(separator: "; "),
      style: Style(worst.severity))
  }

  private var meaning: String {
    if let vendor = capability.vendor {
      return "vendor \(Hex(vendor.vendorID)), data \(vendor.data.map { Hex($0).bare }.joined())"
    }
    guard let data = capability.data else { return "" }
    switch data.cfgType {
    case .notify: return "multiplier \(data.notifyOffMultiplier ?? 0)"
    case .pci: return window(data)
    case .sharedMemory: return ByteCount.long(data.length)
    default: return data.cfgType.key == nil ? "reserved type" : ""
    }
  }

  /// The window's registers: no place of a structure, but where the driver last looked.
  private func window(_ data: CapData) -> String {
    guard data.length > 0 else { return "window closed" }
    let place = "window on BAR \(data.bar) at \(Hex(data.offset)), \(data.length) bytes"
    guard let bytes = capability.pciCfgData else { return place }
    return place + ", data \(bytes.map { Hex($0).bare }.joined())"
  }

  /// In groups of a dword.
  private var bytes: String {
    stride(from: 0, to: capability.bytes.count, by: 4).map { start in
      capability.bytes[start..<min(start + 4, capability.bytes.count)].map { Hex($0).bare }.joined()
    }.joined(separator: " ")
  }
}
