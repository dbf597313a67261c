/// The text with everything made visible that a terminal would obey or hide: control characters,
/// line and paragraph separators, format characters (which can reverse text or hide in it), and
/// the replacement character, which stands for bytes that were not UTF-8.
///
/// Escapes are `\n`, `\r`, `\t` and `\u{1b}`. A backslash stays as it is, so that escaping twice
/// does no harm.
func escaped(_ text: some StringProtocol) -> String {
  if text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) { return String(text) }
  var result = ""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\n": result += #"\n"#
    case "\r": result += #"\r"#
    case "\t": result += #"\t"#
    case _ where scalar.isObeyed || scalar == "\u{FFFD}":
      result += "\\u{\(String(scalar.value, radix: 16))}"
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result
}

extension Unicode.Scalar {
  /// Whether a terminal does something else with it than show a character.
  var isObeyed: Bool {
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: true
    default: false
    }
  }
}
