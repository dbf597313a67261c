/// A table of text with aligned columns and nothing cut.
///
/// Widths come from the heading and the first rows, so that any number of rows takes a bounded
/// memory: a wider cell that comes later shifts its own row alone.
struct TextTable {
  struct Column {
    var heading: String
    var alignment: Alignment = .left
  }

  enum Alignment {
    case left
    case right
  }

  struct Cell {
    var text: String
    var style: Style = .plain

    /// What stands for a value that is not there.
    static let none = Cell(text: "-", style: .faint)

    init(text: String, style: Style = .plain) {
      self.text = text
      self.style = style
    }

    /// `text`, or a dash.
    init(_ text: String?) {
      self = text.map { Cell(text: $0) } ?? .none
    }
  }

  private let columns: [Column]
  private let painter: Painter
  private let indent: Int
  private let measuredRows: Int
  private var widths: [Int]
  private var held: [[Cell]] = []
  private var isMeasuring = true

  /// `showsHeadings` false leaves the heading line out. The widths are those of the first
  /// `measuredRows`.
  init(
    _ columns: [Column], painter: Painter, showsHeadings: Bool = true, indent: Int = 0,
    measuredRows: Int = 16_384
  ) {
    self.columns = columns
    self.painter = painter
    self.indent = indent
    self.measuredRows = measuredRows
    widths = columns.map { _ in 0 }
    if showsHeadings {
      hold(columns.map { Cell(text: $0.heading, style: .heading) })
    }
  }

  /// Adds a row; what comes back is ready to be printed, if anything is.
  mutating func add(_ row: [Cell]) -> String {
    guard isMeasuring else { return line(row) }
    hold(row)
    guard held.count > measuredRows else { return "" }
    isMeasuring = false
    return takeHeld()
  }

  /// The rows that still wait.
  mutating func finish() -> String {
    isMeasuring = false
    return takeHeld()
  }

  private mutating func hold(_ row: [Cell]) {
    for (index, cell) in row.enumerated() {
      widths[index] = max(widths[index], cell.text.columnCount)
    }
    held.append(row)
  }

  private mutating func takeHeld() -> String {
    defer { held = [] }
    return held.reduce(into: "") { $0 += line($1) }
  }

  private func line(_ row: [Cell]) -> String {
    var line = String(repeating: " ", count: indent)
    var pending = 0
    for (index, cell) in row.enumerated() {
      let blanks = max(0, widths[index] - cell.text.columnCount)
      let isRight = columns[index].alignment == .right
      if !cell.text.isEmpty {
        line += String(repeating: " ", count: pending + (isRight ? blanks : 0))
        line += painter.paint(cell.text, cell.style)
        pending = 0
      }
      pending += (isRight && !cell.text.isEmpty ? 0 : blanks) + 2
    }
    return line + "\n"
  }
}

extension String {
  /// How many columns of a terminal it takes, taking one for each character.
  var columnCount: Int {
    utf8.allSatisfy { $0 < 0x80 } ? utf8.count : count
  }
}
