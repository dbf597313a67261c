/// A terminal with something in it, as an SVG.
public enum TerminalPicture {
  /// `text` with the SGR sequences that the program uses.
  public static func svg(of text: String) -> String {
    let rows = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map {
      pieces(of: $0)
    }
    let columns = rows.map { row in row.reduce(0) { $0 + $1.text.count } }.max() ?? 0
    // Tenths of a pixel, so that no floating point is printed.
    let width = columns * 84 / 10 + 2 * margin
    let height = rows.count * lineHeight + 2 * margin
    var svg = """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" \
      viewBox="0 0 \(width) \(height)" font-size="14" fill="#d6dbe3" xml:space="preserve" \
      font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace">
      <rect width="100%" height="100%" rx="8" fill="#1b1f27"/>

      """
    for (number, row) in rows.enumerated() where !row.isEmpty {
      let count = row.reduce(0) { $0 + $1.text.count }
      let y = margin + number * lineHeight + 15
      // The length is given, so that columns stand below each other in every font.
      svg += #"<text x="\#(margin)" y="\#(y)" textLength="\#(count * 84 / 10)">"#
      for piece in row { svg += piece.svg }
      svg += "</text>\n"
    }
    return svg + "</svg>\n"
  }

  private static let margin = 16
  private static let lineHeight = 20

  private struct Piece {
    var text: Substring
    /// The parameters of the SGR sequence before it.
    var style: Substring

    var svg: String {
      let escaped = text.map { ["&": "&amp;", "<": "&lt;", ">": "&gt;"][$0] ?? String($0) }.joined()
      let attributes = [
        "1": ##"fill="#ffffff" font-weight="bold""##, "2": ##"fill="#7d8796""##,
        "31": ##"fill="#ff6e6e""##, "33": ##"fill="#e5c07b""##,
      ]
      return attributes[String(style)].map { "<tspan \($0)>\(escaped)</tspan>" } ?? escaped
    }
  }

  private static func pieces(of line: Substring) -> [Piece] {
    var pieces: [Piece] = []
    for (number, part) in line.split(separator: "\u{1B}[", omittingEmptySubsequences: false)
      .enumerated()
    {
      let style = number == 0 ? "" : part.prefix { $0 != "m" }
      let text = number == 0 ? part : part.dropFirst(style.count + 1)
      if !text.isEmpty { pieces.append(Piece(text: text, style: style)) }
    }
    return pieces
  }
}
