import Foundation
import TestSupport
import Testing

@testable import InspectCLI

/// The program without a process of its own: for what it prints, and not for how it is run. Output goes
/// to no terminal, and `--wait` does not wait.
enum InProcess {
  static func run(
    _ words: [String] = [], in surroundings: Surroundings = Surroundings()
  ) -> BuiltProgram.Outcome {
    do throws(UsageError) {
      let arguments = try Parser.parse(words)
      if let text = Program.text(for: arguments) {
        return BuiltProgram.Outcome(status: 0, output: text, error: "")
      }
      let standards = try Standards(arguments)
      let output: StandardOutput = arguments.isQuiet ? .discarding() : .keeping()
      var run = try Run(arguments, standards, to: output, in: surroundings)
      let status = run.look()
      return BuiltProgram.Outcome(
        status: status.rawValue, output: String(decoding: run.output.kept, as: UTF8.self),
        error: run.messages.joined())
    } catch {
      return BuiltProgram.Outcome(
        status: ExitStatus.usage.rawValue, output: "", error: Diagnostic.line("\(error)"))
    }
  }
}

extension BuiltProgram.Outcome {
  /// What jq makes of the output.
  func jq(_ arguments: String...) throws -> String { try jq(arguments) }

  func jq(_ arguments: [String]) throws -> String {
    let file = try TemporaryFile(output.utf8)
    return try #require(Tool("jq")).run(arguments, input: file.path).output
  }
}
