/// Test Anything Protocol, version 14.
enum TAP {
  static func text(_ cases: [ReportCase]) -> String {
    var text = "TAP version 14\n1..\(cases.count)\n"
    for (index, item) in cases.enumerated() {
      let title = "\(index + 1) - \(escape("\(item.suite): \(item.name)"))"
      switch item.outcome {
      case .passed: text += "ok \(title)\n"
      case .skipped(let reason): text += "ok \(title) # SKIP \(escape(reason))\n"
      case .failed(let reasons): text += "not ok \(title)\n" + diagnostics(reasons)
      }
    }
    return text
  }

  /// `#` begins a directive, and a backslash takes its meaning away.
  private static func escape(_ text: String) -> String {
    escaped(text).unicodeScalars.reduce(into: "") { result, scalar in
      if scalar == "#" || scalar == "\\" { result += "\\" }
      result.unicodeScalars.append(scalar)
    }
  }

  /// A block of YAML: a literal text, in which nothing has a meaning.
  private static func diagnostics(_ reasons: [String]) -> String {
    let lines = reasons.map { "    \(escaped($0))\n" }
    return "  ---\n  message: |\n\(lines.joined())  ...\n"
  }
}
