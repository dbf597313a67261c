import VirtioConformance
import VirtioPCI

/// What lies where in one BAR, by offset: what `--layout` shows.
struct BARLayout {
  /// The number that capabilities name it by.
  let number: UInt8
  let reference: BARReference
  /// In the order of their offsets.
  let rows: [Row]

  /// A range of bytes in the BAR.
  struct Row {
    let kind: Kind
    let first: UInt64
    /// Nil for an empty range.
    let last: UInt64?

    enum Kind {
      case occupant(Occupant)
      /// Nothing that the function names.
      case gap
      /// The doorbell of these queues.
      case doorbell(Queues)
      /// The same outside the notify structure, where a write of the driver would go nevertheless.
      case strayDoorbell(Queues)
      /// What two occupants share.
      case overlap(Occupant, Occupant)
      /// The part of an occupant that the BAR does not have.
      case pastEnd(Occupant)
    }
  }

  /// What may occupy a range.
  enum Occupant: Hashable {
    case structure(CapCfgType, id: UInt8, position: UInt8)
    case msixTable(vectors: Int)
    case msixPendingBits
  }

  enum Queues {
    case every
    /// By their indices, ascending.
    case some([UInt16])
  }

  /// That of each BAR which is there or which something is said to be in.
  static func all(of function: Function) -> [BARLayout] {
    let ranges = Range.all(of: function)
    let numbers = Set(ranges.map(\.bar) + function.bars.map { UInt8($0.index) })
    return numbers.sorted().map { number in
      let reference = function.bar(number)
      let own = ranges.filter { $0.bar == number }
      return BARLayout(
        number: number, reference: reference,
        rows: rows(of: own, size: reference.size) + doorbells(of: function, in: number))
    }
  }

  private init(number: UInt8, reference: BARReference, rows: [Row]) {
    self.number = number
    self.reference = reference
    // What begins at one offset keeps its order: an occupant, what is in it, what is wrong with it.
    self.rows = rows.enumerated().sorted { one, other in
      (one.element.first, one.element.kind.rank, one.offset)
        < (other.element.first, other.element.kind.rank, other.offset)
    }.map(\.element)
  }

  /// The physical address of an offset; nil where the BAR has none.
  func address(of offset: UInt64) -> UInt64? {
    guard case .bar(let bar) = reference, let base = bar.address else { return nil }
    let (address, overflow) = base.addingReportingOverflow(offset)
    return overflow ? nil : address
  }

  /// An occupant and its place.
  private struct Range {
    let occupant: Occupant
    let bar: UInt8
    let first: UInt64
    /// Nil for an empty range; 2^64-1 for one that goes on beyond it.
    let last: UInt64?

    init(_ occupant: Occupant, bar: UInt8, offset: UInt64, length: UInt64) {
      self.occupant = occupant
      self.bar = bar
      first = offset
      let (last, overflow) = offset.addingReportingOverflow(length &- 1)
      self.last = length == 0 ? nil : overflow ? .max : last
    }

    /// What the capabilities and MSI-X say, by offset.
    static func all(of function: Function) -> [Range] {
      var ranges: [Range] = []
      for capability in function.capabilities where capability.locatesStructure {
        guard let data = capability.data else { continue }
        let occupant = Occupant.structure(
          data.cfgType, id: data.id, position: capability.position)
        ranges.append(
          Range(occupant, bar: data.bar, offset: data.offset, length: data.length))
      }
      if let msix = function.msix {
        ranges.append(
          Range(
            .msixTable(vectors: msix.tableSize), bar: msix.tableBAR,
            offset: UInt64(msix.tableOffset), length: msix.tableLength))
        ranges.append(
          Range(
            .msixPendingBits, bar: msix.pbaBAR, offset: UInt64(msix.pbaOffset),
            length: msix.pbaLength))
      }
      return ranges.sorted { $0.first < $1.first }
    }

    /// Where both are; nil where no byte is.
    func overlap(with other: Range) -> (first: UInt64, last: UInt64)? {
      guard let last, let otherLast = other.last else { return nil }
      let both = (first: max(first, other.first), last: min(last, otherLast))
      return both.first <= both.last ? both : nil
    }
  }

  /// The ranges, which are sorted, with what is between them and what is wrong with them.
  private static func rows(of ranges: [Range], size: UInt64?) -> [Row] {
    var rows: [Row] = []
    // The first byte that nothing before occupies; nil at 2^64.
    var next: UInt64? = 0
    for (index, range) in ranges.enumerated() {
      if let start = next, start < range.first {
        rows.append(Row(kind: .gap, first: start, last: range.first - 1))
        next = range.first
      }
      rows.append(Row(kind: .occupant(range.occupant), first: range.first, last: range.last))
      for other in ranges[..<index] {
        guard let both = range.overlap(with: other) else { continue }
        rows.append(
          Row(
            kind: .overlap(other.occupant, range.occupant), first: both.first, last: both.last))
      }
      guard let last = range.last else { continue }
      if let size, last >= size {
        rows.append(
          Row(kind: .pastEnd(range.occupant), first: max(size, range.first), last: last))
      }
      next = next.flatMap { max($0, last) == .max ? nil : max($0, last + 1) }
    }
    guard let size, let start = next, start < size else { return rows }
    return rows + [Row(kind: .gap, first: start, last: size - 1)]
  }

  /// The doorbells in the notify structure that drivers use, where it is in this BAR: of the queues that
  /// were read, or of all where the multiplier puts them at one place.
  private static func doorbells(of function: Function, in number: UInt8) -> [Row] {
    guard let notify = function.place(of: .notify)?.data, notify.bar == number,
      let multiplier = notify.notifyOffMultiplier
    else { return [] }
    let width = function.doorbellWidth
    let row = { (queues: Queues, notifyOff: UInt16) in
      // The product is at most 2^48, and offsets of a notify structure have 32 bits.
      let first = notify.offset &+ UInt64(notifyOff) &* UInt64(multiplier)
      let isInside = notify.doorbell(notifyOff: notifyOff, width: width) != nil
      return Row(
        kind: isInside ? .doorbell(queues) : .strayDoorbell(queues), first: first,
        last: first &+ UInt64(width) &- 1)
    }
    guard multiplier > 0 else { return [row(.every, 0)] }
    let queues = (function.registers?.queues ?? []).filter { $0.size > 0 }
    return Dictionary(grouping: queues, by: \.notifyOff).sorted { $0.key < $1.key }.map {
      row(.some($1.map(\.index)), $0)
    }
  }
}

extension BARLayout.Row.Kind {
  /// What comes first of rows that begin at one offset.
  fileprivate var rank: Int {
    switch self {
    case .occupant: 0
    case .gap, .doorbell, .strayDoorbell: 1
    case .overlap, .pastEnd: 2
    }
  }
}

extension BARReference {
  /// How many bytes there are, where that is known.
  fileprivate var size: UInt64? {
    if case .bar(let bar) = self { bar.size } else { nil }
  }
}
