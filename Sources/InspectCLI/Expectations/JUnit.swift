/// The XML that JUnit writes and CI systems read.
enum JUnit {
  static func text(_ cases: [ReportCase]) -> String {
    var suites: [(name: String, cases: [ReportCase])] = []
    var places: [String: Int] = [:]
    for item in cases {
      let place = places[item.suite] ?? suites.count
      if place == suites.count { suites.append((item.suite, [])) }
      places[item.suite] = place
      suites[place].cases.append(item)
    }
    let name = attribute("name", Version.name)
    return #"<?xml version="1.0" encoding="UTF-8"?>"# + "\n<testsuites\(name)\(counts(cases))>\n"
      + suites.map { suite in
        "  <testsuite\(attribute("name", suite.name))\(counts(suite.cases))>\n"
          + suite.cases.map { element($0) }.joined() + "  </testsuite>\n"
      }.joined() + "</testsuites>\n"
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
