/// A manual page in the macros of man(7), made from plain text.
struct Roff {
  private(set) var text = ""
  /// Whether nothing stands below the heading: a paragraph then starts by itself.
  private var startsSection = false

  init(name: String, section: Int, about manual: String) {
    line(
      ".TH \"\(Self.escaped(name.uppercased()))\" \(section) \"\(Version.date)\""
        + " \"\(Self.escaped("\(Version.name) \(Version.number)"))\" \"\(Self.escaped(manual))\"")
    // Words and the blanks between them as they are.
    line(".nh")
    // Else the end of literal lines would let words be divided again.
    line(".nr HY 0")
    line(".ad l")
  }

  mutating func section(_ heading: String) { self.heading(".SH", heading) }
  mutating func subsection(_ heading: String) { self.heading(".SS", heading) }

  private mutating func heading(_ macro: String, _ heading: String) {
    line("\(macro) \(Self.escaped(heading))")
    startsSection = true
  }

  /// Paragraphs, which are divided by blank lines; `variables` stand for values.
  mutating func prose(_ text: String, variables: [Substring] = []) {
    for paragraph in Self.paragraphs(of: text) {
      if !startsSection { line(".PP") }
      append(paragraph, variables)
    }
  }

  /// A term and what is to be said of it.
  mutating func item(_ term: String, _ text: String, variables: [Substring] = []) {
    line(".TP")
    line(term)
    for (index, paragraph) in Self.paragraphs(of: text).enumerated() {
      if index > 0 { line(".IP") }
      append(paragraph, variables)
    }
  }

  /// How a program is called: its name and then `words`.
  mutating func synopsis(_ name: String, _ words: String, variables: [Substring]) {
    line("\(Self.bold(name)) \(Self.marked(words, variables: variables))")
  }

  /// Lines to be shown as they are.
  mutating func literal(_ text: String) {
    for macro in [".PP", ".RS 4", ".EX"] { line(macro) }
    for line in text.split(separator: "\n") { textLine(Self.escaped(String(line))) }
    for macro in [".EE", ".RE"] { line(macro) }
  }

  /// Each sentence on a line of its own, so that all of them are followed by the same space.
  private mutating func append(_ paragraph: [Substring], _ variables: [Substring]) {
    var sentence: [Substring] = []
    for (index, word) in paragraph.enumerated() {
      sentence.append(word)
      guard index == paragraph.count - 1 || word.hasSuffix(".") && !word.hasSuffix("..") else {
        continue
      }
      textLine(Self.marked(sentence.joined(separator: " "), variables: variables))
      sentence = []
    }
  }

  /// A line that is no macro, even if it begins as one does.
  private mutating func textLine(_ content: String) {
    line((content.hasPrefix(".") ? "\\&" : "") + content)
  }

  private mutating func line(_ content: String) {
    text += content + "\n"
    startsSection = false
  }

  /// The words of each.
  private static func paragraphs(of text: String) -> [[Substring]] {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .split { $0.isEmpty }
      .map { lines in lines.flatMap { $0.split(separator: " ") } }
  }
}

extension Roff {
  static func bold(_ text: String) -> String { "\\fB\(escaped(text))\\fR" }
  static func italic(_ text: String) -> String { "\\fI\(escaped(text))\\fR" }

  /// A line with options and pages of the manual in bold, and `variables` in italic.
  static func marked(_ text: String, variables: [Substring] = []) -> String {
    var result = ""
    var rest = text[...]
    while let first = rest.first {
      let isWord = isOfWord(first)
      var run = rest.prefix { isOfWord($0) == isWord }
      // A full stop is within a word or after it.
      while isWord, run.count > 1, run.last == "." { run.removeLast() }
      rest = rest.dropFirst(run.count)
      if variables.contains(run) {
        result += italic(String(run))
      } else if isWord, isOption(run) || isPageNumber(rest) {
        result += bold(String(run))
      } else {
        result += escaped(String(run))
      }
    }
    return result
  }

  /// The text as it is, whatever it holds: every hyphen and quote is the one of ASCII, so that what
  /// is copied from the page can be used.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": result += "\\e"
      case "-": result += "\\-"
      case "'": result += "\\(aq"
      case "\"": result += "\\(dq"
      case "`": result += "\\(ga"
      case "^": result += "\\(ha"
      case "~": result += "\\(ti"
      case " "..."~": result.unicodeScalars.append(scalar)
      default:
        let number = String(scalar.value, radix: 16, uppercase: true)
        result += "\\[u" + String(repeating: "0", count: max(0, 4 - number.count)) + number + "]"
      }
    }
    return result
  }

  private static func isOfWord(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || "-_.".contains(character)
  }

  /// `-x`, `--hex`.
  private static func isOption(_ word: Substring) -> Bool {
    let letters = word.drop { $0 == "-" }
    return (1...2).contains(word.count - letters.count) && letters.first?.isLetter == true
  }

  /// `(8)`.
  private static func isPageNumber(_ text: Substring) -> Bool {
    guard text.first == "(", let digit = text.dropFirst().first, text.dropFirst(2).first == ")"
    else { return false }
    return digit.isNumber
  }
}

extension String {
  /// The phrase of a table as a sentence.
  var sentence: String {
    let end = hasSuffix(".") ? "" : "."
    return prefix(1).uppercased() + dropFirst() + end
  }
}
