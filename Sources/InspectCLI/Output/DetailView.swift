import PCIAccess
import VirtioConformance
import VirtioPCI

/// One function in full: who it is, what drives it, its BARs, and its capabilities as a table.
struct DetailView {
  let painter: Painter
  /// Shows every PCI capability, MSI-X, feature numbers and raw bytes too.
  let isVerbose: Bool
  let showsHeadings: Bool
  /// Shows each BAR as a map.
  var showsLayout = false
  /// How long a line of words may be, in columns.
  var lineLength = Self.longestLine
  /// How long a row of a table may be.
  var rowLength = Int.max

  static let longestLine = 100

  func append(_ inspection: Inspection, to text: inout [UInt8]) {
    let start = text.count
    appendTitle(of: inspection, to: &text)
    for fact in facts(of: inspection) {
      for (index, value) in fact.lines.enumerated() {
        appendLine(index == 0 ? fact.label : "", value, to: &text)
      }
    }
    // A check has lines of its own for drivers, and a table for what is wrong.
    let isChecked = inspection.verdicts != nil
    for (index, line) in (isChecked ? [] : drivers(of: inspection)).enumerated() {
      appendLine(index == 0 ? "drivers" : "", line.text, line.style, to: &text)
    }
    let problems = isChecked ? [] : inspection.findings
    // Those of a virtio capability stand in its row.
    let rows = inspection.function.capabilities.map(\.position)
    for problem in problems {
      if let position = problem.finding.position, rows.contains(position) { continue }
      appendLine(
        problem.severity.rawValue, problem.finding.message, Style(problem.severity), to: &text)
    }
    appendCapabilities(of: inspection, problems, to: &text)
    if showsLayout {
      LayoutView(
        function: inspection.function, painter: painter, showsHeadings: showsHeadings,
        lineLength: rowLength, isSpaced: inspection.config == nil
      ).append(to: &text)
    }
    if let registers = RegistersEntry(inspection) {
      RegistersView(
        entry: registers, painter: painter, isVerbose: isVerbose,
        showsHeadings: showsHeadings, isSpaced: inspection.config == nil
      ).append(to: &text)
    }
    if let verdict = CheckView(inspection) {
      // In a dump an empty line would end the function.
      if inspection.config == nil { text.append(UInt8(ascii: "\n")) }
      verdict.append(to: &text, painter: painter)
    }
    if let config = inspection.config {
      HexDump.fold(&text, from: start)
      HexDump.append(config, to: &text)
    }
  }

  private func drivers(of inspection: Inspection) -> [DriverText.Line] {
    // Of a function that does not answer there is nothing to predict.
    guard inspection.function.absence == nil else { return [] }
    let text = DriverText(entries: inspection.drivers)
    return isVerbose ? text.details(of: inspection.function) : text.summaries
  }

  private func appendTitle(of inspection: Inspection, to text: inout [UInt8]) {
    let state = inspection.function
    // A dump needs an address; a raw file has none.
    let name =
      inspection.address?.description ?? (inspection.config == nil ? inspection.name : "00:00.0")
    let kind = state.type.map {
      $0.key == nil ? "unknown device type \($0.label)" : "\($0.label) device"
    }
    painter.paint(escaped(name), .title, to: &text)
    text += "  \(kind ?? "unknown device"), \(state.interface?.rawValue ?? "interface ?")".utf8
    text += "  [\(Hex(state.identity.vendorID).bare):\(Hex(state.identity.deviceID).bare)".utf8
    text += " revision \(Hex(state.identity.revision).bare),".utf8
    text += " class \(Hex(UInt64(state.identity.classCode), digits: 6).bare)]\n".utf8
  }

  /// A line with a label before it, or several.
  private struct Fact {
    var label: String
    var lines: [String]

    init(_ label: String, _ line: String) {
      self.label = label
      lines = [line]
    }

    /// Words in lines that are no longer than `lineLength` with the label and the space around it.
    init(_ label: String, words: [String], lineLength: Int) {
      self.label = label
      lines = []
      for word in words {
        if let last = lines.last, last.utf8.count + word.utf8.count < lineLength - 14 {
          lines[lines.count - 1] += " " + word
        } else {
          lines.append(word)
        }
      }
    }
  }

  private func fact(_ label: String, _ words: [String]) -> Fact {
    Fact(label, words: words, lineLength: lineLength)
  }

  private func facts(of inspection: Inspection) -> [Fact] {
    var facts: [Fact] = []
    let kernel = inspection.function.kernel
    if let absence = inspection.function.absence {
      let what = inspection.function.configIsAllOnes ? "config space" : "the device status"
      facts.append(Fact("state", "\(absence): \(what) reads all ones"))
    }
    if inspection.file == nil { facts.append(Fact("driver", driver(kernel))) }
    facts += inspection.obstacles.map {
      fact("no driver", $0.message.split(separator: " ").map { String($0) })
    }
    if !kernel.nodes.isEmpty { facts.append(fact("nodes", kernel.nodes.map { escaped($0) })) }
    if let virtio = kernel.virtio {
      if let status = inspection.function.kernelStatus {
        facts.append(fact("status", words(of: status)))
      }
      if virtio.features != nil {
        let features = inspection.features.map { isVerbose ? $0.numberedLabel : $0.label }
        facts.append(fact("features", features.isEmpty ? ["none"] : features))
      }
    }
    if let role = inspection.function.sriovRole { facts.append(Fact("SR-IOV", role.text)) }
    facts += inspection.function.bars.map { bar in
      let isOff = inspection.function.isDecoding(bar) == false
      return Fact("BAR \(bar.index)", self.bar(bar) + (isOff ? ", decoding off" : ""))
    }
    return isVerbose ? facts + moreFacts(of: inspection) : facts
  }

  private func moreFacts(of inspection: Inspection) -> [Fact] {
    let identity = inspection.function.identity
    let subsystem = "\(Hex(identity.subsystemVendorID).bare):\(Hex(identity.subsystemID).bare)"
    return [
      Fact("subsystem", subsystem),
      inspection.function.command.map { fact("command", words(of: $0)) },
      InterruptEntry(inspection.function).map { Fact("interrupt", $0.text) },
      inspection.function.kernel.numaNode.map { Fact("NUMA node", String($0)) },
      inspection.function.kernel.iommuGroup.map { Fact("IOMMU", "group \($0)") },
      Fact("config", "\(inspection.function.configSize) bytes readable"),
    ].compactMap(\.self)
  }

  private func words(of status: DeviceStatus) -> [String] {
    (status.rawValue == 0 ? ["RESET"] : status.names) + ["(\(Hex(status.rawValue)))"]
  }

  private func words(of command: Command) -> [String] {
    (command.rawValue == 0 ? ["none"] : command.names) + ["(\(Hex(command.rawValue)))"]
  }

  private func driver(_ kernel: Function.Kernel) -> String {
    guard var text = kernel.driver else { return "none" }
    if let vdpa = kernel.vdpa { text += ", \(vdpa.driver ?? "no vDPA driver") as \(vdpa.name)" }
    guard let virtio = kernel.virtio else { return text }
    guard let virtioDriver = virtio.driver else {
      return "\(text) as \(virtio.name), no virtio driver"
    }
    return "\(text), \(virtioDriver) as \(virtio.name)"
  }

  private func bar(_ bar: BAR) -> String {
    var parts = [bar.isIO ? "I/O ports" : "memory"]
    if let width = bar.width { parts.append("\(width)-bit") }
    if bar.isPrefetchable { parts.append("prefetchable") }
    parts.append(bar.address.map { Hex($0).description } ?? "no address")
    if let size = bar.size { parts.append(ByteCount.long(size)) }
    return parts.joined(separator: ", ")
  }

  private func appendLine(
    _ label: String, _ value: String, _ style: Style = .plain, to text: inout [UInt8]
  ) {
    text += "  ".utf8
    painter.paint(label, .faint, to: &text)
    text += repeatElement(UInt8(ascii: " "), count: max(1, 11 - label.utf8.count))
    painter.paint(escaped(value), style, to: &text)
    text.append(UInt8(ascii: "\n"))
  }

  private func appendCapabilities(
    of inspection: Inspection, _ problems: [Problem], to text: inout [UInt8]
  ) {
    var table = TextTable(
      CapabilityRow.columns(showsBytes: isVerbose), painter: painter,
      showsHeadings: showsHeadings, indent: 2, lineLength: rowLength)
    let capabilities = inspection.function.capabilities
    let entries = inspection.function.pciCapabilities.filter { entry in
      isVerbose || capabilities.contains { $0.position == entry.position }
    }
    guard !entries.isEmpty else { return }
    // In a dump an empty line would end the function.
    if inspection.config == nil { text.append(UInt8(ascii: "\n")) }
    for entry in entries {
      let problems = problems.filter { $0.finding.position == entry.position }
      guard let capability = capabilities.first(where: { $0.position == entry.position }) else {
        table.add(CapabilityRow.cells(of: entry, problems, showsBytes: isVerbose), to: &text)
        continue
      }
      let row = CapabilityRow(
        CapabilityEntry(capability, in: inspection.function), problems: problems)
      table.add(row.cells(showsBytes: isVerbose), to: &text)
    }
    for entry in isVerbose ? inspection.function.extendedCapabilities : [] {
      table.add(CapabilityRow.cells(of: entry, showsBytes: isVerbose), to: &text)
    }
    table.finish(&text)
  }
}
