import PCIAccess
import SystemPackage

/// Commands of GitHub Actions, which it shows beside the log.
enum Annotation {
  /// Prints them to standard error.
  static func print(_ cases: Limited<ReportCase>) {
    let rest = { (count: Int) in
      ReportCase(suite: Version.name, name: "more", ["\(count) more failures"])
    }
    for item in cases.all(rest: rest) {
      _ = try? FileDescriptor.standardError.write(all: Array(text(item).utf8))
    }
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
