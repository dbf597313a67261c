import Foundation
import TestSupport
import Testing

@testable import InspectCLI

/// A shell that has a completion.
enum Shell: String, CaseIterable, Sendable {
  case bash, zsh, fish

  /// Where its completion is in the package.
  var file: String {
    self == .zsh ? "completions/_\(Version.name)" : "completions/\(Version.name).\(rawValue)"
  }

  private var completion: String { "\(Fixtures.package)/\(file)" }

  /// The program that the tests built comes first.
  private static let path: String = {
    let inherited = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    return "\(URL(filePath: BuiltProgram.path).deletingLastPathComponent().path):\(inherited)"
  }()

  /// What it offers where each of `lines`, which come after the name of the program, ends: what the
  /// last word of the line would become. A folder is without its slash.
  func candidates(_ lines: [String], in folder: String) throws -> [[String]] {
    let shell = try found(rawValue)
    let typed = try TemporaryFile(lines.map { "\(Version.name) \($0)\n" }.joined().utf8)
    let scratch = try TemporaryFile([])
    let script = "\(Fixtures.package)/Tests/Completions/candidates.\(rawValue)"
    let outcome = try shell.run(
      [script, completion, scratch.path], in: folder, input: typed.path, path: Self.path)
    var groups: [[String]] = [[]]
    for line in outcome.output.split(separator: "\n") {
      if line == "==" {
        groups.append([])
      } else {
        let word = line.hasSuffix("/") ? line.dropLast() : line
        groups[groups.count - 1].append(String(word))
      }
    }
    try #require(groups.count == lines.count + 1, "\(outcome.output)")
    return groups.dropLast()
  }

  /// A terminal with it, where the completion is loaded and the prompt is there. `scratch` is a
  /// folder for its files, and for programs that come before others.
  func terminal(in folder: String, keeping scratch: String) throws -> Terminal {
    _ = try found(rawValue)
    let command: String
    switch self {
    case .bash:
      try Data("PS1='ready> '; source '\(completion)'".utf8)
        .write(to: URL(filePath: "\(scratch)/bashrc"))
      command = "bash --noprofile --rcfile \(scratch)/bashrc"
    case .zsh:
      let functions = URL(filePath: completion).deletingLastPathComponent().path
      try Data(
        "PS1='ready> '; fpath=('\(functions)' $fpath); autoload -U compinit; compinit -u -D".utf8
      ).write(to: URL(filePath: "\(scratch)/.zshrc"))
      command = "env ZDOTDIR=\(scratch) zsh -d"
    case .fish:
      command = """
        env HOME=\(scratch) fish --no-config -C \
        "source '\(completion)'; function fish_prompt; echo 'ready> '; end"
        """
    }
    let terminal = try Terminal(
      "env PATH='\(scratch):\(Self.path)' LC_ALL=C.UTF-8 \(command)", in: folder)
    guard let terminal else { try skip("tmux") }
    _ = try terminal.screen { $0.contains("ready>") }
    return terminal
  }

  /// The program of that name; without it the test is skipped.
  private func found(_ name: String) throws -> Tool {
    guard let tool = Tool(name) else { try skip(name) }
    return tool
  }
}
