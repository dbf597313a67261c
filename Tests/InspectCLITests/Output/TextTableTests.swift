import Testing

@testable import InspectCLI

@Suite("Text table")
struct TextTableTests {
  private let columns: [TextTable.Column] = [
    .init(heading: "NAME"), .init(heading: "SIZE", alignment: .right), .init(heading: "REST"),
  ]

  private func text(
    _ rows: [[String?]], columns: [TextTable.Column]? = nil, colors: Bool = false,
    showsHeadings: Bool = true, indent: Int = 0, lineLength: Int = .max, measuredRows: Int = 100
  ) -> String {
    var table = TextTable(
      columns ?? self.columns, painter: Painter(isOn: colors), showsHeadings: showsHeadings,
      indent: indent, lineLength: lineLength, measuredRows: measuredRows)
    var bytes: [UInt8] = []
    for row in rows { table.add(row.map { TextTable.Cell($0) }, to: &bytes) }
    table.finish(&bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test("columns are aligned, and what is not there is a dash")
  func aligned() {
    #expect(
      text([["a", "1", "x"], ["longer", nil, "y"], [nil, "12345", nil]]) == """
        NAME     SIZE  REST
        a           1  x
        longer      -  y
        -       12345  -

        """)
  }

  @Test("the last column wraps inside itself, and stands below where it has no room")
  func wrapped() {
    let rows = [["a", "1", "as short"], ["b", "2", "  one two three four five six seven eight"]]
    #expect(
      text(rows, indent: 2, lineLength: 34) == """
          NAME  SIZE  REST
          a        1  as short
          b        2    one two three four
                          five six seven
                          eight

        """)
    #expect(
      text(rows, indent: 2, lineLength: 33) == """
          NAME  SIZE  REST
          a        1  as short
          b        2
                one two three four five
                  six seven eight

        """)
    let word = String(repeating: "x", count: 50)
    #expect(text([["a", "1", word]], lineLength: 40).contains(word))
    for length in 1...60 {
      let lines = text(rows, lineLength: length).split(separator: "\n")
      #expect(lines.allSatisfy { !$0.hasSuffix(" ") })
      #expect(length < 25 || lines.allSatisfy { $0.count <= length }, "\(length)")
    }
  }

  @Test("no line ends with a blank")
  func trailing() {
    let lines = text([["a", "1", ""], ["b", "", ""], ["", "", "c"], ["", "", ""]])
    #expect(
      lines == """
        NAME  SIZE  REST
        a        1
        b
                    c


        """)
  }

  @Test("without headings their width does not count, and an indent comes before each line")
  func noHeadings() {
    #expect(text([["a", "1", "x"]], showsHeadings: false) == "a  1  x\n")
    #expect(text([["a", "1", "x"]], showsHeadings: false, indent: 2) == "  a  1  x\n")
    #expect(text([], showsHeadings: false) == "")
  }

  @Test("a cell wider than those that were measured shifts its own row alone")
  func wide() {
    #expect(
      text(
        [["a", "1", "x"], ["b", "2", "y"], ["wide cell", "3", "z"], ["c", "4", "w"]],
        measuredRows: 1)
          == """
          NAME  SIZE  REST
          a        1  x
          b        2  y
          wide cell     3  z
          c        4  w

          """)
  }

  @Test("rows are held until the widths are known, and no longer", arguments: [1, 3])
  func bounded(measuredRows: Int) {
    var table = TextTable(
      columns, painter: Painter(isOn: false), measuredRows: measuredRows)
    var bytes: [UInt8] = []
    for row in 1...10 {
      table.add(["a", "1", "x"].map { TextTable.Cell(text: $0) }, to: &bytes)
      #expect(bytes.filter { $0 == UInt8(ascii: "\n") }.count == (row < measuredRows ? 0 : row + 1))
    }
  }

  @Test("characters beyond ASCII take one column")
  func unicode() {
    #expect(
      text([["größe", "1", "x"], ["a", "2", "y"]], showsHeadings: false)
        == "größe  1  x\na      2  y\n")
  }

  @Test("colors are there when asked for, and change no alignment")
  func colors() {
    let rows: [[String?]] = [["a", nil, "x"], ["longer", "1", "y"]]
    let colored = text(rows, colors: true)
    #expect(colored.contains("\u{1B}[1mNAME\u{1B}[0m"))
    #expect(colored.contains("\u{1B}[2m-\u{1B}[0m"))
    #expect(colored.replacing(#/\x1B\[[0-9]*m/#, with: "") == text(rows))
    #expect(!text(rows).contains("\u{1B}"))
  }
}
