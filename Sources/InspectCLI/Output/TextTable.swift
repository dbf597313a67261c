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
    fileprivate static let empty = Cell(text: "")

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

  /// A cell whose row is not printed yet.
  private struct HeldCell {
    /// Where its text ends in that of all cells.
    let end: Int
    let width: Int
    let style: Style
  }

  private let columns: [Column]
  private let painter: Painter
  private let indent: Int
  /// How long a line may be, in columns of a terminal: the last column wraps.
  private let lineLength: Int
  private let measuredRows: Int
  private var widths: [Int]
  /// The heading line, which only rows bring out.
  private var headings: [Cell]?
  /// Whether rows wait for the widths to be known.
  private var isMeasuring = true
  private var heldRows = 0
  /// The cells of the rows that are not printed yet, row after row, and the text of all of them.
  private var cells: [HeldCell] = []
  private var text: [UInt8] = []

  /// No cell makes a column wider than this.
  static let widest = 200
  /// About so many bytes of rows wait for the widths to be known.
  private static let mostBytes = 4 << 20

  /// `showsHeadings` false leaves the heading line out. The widths are those of the first
  /// `measuredRows`.
  init(
    _ columns: [Column], painter: Painter, showsHeadings: Bool = true, indent: Int = 0,
    lineLength: Int = .max, measuredRows: Int = 16_384
  ) {
    self.columns = columns
    self.painter = painter
    self.indent = indent
    self.lineLength = lineLength
    self.measuredRows = measuredRows
    widths = columns.map { _ in 0 }
    headings = showsHeadings ? columns.map { Cell(text: $0.heading, style: .heading) } : nil
  }

  /// Adds a row, and gives `write` each that can be printed already.
  mutating func add(_ row: [Cell], _ write: ((inout [UInt8]) -> Void) -> Void) {
    addHeadings()
    for column in columns.indices {
      add(column < row.count ? row[column] : .empty, in: column)
    }
    endRow(write)
  }

  /// Adds a row of what `append` appends for each column: escaped, and a dash where that is nothing.
  /// Gives `write` each row that can be printed already.
  mutating func add(
    _ append: (_ column: Int, inout [UInt8]) -> Void,
    _ write: ((inout [UInt8]) -> Void) -> Void
  ) {
    addHeadings()
    for column in columns.indices {
      let start = text.count
      append(column, &text)
      if text.count == start {
        text.append(UInt8(ascii: "-"))
        hold(width: 1, .faint, in: column)
      } else if isPlain(text.span.extracting(start...)) {
        hold(width: text.count - start, .plain, in: column)
      } else {
        let cell = Cell(text: escaped(String(decoding: text[start...], as: UTF8.self)))
        text.removeSubrange(start...)
        add(cell, in: column)
      }
    }
    endRow(write)
  }

  /// Gives `write` the rows that still wait.
  mutating func finish(_ write: ((inout [UInt8]) -> Void) -> Void) {
    isMeasuring = false
    var (first, start) = (0, 0)
    while first < cells.count {
      write { appendRow(at: first, textFrom: start, to: &$0) }
      first += columns.count
      start = cells[first - 1].end
    }
    cells.removeAll(keepingCapacity: true)
    text.removeAll(keepingCapacity: true)
  }

  /// Adds a row; appends to `text` what can be printed already.
  mutating func add(_ row: [Cell], to text: inout [UInt8]) {
    add(row) { $0(&text) }
  }

  /// Appends the rows that still wait.
  mutating func finish(_ text: inout [UInt8]) {
    finish { $0(&text) }
  }

  private mutating func addHeadings() {
    guard let headings = headings.take() else { return }
    for column in columns.indices { add(headings[column], in: column) }
    heldRows += 1
  }

  private mutating func add(_ cell: Cell, in column: Int) {
    text += cell.text.utf8
    hold(width: cell.width, cell.style, in: column)
  }

  /// Makes a cell of the text after that of the last one.
  private mutating func hold(width: Int, _ style: Style, in column: Int) {
    if isMeasuring, width <= Self.widest { widths[column] = max(widths[column], width) }
    cells.append(HeldCell(end: text.count, width: width, style: style))
  }

  private mutating func endRow(_ write: ((inout [UInt8]) -> Void) -> Void) {
    heldRows += 1
    let bytes = text.count + cells.count * MemoryLayout<HeldCell>.stride
    guard isMeasuring, heldRows <= measuredRows, bytes <= Self.mostBytes else {
      return finish(write)
    }
  }

  private func appendRow(at first: Int, textFrom start: Int, to output: inout [UInt8]) {
    let lead = lineLength < .max ? leadOfLast(inRowAt: first) : 0
    let wraps = lineLength < .max && lead + cells[first + columns.count - 1].width > lineLength
    // Blanks wait until something comes after them, so that no line ends with any.
    var pending = indent
    output.append(addingCapacity: capacity(ofRowAt: first, textFrom: start)) { row in
      var start = start
      for column in wraps ? columns.indices.dropLast() : columns.indices[...] {
        let cell = cells[first + column]
        let blanks = max(0, widths[column] - cell.width)
        let isRight = columns[column].alignment == .right
        if cell.end == start {
          pending += blanks
        } else {
          row.append(repeating: UInt8(ascii: " "), count: pending + (isRight ? blanks : 0))
          painter.paint(text.span.extracting(start..<cell.end), cell.style, to: &row)
          pending = isRight ? 0 : blanks
        }
        pending += Self.gap
        start = cell.end
      }
      if !wraps { row.append(UInt8(ascii: "\n")) }
    }
    if wraps { appendLast(ofRowAt: first, at: lead, after: pending, to: &output) }
  }

  /// Where the last column of a row begins.
  private func leadOfLast(inRowAt first: Int) -> Int {
    columns.indices.dropLast().reduce(indent) { lead, column in
      lead + max(widths[column], cells[first + column].width) + Self.gap
    }
  }

  /// Appends the last cell of a row in lines that are not too long, the first behind so many blanks,
  /// or below the row if little room is left there. What continues a line stands further in.
  private func appendLast(
    ofRowAt first: Int, at lead: Int, after blanks: Int, to output: inout [UInt8]
  ) {
    let index = first + columns.count - 1
    let cell = cells[index]
    let start = index > 0 ? cells[index - 1].end : 0
    let text = String(decoding: text[start..<cell.end], as: UTF8.self)
    let leading = String(text.prefix { $0 == " " })
    let isBelow = lineLength - lead < Self.leastRoom
    let margin = isBelow ? indent + 4 : lead
    var lines: [String] = []
    for word in text.split(separator: " ") {
      let line = lines.last.map { "\($0) \(word)" }
      let room = lineLength - margin - leading.count - (lines.count > 1 ? Self.gap : 0)
      if let line, line.columnCount <= room {
        lines[lines.count - 1] = line
      } else {
        lines.append(String(word))
      }
    }
    for (index, line) in lines.enumerated() {
      let isFirst = index == 0
      if !isFirst || isBelow { output.append(UInt8(ascii: "\n")) }
      let count = isFirst ? (isBelow ? margin : blanks) : margin + Self.gap
      output += repeatElement(UInt8(ascii: " "), count: count)
      painter.paint(leading + line, cell.style, to: &output)
    }
    output.append(UInt8(ascii: "\n"))
  }

  /// With less room than this the last column stands below its row.
  private static let leastRoom = 20
  /// The blanks between two columns.
  private static let gap = 2

  /// As many bytes as a row takes at most.
  private func capacity(ofRowAt first: Int, textFrom start: Int) -> Int {
    var count = indent + cells[first + columns.count - 1].end - start + 1
    for width in widths { count += width + Self.gap + Painter.mostAdded }
    return count
  }
}

extension String {
  /// How many columns of a terminal it takes, taking one for each character.
  var columnCount: Int {
    utf8.allSatisfy { $0 < 0x80 } ? utf8.count : count
  }
}
