import TestSupport
import Testing

@Suite("Colors")
struct ColorTests {
  private static let arguments = ["--sysfs", "\(Fixtures.folder)/sysfs/unbound"]

  @Test(
    "without a terminal there are colors only when they are asked for",
    arguments: [
      ([], false), (["--color=auto"], false), (["--color=never"], false),
      (["--color=always"], true), (["--color=always", "-x"], false),
    ])
  func noTerminal(options: [String], isColored: Bool) throws {
    let outcome = InProcess.run(Self.arguments + options)
    #expect(outcome.output.contains("\u{1B}[") == isColored)
  }

  @Test(
    "on a terminal there are colors unless NO_COLOR or the terminal's kind forbids them",
    .enabled(if: Tool("script") != nil),
    arguments: [
      ([:], [], true), (["NO_COLOR": "1"], [], false), (["NO_COLOR": ""], [], true),
      (["TERM": "dumb"], [], false), ([:], ["--color=never"], false),
      (["NO_COLOR": "1"], ["--color=always"], true),
    ] as [([String: String], [String], Bool)])
  func terminal(environment: [String: String], options: [String], isColored: Bool) throws {
    let line = (Self.arguments + options).joined(separator: " ")
    let outcome = try BuiltProgram.run(
      [line], by: #"export PROGRAM="$0"; script -qec "\"\$PROGRAM\" $1" /dev/null"#,
      environment: environment)
    #expect(outcome.output.contains("0000:00:10.0"))
    #expect(outcome.output.contains("\u{1B}[") == isColored)
  }
}
