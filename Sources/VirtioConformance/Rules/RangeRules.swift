import VirtioPCI

extension Rule {
  /// How the places of the structures relate to each other and to the state of the BARs, VIRTIO
  /// 1.4 §4.1.4.
  static let rangeRules: [Rule] = [
    Rule(
      "cap-bar-assigned", .should, .inferred, "4.1.4",
      but: .note("the system may assign and enable it later", where: "no driver is at work"),
      "The BAR of a structure has an address, and its decoding is on, while a driver is at work.",
      example: "structure in memory BAR2 while memory decode is off and the driver is bound",
      given: .placesInBARs
    ) { places, found in
      let severity: Severity? = places.isInUse ? nil : .note
      places.each { position, data in
        guard case .bar(let bar) = places.bar(data.bar) else { return }
        if bar.address == nil {
          found.add(at: position, severity: severity, "BAR \(bar.index) has no address")
        } else if !places.isInUse, let command = places.command,
          !command.contains(bar.isIO ? .io : .memory)
        {
          // While a driver is at work it is a state of the whole function.
          found.add(
            at: position, severity: severity,
            "\(bar.isIO ? "I/O" : "memory") decoding is off in the command register")
        }
      }
    },
    Rule(
      "cap-structures-disjoint", .should, .inferred, "4.1.4",
      "Structures of different types overlap neither each other nor the MSI-X table and pending "
        + "bits.",
      example: "ISR range inside the common configuration range", given: .listWithMSIX
    ) { list, found in
      // The table and the pending bits are two things, too.
      list.findOverlaps(&found) { one, other in
        one != .sharedMemory && other != .sharedMemory && (one == nil || one != other)
      }
    },
    Rule(
      "shm-region-not-control", .must, .normative, "2.10.2",
      "Shared memory does not expose the registers that control the device.",
      example: "shared memory region that covers the common configuration", given: .listWithMSIX
    ) { list, found in
      list.findOverlaps(&found) { $0 == .sharedMemory && $1 != .sharedMemory }
    },
  ]
}

/// A part of a BAR that something occupies.
private struct OccupiedRange {
  /// The capability that says so; nil for MSI-X.
  var position: UInt8?
  var occupant: Occupant
  var bar: UInt8
  var first: UInt64
  var last: UInt64

  enum Occupant: Hashable {
    case msixTable
    case msixPending
    case structure(CapCfgType)
  }

  /// Nil when it is empty, or wraps.
  init?(
    _ occupant: Occupant, bar: UInt8, offset: UInt64, length: UInt64, at position: UInt8? = nil
  ) {
    let (end, overflow) = offset.addingReportingOverflow(length)
    guard length > 0, !overflow else { return nil }
    self.position = position
    self.occupant = occupant
    self.bar = bar
    first = offset
    last = end - 1
  }

  /// The type of a structure; nil for MSI-X.
  var type: CapCfgType? {
    if case .structure(let type) = occupant { type } else { nil }
  }

  var name: String {
    switch occupant {
    case .msixTable: "the MSI-X table"
    case .msixPending: "the MSI-X pending bits"
    case .structure(let type): "the \(type.key ?? "reserved") structure"
    }
  }

  func overlaps(_ other: Self) -> Bool {
    bar == other.bar && first <= other.last && other.first <= last
  }

  /// `BAR 0 at 0x2000 to 0x2fff`.
  var extent: String {
    "BAR \(bar) at \(Hex(first)) to \(Hex(last))"
  }
}

extension ListedCapabilities {
  /// What overlaps, of the structures and of MSI-X, whose type is nil; `concerns` chooses the pairs.
  func findOverlaps(
    _ found: inout Findings, where concerns: (CapCfgType?, CapCfgType?) -> Bool
  ) {
    let ranges = ranges
    for (index, range) in ranges.enumerated() {
      for other in ranges[..<index] where range.overlaps(other) {
        guard concerns(range.type, other.type) || concerns(other.type, range.type) else {
          continue
        }
        found.add(
          at: range.position ?? other.position,
          "\(range.name) (\(range.extent)) overlaps \(other.name) (\(other.extent))")
      }
    }
  }

  /// What the structures that drivers look at occupy, and MSI-X where it was read.
  private var ranges: [OccupiedRange] {
    var ranges: [OccupiedRange] = []
    ranges.reserveCapacity(capabilities.count + 2)
    for capability in pciCapabilities {
      guard let msix = capability.msix else { continue }
      let table = OccupiedRange(
        .msixTable, bar: msix.tableBAR, offset: UInt64(msix.tableOffset), length: msix.tableLength)
      let pending = OccupiedRange(
        .msixPending, bar: msix.pbaBAR, offset: UInt64(msix.pbaOffset), length: msix.pbaLength)
      if let table { ranges.append(table) }
      if let pending { ranges.append(pending) }
    }
    for capability in capabilities
    where capability.locatesStructure && capability.head.cfgType.key != nil
      && !capability.isIgnored
    {
      guard let data = capability.data,
        let range = OccupiedRange(
          .structure(data.cfgType), bar: data.bar, offset: data.offset, length: data.length,
          at: capability.position)
      else { continue }
      ranges.append(range)
    }
    return ranges
  }
}
