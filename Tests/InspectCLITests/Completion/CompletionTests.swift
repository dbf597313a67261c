import Foundation
import TestSupport
import Testing

@testable import InspectCLI

@Suite("Completions")
struct CompletionTests {
  /// What the program answers, a list of fields for each option.
  private func options() throws -> [[String]] {
    let outcome = try BuiltProgram.run(["--complete", "options"])
    #expect(outcome.error == "")
    return outcome.output.split(separator: "\n").map { line in
      line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    }
  }

  @Test("the program says all that a shell has to know of each option that people are shown")
  func fields() throws {
    let lines = try options()
    #expect(lines.map { $0[0] } == Option.shown.map { $0.spellings.joined(separator: " ") })
    for (fields, option) in zip(lines, Option.shown) {
      try #require(fields.count == 6)
      #expect(!fields.contains(""))
      #expect((fields[1] == "flag") == (option.value == nil))
      #expect(fields[2] == option.value?.placeholder ?? "-")
      #expect(fields[5] == option.summary)
    }
  }

  @Test(
    "and what its value is, what holds of it, and what excludes it",
    arguments: [
      ["--dump -F", "file", "FILE", "repeatable place"],
      ["--report", "words text tap junit", "FORMAT", "-", "--report --quiet -q"],
      ["--slot -s", "addresses", "SPEC", "-", "--slot -s"],
      ["--json -J", "flag", "-", "-", "--json -J --jsonl --quiet -q --layout --hex -x"],
      ["--hex -x", "flag", "-", "-", "--hex -x --diff --json -J --jsonl --output -o --quiet -q"],
      ["--version -V", "flag", "-", "last", "*"],
    ])
  func row(beginning: [String]) throws {
    let fields = try #require(try options().first { $0[0] == beginning[0] })
    #expect(Array(fields.prefix(beginning.count)) == beginning)
  }

  @Test("a summary may hold what means something to a shell", arguments: Shell.allCases)
  func escaping(shell: Shell) throws {
    let summary = #"it's [a] "b:c" \d $(touch e) `f` %g"#
    try withScratchFolder { folder in
      let lines = ["--odd-one", "--odd-two"].map { "\($0)\tflag\t-\t-\t\($0)\t\(summary)\n" }
      try Data(lines.joined().utf8).write(to: URL(filePath: "\(folder)/options"))
      let program = "\(folder)/\(Version.name)"
      try Data("#!/bin/sh\ncat '\(folder)/options'\n".utf8).write(to: URL(filePath: program))
      #expect(chmod(program, 0o755) == 0)
      let tree = try SysfsFixture()
      let terminal = try shell.terminal(in: tree.root, keeping: folder)
      try terminal.type("\(Version.name) --odd\t\t\t")
      #expect(try terminal.screen { $0.contains(summary) }.contains(summary))
    }
  }
}
