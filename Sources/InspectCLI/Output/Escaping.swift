/// The text with everything made visible that a terminal would obey or hide (see
/// `Unicode.Scalar.isHidden`), with the replacement character, which stands for bytes that were not
/// UTF-8, and with the beginning of every command of a CI system broken (see `CommandBreaker`).
///
/// Escapes are `\n`, `\r`, `\t` and `\u{1b}`. A backslash stays as it is, so that escaping twice
/// does no harm.
func escaped(_ text: String) -> String {
  if isPlain(text.utf8.span) { return text }
  var breaker = CommandBreaker()
  var result = ""
  for scalar in text.unicodeScalars {
    let isCommand = breaker.breaks(before: scalar)
    switch scalar {
    case "\n": result += #"\n"#
    case "\r": result += #"\r"#
    case "\t": result += #"\t"#
    case _ where isCommand || scalar.isHidden || scalar == "\u{FFFD}":
      result += "\\u{\(String(scalar.value, radix: 16))}"
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result
}

/// Whether `text` is ASCII of which nothing can need an escape, in a JSON string where it `isQuoted`:
/// nearly all text is.
@inline(__always)
func isPlain(_ text: Span<UInt8>, isQuoted: Bool = false) -> Bool {
  var last: UInt8 = 0
  for index in text.indices {
    let byte = text[index]
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): if isQuoted { return false }
    case 0x20...0x7E:
      if byte == last, byte == UInt8(ascii: "#") || byte == UInt8(ascii: ":") { return false }
    default: return false
    }
    last = byte
  }
  return true
}

/// Finds where a text could begin a command of a CI system that reads the output.
///
/// GitHub's runner obeys a line that begins, after blanks, with `::`, and `##[` anywhere; Azure
/// Pipelines obeys `##vso[`, TeamCity `##teamcity[`. A word may come first in a line wherever lines
/// are wrapped. So the second colon of a word that begins with two is escaped, and every number sign
/// after another; `a::b` and `#1` stay as they are.
struct CommandBreaker {
  private var last: Unicode.Scalar = " "
  private var beginsWord = false

  /// Whether `scalar`, which comes next, would complete the beginning of a command.
  mutating func breaks(before scalar: Unicode.Scalar) -> Bool {
    defer {
      beginsWord = last == " "
      last = scalar
    }
    switch scalar {
    case "#": return last == "#"
    case ":": return last == ":" && beginsWord
    default: return false
    }
  }
}

extension Unicode.Scalar {
  /// Whether it shows nothing, or makes a terminal do something else than show a character: control
  /// and format characters (which can reverse text or hide in it), line and paragraph separators,
  /// blanks other than the space, what Unicode says to ignore where it is not supported, and what
  /// has no assigned shape.
  var isHidden: Bool {
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate,
      .unassigned:
      true
    case .spaceSeparator: self != " "
    default: properties.isDefaultIgnorableCodePoint || Self.emptyShapes.contains(self)
    }
  }

  /// Letters and symbols whose shape is empty: a Braille pattern without dots, a note without a head,
  /// fillers of Khitan and Egyptian.
  private static let emptyShapes: [Unicode.Scalar] = [
    "\u{2800}", "\u{16FE4}", "\u{1D159}", "\u{13441}", "\u{13442}",
  ]
}
