/// Test Anything Protocol, version 14.
enum TAP {
  static let begin = "TAP version 14\n"

  static func text(of item: ReportCase, number: Int) -> String {
    let title = "\(number) - \(escape("\(item.suite): \(item.name)"))"
    return switch item.outcome {
    case .passed: "ok \(title)\n"
    case .skipped(let reason): "ok \(title) # SKIP \(escape(reason))\n"
    case .failed(let reasons): "not ok \(title)\n" + diagnostics(reasons)
    }
  }

  /// The plan, which may come last.
  static func end(count: Int) -> String { "1..\(count)\n" }

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
