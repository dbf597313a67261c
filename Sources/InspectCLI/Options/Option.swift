import VirtioConformance

/// One option, as the parser, `--help`, the manual page and the completions see it.
struct Option: Sendable {
  /// The name after `--`.
  let long: String
  /// The letter after `-`.
  let short: Unicode.Scalar?
  let group: Group
  /// One line, without a full stop.
  let summary: String
  /// More for the manual: plain paragraphs, divided by blank lines.
  let details: String
  /// Whether giving it again adds to what was given before; else it replaces that.
  let isRepeatable: Bool
  let action: Action

  /// What the parser does with it.
  enum Action: Sendable {
    case flag(@Sendable (inout Arguments) -> Void)
    case value(Value, ValueSetter)
  }

  /// Checks a value and stores it.
  typealias ValueSetter = @Sendable (String, inout Arguments) throws(ValueError) -> Void

  /// The value that an option takes.
  struct Value: Sendable {
    /// What `--help` calls it: `SPEC`.
    let placeholder: String
    let kind: Kind
  }

  /// What can be offered for a value where a shell completes it.
  enum Kind: Hashable, Sendable {
    case text, file, directory, address, id, deviceType, column, accessMethod, rule
    case words([String])
  }

  /// The headings of `--help`, in their order.
  enum Group: String, CaseIterable, Sendable {
    case selection = "Selection"
    case access = "Access"
    case registers = "Registers"
    case checks = "Checks"
    case output = "Output"
    case other = "Other"
  }

  static func flag(
    _ long: String, _ short: Unicode.Scalar? = nil, in group: Group, repeatable: Bool = false,
    _ summary: String, details: String, apply: @escaping @Sendable (inout Arguments) -> Void
  ) -> Option {
    Option(
      long: long, short: short, group: group, summary: summary, details: details,
      isRepeatable: repeatable, action: .flag(apply))
  }

  static func value(
    _ long: String, _ short: Unicode.Scalar? = nil, _ placeholder: String, _ kind: Kind,
    in group: Group, repeatable: Bool = false, _ summary: String, details: String,
    apply: @escaping ValueSetter
  ) -> Option {
    Option(
      long: long, short: short, group: group, summary: summary, details: details,
      isRepeatable: repeatable,
      action: .value(Value(placeholder: placeholder, kind: kind), apply))
  }

  /// As it is written: `--slot SPEC`.
  var synopsis: String {
    switch action {
    case .flag: "--\(long)"
    case .value(let value, _): "--\(long) \(value.placeholder)"
    }
  }
}
