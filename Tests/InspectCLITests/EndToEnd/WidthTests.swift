import TestSupport
import Testing

@Suite("Width of the terminal")
struct WidthTests {
  /// The longest line of features on a terminal of so many columns; those of a file without any.
  private func longestLine(columns: Int?) throws -> Int {
    let tree = "\(Fixtures.folder)/sysfs/firecracker"
    let inspect = #"'"$0"' --color=never --sysfs '"$1"' 0000:00:03.0"#
    let outcome = try BuiltProgram.run(
      [tree],
      by: columns.map { "script -qec 'stty cols \($0); \(inspect)' /dev/null" }
        ?? #"exec "$0" --sysfs "$1" 0000:00:03.0"#)
    let lines = outcome.output.split(whereSeparator: \.isNewline).map(String.init)
    let start = try #require(lines.firstIndex { $0.hasPrefix("  features") })
    let end = try #require(lines[start...].firstIndex { $0.hasPrefix("  BAR") })
    return try #require(lines[start..<end].map(\.count).max())
  }

  @Test(
    "words are broken where the terminal ends, and before 100 columns",
    .enabled(if: Tool("script") != nil), arguments: [60, 80, 100, 200, nil])
  func words(columns: Int?) throws {
    let longest = try longestLine(columns: columns)
    let limit = min(columns ?? 100, 100)
    #expect(longest <= limit)
    #expect(longest > limit - 30)
  }
}
