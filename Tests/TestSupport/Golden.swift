import Foundation

/// Output that was read by a person once and must stay so: the files of `Fixtures/golden`, and what
/// is made from the program's tables and committed.
public enum Golden {
  /// How `text` differs from the golden file `name`, line by line; nil when it does not.
  public static func difference(_ text: String, from name: String) throws -> String? {
    try difference(text, fromGenerated: "Tests/Fixtures/golden/\(name)")
  }

  /// How `text` differs from the file at `name` in the package; nil when it does not.
  ///
  /// With `RECORD=1` in the environment the file is rewritten, and a change of it is still a
  /// difference, so that the test fails and somebody reads `git diff`.
  public static func difference(_ text: String, fromGenerated name: String) throws -> String? {
    let path = "\(Fixtures.package)/\(name)"
    let golden = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    guard !golden.utf8.elementsEqual(text.utf8) else { return nil }
    if ProcessInfo.processInfo.environment["RECORD"] == "1" {
      try text.write(toFile: path, atomically: true, encoding: .utf8)
      return "\(name) was rewritten; read the difference and run the test again"
    }
    let changes = lines(text).difference(from: lines(golden)).map { change in
      switch change {
      case .remove(let index, let line, _): "-\(index + 1): \(line)"
      case .insert(let index, let line, _): "+\(index + 1): \(line)"
      }
    }
    return "\(name) differs (RECORD=1 rewrites it):\n" + changes.joined(separator: "\n")
  }

  /// Split at line feeds alone, and with them, so that a final one counts.
  private static func lines(_ text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
  }
}
