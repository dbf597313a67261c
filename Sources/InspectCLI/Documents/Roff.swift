/// A manual page in the macros of man(7), made from plain text.
struct Roff {
  private(set) var text: String

  /// A paragraph, or lines to be shown as they are: those of a text that begin with two blanks.
  private enum Block {
    case prose(String)
    case literal([String])
  }

  init(name: String, section: Int, about manual: String) {
    text = ""
    line(
      ".TH \"\(Self.escaped(name.uppercased()))\" \(section) \"\(Version.date)\""
        + " \"\(Self.escaped("\(Version.name) \(Version.number)"))\" \"\(Self.escaped(manual))\"")
    // Words and the blanks between them as they are.
    line(".nh")
    // Else the end of literal lines would let words be divided again.
    line(".nr HY 0")
    line(".ad l")
  }

  mutating func section(_ heading: String) { line(".SH \(Self.escaped(heading))") }
  mutating func subsection(_ heading: String) { line(".SS \(Self.escaped(heading))") }

  /// Paragraphs, which are divided by blank lines; `variables` stand for values.
  mutating func prose(_ text: String, variables: [Substring] = []) {
    for block in Self.blocks(of: text) { append(block, after: ".PP", variables: variables) }
  }

  /// A term and what is to be said of it.
  mutating func item(_ term: String, _ text: String, variables: [Substring] = []) {
    line(".TP")
    line(term)
    for (index, block) in Self.blocks(of: text).enumerated() {
      append(block, after: index == 0 ? nil : ".IP", variables: variables)
    }
  }

  /// How a program is called: its name and then `words`.
  mutating func synopsis(_ name: String, _ words: String, variables: [Substring]) {
    line("\(Self.bold(name)) \(Self.marked(words, variables: variables))")
  }

  /// Lines to be shown as they are.
  mutating func literal(_ text: String) {
    append(.literal(text.split(separator: "\n").map { String($0) }), after: ".PP")
  }

  private mutating func append(_ block: Block, after macro: String?, variables: [Substring] = []) {
    if let macro, !startsSection { line(macro) }
    switch block {
    case .prose(let paragraph):
      for sentence in Self.sentences(of: paragraph) {
        textLine(Self.marked(sentence, variables: variables))
      }
    case .literal(let lines):
      line(".RS 4")
      line(".EX")
      for text in lines { textLine(Self.escaped(text)) }
      line(".EE")
      line(".RE")
    }
  }

  /// Whether nothing stands below the heading: a paragraph then starts by itself.
  private var startsSection: Bool {
    let last = text.dropLast().split(separator: "\n").last ?? ""
    return last.hasPrefix(".SH ") || last.hasPrefix(".SS ")
  }

  private mutating func line(_ content: String) { text += content + "\n" }

  /// A line that is no macro, even if it begins as one does.
  private mutating func textLine(_ content: String) {
    line((content.hasPrefix(".") ? "\\&" : "") + content)
  }

  private static func blocks(of text: String) -> [Block] {
    var paragraphs: [[Substring]] = [[]]
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.isEmpty {
        paragraphs.append([])
      } else {
        paragraphs[paragraphs.count - 1].append(line)
      }
    }
    return paragraphs.filter { !$0.isEmpty }.map { lines in
      lines.allSatisfy { $0.hasPrefix("  ") }
        ? .literal(lines.map { String($0.dropFirst(2)) })
        : .prose(lines.joined(separator: " "))
    }
  }

  /// Each on a line of its own, so that all of them are followed by the same space.
  private static func sentences(of paragraph: String) -> [String] {
    var sentences = [""]
    for word in paragraph.split(separator: " ") {
      let last = sentences[sentences.count - 1]
      if last.hasSuffix("."), !last.hasSuffix("..") {
        sentences.append(String(word))
      } else {
        sentences[sentences.count - 1] = last.isEmpty ? String(word) : "\(last) \(word)"
      }
    }
    return sentences
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
