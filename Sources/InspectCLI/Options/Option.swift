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
  let traits: Traits
  let action: Action

  /// What holds of an option beside what it does.
  struct Traits: OptionSet, Sendable {
    let rawValue: UInt8

    /// Giving it again adds to what was given before; else a second value is an error.
    static let repeatable = Traits(rawValue: 1)
    /// Nothing that follows it is looked at.
    static let last = Traits(rawValue: 2)
    /// It says where functions are looked for, so that a shell passes it on with the question what
    /// they are called.
    static let place = Traits(rawValue: 4)
    /// For programs that come with this one: in no text for people, and to be spelled out.
    static let hidden = Traits(rawValue: 8)

    /// The words by which the completions know them.
    var names: [String] {
      [(Traits.repeatable, "repeatable"), (.last, "last"), (.place, "place")]
        .filter { contains($0.0) }.map { $0.1 }
    }
  }

  /// What the parser does with it.
  enum Action: Sendable {
    case flag(@Sendable (inout Arguments) -> Void)
    case value(Value, ValueSetter)
    /// A value that may be left out, and is attached to the long name; nil where it is.
    case optional(Value, @Sendable (String?, inout Arguments) throws(ValueError) -> Void)
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
    case text, file, directory, address, id, deviceType, column, accessMethod, topic, driver, rule
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
    _ long: String, _ short: Unicode.Scalar? = nil, in group: Group, as traits: Traits = [],
    _ summary: String, details: String, apply: @escaping @Sendable (inout Arguments) -> Void
  ) -> Option {
    Option(
      long: long, short: short, group: group, summary: summary, details: details,
      traits: traits, action: .flag(apply))
  }

  static func value(
    _ long: String, _ short: Unicode.Scalar? = nil, _ placeholder: String, _ kind: Kind,
    in group: Group, as traits: Traits = [], _ summary: String, details: String,
    apply: @escaping ValueSetter
  ) -> Option {
    Option(
      long: long, short: short, group: group, summary: summary, details: details,
      traits: traits,
      action: .value(Value(placeholder: placeholder, kind: kind), apply))
  }

  static func optional(
    _ long: String, _ placeholder: String, _ kind: Kind, in group: Group, as traits: Traits = [],
    _ summary: String, details: String,
    apply: @escaping @Sendable (String?, inout Arguments) throws(ValueError) -> Void
  ) -> Option {
    Option(
      long: long, short: nil, group: group, summary: summary, details: details, traits: traits,
      action: .optional(Value(placeholder: placeholder, kind: kind), apply))
  }

  var isHidden: Bool { traits.contains(.hidden) }

  /// Those that people are shown.
  static var shown: [Option] { table.filter { !$0.isHidden } }

  /// `--slot`, and `-s` where there is a letter.
  var spellings: [String] { ["--\(long)"] + (short.map { ["-\($0)"] } ?? []) }

  /// The value that it takes; nil for a flag.
  var value: Value? {
    if case .value(let value, _) = action { value } else { nil }
  }

  /// As it is written: `--slot SPEC`.
  var synopsis: String {
    switch action {
    case .flag: "--\(long)"
    case .value(let value, _): "--\(long) \(value.placeholder)"
    case .optional(let value, _): "--\(long)[=\(value.placeholder)]"
    }
  }
}
