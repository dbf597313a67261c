/// An option of the table, as the completions of every shell look at it.
extension Option {
  /// `--slot`, and `-s` where there is a letter.
  var spellings: [String] { ["--\(long)"] + (short.map { ["-\($0)"] } ?? []) }

  /// The value that it takes; nil for a flag.
  var value: Value? {
    if case .value(let value, _) = action { value } else { nil }
  }

  /// Whether nothing that follows it is looked at.
  var endsParsing: Bool {
    guard case .flag(let apply) = action else { return false }
    var arguments = Arguments()
    apply(&arguments)
    return arguments.action != .inspect
  }

  /// Whether it says where functions are looked for, so that it is passed on with the question what
  /// they are called.
  var choosesNames: Bool {
    guard case .value(_, let apply) = action else { return false }
    var arguments = Arguments()
    try? apply("x", &arguments)
    return arguments.sysfs != nil || !arguments.dumps.isEmpty
  }
}

/// `text` in single quotes, in which bash and zsh give only them a meaning.
func singleQuoted(_ text: String) -> String {
  let parts = text.split(separator: "'", omittingEmptySubsequences: false)
  return "'\(parts.joined(separator: #"'\''"#))'"
}

extension String {
  /// With a backslash before each of `characters`.
  func escaping(_ characters: String) -> String {
    reduce(into: "") { result, character in
      if characters.contains(character) { result += "\\" }
      result.append(character)
    }
  }
}
