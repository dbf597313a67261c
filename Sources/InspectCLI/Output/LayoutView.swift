import VirtioConformance
import VirtioPCI

/// The BARs of a function as maps by offset.
struct LayoutView {
  let function: Function
  let painter: Painter
  let showsHeadings: Bool
  let lineLength: Int
  /// Whether an empty line may stand between maps: in a dump it would end the function.
  let isSpaced: Bool

  func append(to text: inout [UInt8]) {
    for layout in BARLayout.all(of: function) {
      if isSpaced { text.append(UInt8(ascii: "\n")) }
      appendTitle(of: layout, to: &text)
      appendRows(of: layout, to: &text)
    }
  }

  private func appendTitle(of layout: BARLayout, to text: inout [UInt8]) {
    text += "  ".utf8
    painter.paint("Layout of BAR \(layout.number)", .title, to: &text)
    switch layout.reference {
    case .bar(let bar):
      text += ": \(bar.size.map { ByteCount.long($0) } ?? "size not known")".utf8
      if bar.address == nil { text += ", no address".utf8 }
    case .upperHalf(let bar):
      appendError(", which is the upper half of BAR \(bar.index)", to: &text)
    case .absent: appendError(", which the function does not have", to: &text)
    case .reserved: appendError(", which is a reserved number", to: &text)
    case .unknown: text += ", of which nothing is known".utf8
    }
    text.append(UInt8(ascii: "\n"))
  }

  private func appendError(_ message: String, to text: inout [UInt8]) {
    painter.paint(message, .error, to: &text)
  }

  private func appendRows(of layout: BARLayout, to text: inout [UInt8]) {
    var table = TextTable(
      Self.columns, painter: painter, showsHeadings: showsHeadings, indent: 2,
      lineLength: lineLength)
    let end = layout.rows.map { $0.last ?? $0.first }.max() ?? 0
    let digits = max(4, Hex(end).bare.utf8.count)
    for row in layout.rows {
      let isFaint = row.isGap
      let cell = { (text: String?) in
        text.map { TextTable.Cell(text: $0, style: isFaint ? .faint : .plain) } ?? .none
      }
      let (contents, style) = row.contents
      table.add(
        [
          cell(Hex(row.first, digits: digits).description),
          cell(row.last.map { Hex($0, digits: digits).description }),
          cell(row.length.map { Hex($0).description } ?? "2^64"),
          isFaint ? .none : cell(layout.address(of: row.first).map { Hex($0).description }),
          .init(text: contents, style: style),
        ], to: &text)
    }
    table.finish(&text)
  }

  /// What stands in each column: one line without a full stop.
  static let columns: [TextTable.Column] = [
    .init(heading: "OFFSET", meaning: "the first byte, in the BAR"),
    .init(heading: "END", meaning: "the last byte"),
    .init(heading: "LENGTH", alignment: .right, meaning: "how many bytes"),
    .init(heading: "ADDRESS", meaning: "physical address of the first byte"),
    .init(
      heading: "CONTENTS",
      meaning: "the structure and the position of its capability, or what is wrong there"),
  ]
}

extension BARLayout.Row {
  fileprivate var isGap: Bool {
    if case .gap = kind { true } else { false }
  }

  /// Nil for 2^64 bytes.
  fileprivate var length: UInt64? {
    guard let last else { return 0 }
    let (length, overflow) = (last - first).addingReportingOverflow(1)
    return overflow ? nil : length
  }

  fileprivate var contents: (text: String, style: Style) {
    switch kind {
    case .occupant(let occupant): (occupant.label, .plain)
    case .gap: ("gap", .faint)
    case .doorbell(let queues): ("  doorbell of \(queues.label)", .plain)
    case .strayDoorbell(let queues): ("  outside notify: doorbell of \(queues.label)", .error)
    case .overlap(let one, let other):
      // A device may name a structure twice, VIRTIO 1.4 §4.1.4.
      ("  overlap: \(one.name), \(other.name)", one.name == other.name ? .warning : .error)
    case .pastEnd(let occupant): ("  past the end: \(occupant.name)", .error)
    }
  }
}

extension BARLayout.Occupant {
  fileprivate var name: String {
    switch self {
    case .structure(.sharedMemory, let id, position: _): "shared_memory \(id)"
    case .structure(let type, id: _, position: _): type.label
    case .msixTable: "MSI-X table"
    case .msixPendingBits: "MSI-X pending bits"
    }
  }

  /// The name, and where it comes from.
  fileprivate var label: String {
    switch self {
    case .structure(_, id: _, let position): "\(name) (\(Hex(position)))"
    case .msixTable(let vectors): "\(name), \(vectors) vector\(vectors == 1 ? "" : "s")"
    case .msixPendingBits: name
    }
  }
}

extension BARLayout.Queues {
  fileprivate var label: String {
    switch self {
    case .every: "every queue"
    case .some(let indices) where indices.count == 1: "queue \(indices[0])"
    case .some(let indices): "queues \(Self.ranges(of: indices).joined(separator: ", "))"
    }
  }

  /// `0 to 3`, `5`.
  private static func ranges(of indices: [UInt16]) -> [String] {
    var ranges: [ClosedRange<Int>] = []
    for index in indices.map({ Int($0) }).sorted() {
      if let last = ranges.last, last.upperBound + 1 == index {
        ranges[ranges.count - 1] = last.lowerBound...index
      } else {
        ranges.append(index...index)
      }
    }
    return ranges.map { range in
      range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
    }
  }
}
