/// Commands of GitHub Actions, which it shows beside the log.
enum Annotation {
  /// The lines of each, and how many more there are.
  static func texts(_ cases: Limited<ReportCase>) -> [String] {
    let rest = { (count: Int) in
      ReportCase(suite: Version.name, name: "more", ["\(count) more failures"])
    }
    return cases.all(rest: rest).map(text)
  }

  /// A line for each reason.
  static func text(_ item: ReportCase) -> String {
    item.reasons.map { reason in
      let title = escape(property: "\(item.suite): \(item.name)")
      return "::error title=\(title)::\(escape(reason))\n"
    }.joined()
  }

  private static func escape(_ text: String) -> String { replacing("%", in: escaped(text)) }

  private static func escape(property text: String) -> String {
    replacing(":,", in: escape(text))
  }

  /// Each of `characters` as `%` and its hex.
  private static func replacing(_ characters: String, in text: String) -> String {
    text.unicodeScalars.reduce(into: "") { result, scalar in
      if characters.unicodeScalars.contains(scalar) {
        result += "%" + String(scalar.value, radix: 16, uppercase: true)
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
  }
}
