/// The XML that JUnit writes and CI systems read.
///
/// A suite says how many cases it has, and how many of them failed; the whole does not, since that would
/// have to be known before the first suite. Readers add the suites up.
enum JUnit {
  static let begin =
    #"<?xml version="1.0" encoding="UTF-8"?>"#
    + "\n<testsuites\(attribute("name", Version.name))>\n"
  static let end = "</testsuites>\n"

  /// A suite of these cases.
  static func text(of cases: [ReportCase], name: String) -> String {
    "  <testsuite\(attribute("name", name))\(counts(cases))>\n"
      + cases.map { element($0) }.joined() + "  </testsuite>\n"
  }

  private static func counts(_ cases: [ReportCase]) -> String {
    let failures = cases.count { !$0.reasons.isEmpty }
    let skipped = cases.count { if case .skipped = $0.outcome { true } else { false } }
    return attribute("tests", "\(cases.count)") + attribute("failures", "\(failures)")
      + attribute("errors", "0") + attribute("skipped", "\(skipped)")
  }

  private static func element(_ item: ReportCase) -> String {
    let start =
      "    <testcase\(attribute("classname", item.suite))\(attribute("name", item.name))"
    switch item.outcome {
    case .passed:
      return "\(start)/>\n"
    case .skipped(let reason):
      return "\(start)><skipped\(attribute("message", reason))/></testcase>\n"
    case .failed(let reasons):
      let message = attribute("message", reasons.first ?? "")
      let lines = reasons.map { escape($0) }.joined(separator: "\n")
      return "\(start)><failure\(message)>\(lines)</failure></testcase>\n"
    }
  }

  private static func attribute(_ name: String, _ value: String) -> String {
    " \(name)=\"\(escape(value))\""
  }

  /// XML has no way to write most of what is escaped already: control characters, and the last two
  /// of a plane.
  private static func escape(_ text: String) -> String {
    var result = ""
    for scalar in escaped(text).unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
