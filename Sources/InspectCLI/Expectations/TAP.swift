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

  /// A block of YAML. A string of JSON is one of YAML.
  private static func diagnostics(_ reasons: [String]) -> String {
    let lines = reasons.map { reason in
      var writer = JSONWriter(compact: true)
      writer.string(escaped(reason))
      return "    - \(String(decoding: writer.bytes, as: UTF8.self))\n"
    }
    return "  ---\n  reasons:\n\(lines.joined())  ...\n"
  }
}
