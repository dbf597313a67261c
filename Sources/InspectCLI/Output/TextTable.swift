/// A table of text with aligned columns and nothing cut.
///
/// Widths come from the heading and the first rows, so that any number of rows takes a bounded
/// memory: a wider cell that comes later shifts its own row alone, and so does one that is wider than
/// any column is made for.
struct TextTable {
  struct Column {
    var heading: String
    var alignment: Alignment = .left
    /// What the manual says of it.
    var meaning = ""
  }

  enum Alignment {
    case left
    case right
  }

  struct Cell {
    let text: String
    let style: Style
    /// How many columns of a terminal the text takes.
    let width: Int

    /// What stands for a value that is not there.
    static let none = Cell(text: "-", style: .faint)

    init(text: String, style: Style = .plain) {
      self.text = text
      self.style = style
      width = text.columnCount
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
  /// How many bytes of rows may still wait.
  private var room = Self.mostBytes
  private var widths: [Int]
  /// The heading line, which only rows bring out.
  private var headings: [Cell]?
  /// The rows that wait for the widths to be known; nil once they are.
  private var held: [[Cell]]? = []

  /// No cell makes a column wider than this.
  static let widest = 200
  /// About so many bytes of rows wait for the widths to be known.
  private static let mostBytes = 4 << 20

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
    headings = showsHeadings ? columns.map { Cell(text: $0.heading, style: .heading) } : nil
  }

  /// Adds a row, and gives `write` each that can be printed already.
  mutating func add(_ row: [Cell], _ write: ((inout [UInt8]) -> Void) -> Void) {
    if let headings = headings.take() { hold(headings) }
    guard let count = held?.count else { return write { append(row, to: &$0) } }
    hold(row)
    if count >= measuredRows || room < 0 { finish(write) }
  }

  /// Gives `write` the rows that still wait.
  mutating func finish(_ write: ((inout [UInt8]) -> Void) -> Void) {
    for row in held.take() ?? [] { write { append(row, to: &$0) } }
  }

  /// Adds a row; appends to `text` what can be printed already.
  mutating func add(_ row: [Cell], to text: inout [UInt8]) {
    add(row) { $0(&text) }
  }

  /// Appends the rows that still wait.
  mutating func finish(_ text: inout [UInt8]) {
    finish { $0(&text) }
  }

  private mutating func hold(_ row: [Cell]) {
    for (index, cell) in row.enumerated() {
      if cell.width <= Self.widest { widths[index] = max(widths[index], cell.width) }
      room -= cell.text.utf8.count + MemoryLayout<Cell>.size
    }
    held?.append(row)
  }

  private func append(_ row: [Cell], to text: inout [UInt8]) {
    // Blanks wait until something comes after them, so that no line ends with any.
    var pending = indent
    for (index, cell) in row.enumerated() {
      let blanks = max(0, widths[index] - cell.width)
      let isRight = columns[index].alignment == .right
      if cell.text.isEmpty {
        pending += blanks
      } else {
        text.append(
          contentsOf: repeatElement(UInt8(ascii: " "), count: pending + (isRight ? blanks : 0)))
        painter.paint(cell.text, cell.style, to: &text)
        pending = isRight ? 0 : blanks
      }
      pending += 2
    }
    text.append(UInt8(ascii: "\n"))
  }
}

extension String {
  /// How many columns of a terminal it takes, taking one for each character.
  var columnCount: Int {
    utf8.allSatisfy { $0 < 0x80 } ? utf8.count : count
  }
}
