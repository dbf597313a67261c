import PCIAccess
import VirtioPCI

/// One function in full: who it is, what drives it, its BARs, and its capabilities as a table.
struct DetailView {
  let painter: Painter
  /// Shows every PCI capability, MSI-X, feature numbers and raw bytes too.
  let isVerbose: Bool
  let showsHeadings: Bool

  func text(of inspection: Inspection) -> String {
    var text = title(of: inspection)
    for fact in facts(of: inspection) {
      for (index, value) in fact.lines.enumerated() {
        text += line(index == 0 ? fact.label : "", value)
      }
    }
    for problem in inspection.problems where problem.finding.position == nil {
      text += line(problem.severity.rawValue, problem.finding.message, Style(problem.severity))
    }
    let table = capabilities(of: inspection)
    // In a dump an empty line would end the function.
    if inspection.config == nil, !table.isEmpty { text += "\n" }
    text += table
    if let config = inspection.config { text += HexDump.text(of: config) }
    return text
  }

  private func title(of inspection: Inspection) -> String {
    let state = inspection.state
    // A dump needs an address; a raw file has none.
    let name = inspection.address?.description ?? (inspection.config == nil ? inspection.name : "00:00.0")
    let kind = state.type.map { $0.key == nil ? "unknown device type \($0.label)" : "\($0.label) device" }
    return painter.paint(escaped(name), .title)
      + "  \(kind ?? "unknown device"), \(state.interface.rawValue)"
      + "  [\(Hex.bare(state.identity.vendorID)):\(Hex.bare(state.identity.deviceID))"
      + " revision \(Hex.bare(state.identity.revision)),"
      + " class \(Hex.bare(state.identity.classCode, digits: 6))]\n"
  }

  /// A line with a label before it, or several.
  private struct Fact {
    var label: String
    var lines: [String]

    init(_ label: String, _ line: String) {
      self.label = label
      lines = [line]
    }

    /// Words in lines of at most 100 columns.
    init(_ label: String, words: [String]) {
      self.label = label
      lines = []
      for word in words {
        if let last = lines.last, last.utf8.count + word.utf8.count < 86 {
          lines[lines.count - 1] += " " + word
        } else {
          lines.append(word)
        }
      }
    }
  }

  private func facts(of inspection: Inspection) -> [Fact] {
    var facts: [Fact] = []
    let kernel = inspection.kernel
    if inspection.file == nil { facts.append(Fact("driver", driver(kernel))) }
    if let virtio = kernel.virtio {
      if !virtio.nodes.isEmpty { facts.append(Fact("nodes", words: virtio.nodes)) }
      if let status = virtio.status { facts.append(Fact("status", words: words(of: status))) }
      if virtio.features != nil {
        let features = inspection.features.map { isVerbose ? $0.numberedLabel : $0.label }
        facts.append(Fact("features", words: features.isEmpty ? ["none"] : features))
      }
    }
    facts += inspection.state.bars.map { Fact("BAR \($0.index)", bar($0)) }
    return isVerbose ? facts + moreFacts(of: inspection) : facts
  }

  private func moreFacts(of inspection: Inspection) -> [Fact] {
    let identity = inspection.state.identity
    let subsystem = "\(Hex.bare(identity.subsystemVendorID)):\(Hex.bare(identity.subsystemID))"
    return [
      Fact("subsystem", subsystem),
      inspection.kernel.numaNode.map { Fact("NUMA node", String($0)) },
      inspection.kernel.iommuGroup.map { Fact("IOMMU", "group \($0)") },
      Fact("config", "\(inspection.state.configSize) bytes readable"),
    ].compactMap(\.self)
  }

  private func words(of status: DeviceStatus) -> [String] {
    (status.rawValue == 0 ? ["RESET"] : status.names) + ["(\(Hex(status.rawValue)))"]
  }

  private func driver(_ kernel: KernelFacts) -> String {
    guard let driver = kernel.driver else { return "none" }
    guard let virtio = kernel.virtio else { return driver }
    return "\(driver), \(virtio.driver ?? "no virtio driver") as \(virtio.name)"
  }

  private func bar(_ bar: BAR) -> String {
    var parts = [bar.isIO ? "I/O ports" : "memory"]
    if let width = bar.width { parts.append("\(width)-bit") }
    if bar.isPrefetchable { parts.append("prefetchable") }
    parts.append(bar.address.map { Hex($0, digits: 1).description } ?? "no address")
    if let size = bar.size { parts.append(ByteCount.long(size)) }
    return parts.joined(separator: ", ")
  }

  private func line(_ label: String, _ value: String, _ style: Style = .plain) -> String {
    let blanks = String(repeating: " ", count: max(1, 11 - label.utf8.count))
    return "  " + painter.paint(label, .faint) + blanks + painter.paint(escaped(value), style)
      + "\n"
  }

  private func capabilities(of inspection: Inspection) -> String {
    var rows: [[TextTable.Cell]] = []
    for entry in inspection.state.pciCapabilities {
      if let capability = inspection.state.capabilities.first(where: {
        $0.position == entry.position
      }) {
        rows.append(CapabilityRow(capability, in: inspection).cells(showsBytes: isVerbose))
      } else if isVerbose {
        rows.append(CapabilityRow.cells(of: entry))
      }
    }
    guard !rows.isEmpty else { return "" }
    var table = TextTable(
      CapabilityRow.columns(showsBytes: isVerbose), painter: painter,
      showsHeadings: showsHeadings, indent: 2)
    return rows.reduce(into: "") { $0 += table.add($1) } + table.finish()
  }
}
