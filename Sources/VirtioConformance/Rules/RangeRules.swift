import VirtioPCI

extension Rule {
  /// What the places of the structures have to do with each other and with the BARs' state,
  /// VIRTIO 1.4 §4.1.4.
  static let rangeRules: [Rule] = [
    Rule(
      "cap-bar-assigned", .should, .inferred, "4.1.4", needs: [.capabilities, .bars],
      "The BAR of a structure has an address, and its decoding is on, while a driver is at work.",
      example: "structure in memory BAR2 while memory decode is off and the driver is bound"
    ) { function in
      function.structures { position, data in
        guard case .bar(let bar) = function.bar(data.bar) else { return nil }
        let severity: Severity? = function.isInUse ? nil : .note
        guard bar.address != nil else {
          return Finding(at: position, severity: severity, "BAR \(bar.index) has no address")
        }
        guard function.isDecoding(bar) == false else { return nil }
        return Finding(
          at: position, severity: severity,
          "\(bar.isIO ? "I/O" : "memory") decoding is off in the command register")
      }
    },
    Rule(
      "cap-structures-disjoint", .should, .inferred, "4.1.4", needs: .msix,
      "Structures of different types overlap neither each other nor the MSI-X table and pending "
        + "bits.",
      example: "ISR range inside the common configuration range"
    ) { function in
      // The table and the pending bits are two things, too.
      function.rangeOverlaps { $0 == nil || $0 != $1 }
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

extension Function {
  /// What overlaps, of the structures and of MSI-X, whose type is nil; `concerns` chooses the pairs.
  func rangeOverlaps(_ concerns: (CapCfgType?, CapCfgType?) -> Bool) -> [Finding] {
    let ranges = ranges
    return ranges.enumerated().flatMap { index, range in
      ranges[..<index].compactMap { other in
        guard range.overlaps(other),
          concerns(range.type, other.type) || concerns(other.type, range.type)
        else { return nil }
        return Finding(
          at: range.position ?? other.position,
          "\(range.name) (\(range.extent)) overlaps \(other.name) (\(other.extent))")
      }
    }
  }

  /// What the structures that drivers look at occupy, and MSI-X where it was read.
  fileprivate var ranges: [OccupiedRange] {
    var ranges: [OccupiedRange] = []
    for case let msix? in pciCapabilities.lazy.map({ $0.msix }) {
      let table = OccupiedRange(
        .msixTable, bar: msix.tableBAR, offset: UInt64(msix.tableOffset), length: msix.tableLength)
      let pending = OccupiedRange(
        .msixPending, bar: msix.pbaBAR, offset: UInt64(msix.pbaOffset), length: msix.pbaLength)
      ranges += [table, pending].compactMap { $0 }
    }
    for capability in capabilities {
      guard capability.locatesStructure, capability.head.cfgType.key != nil,
        !capability.isIgnored, let data = capability.data,
        let range = OccupiedRange(
          .structure(data.cfgType), bar: data.bar, offset: data.offset, length: data.length,
          at: capability.position)
      else { continue }
      ranges.append(range)
    }
    return ranges
  }
}
