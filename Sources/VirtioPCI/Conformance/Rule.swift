/// A rule that a function can be judged by.
///
/// `Rule.all` is the table: a rule is one value in it.
public struct Rule: Sendable {
  /// `cap-bar-implemented`.
  public let id: String
  public let level: Level
  public let basis: Basis
  /// `VIRTIO 1.4 §4.1.4`.
  public let section: String
  /// What a finding amounts to, unless the finding says otherwise.
  public let severity: Severity
  /// What the rule demands, in one sentence.
  public let demand: String
  /// Everything in a function that breaks it.
  public let findings: @Sendable (FunctionState) -> [Finding]

  /// The keyword of the specification.
  public enum Level: String, Sendable {
    case must = "MUST"
    case should = "SHOULD"
    case may = "MAY"
  }

  /// Where the demand comes from. Only what is normative can be violated.
  public enum Basis: String, Sendable {
    /// A requirement with a keyword.
    case normative
    /// Stated in the text without one.
    case descriptive
    /// It follows from the layout, or from PCI.
    case inferred
  }

  public init(
    _ id: String, _ level: Level, _ basis: Basis, _ section: String, _ severity: Severity,
    _ demand: String, findings: @escaping @Sendable (FunctionState) -> [Finding]
  ) {
    self.id = id
    self.level = level
    self.basis = basis
    self.section = "VIRTIO 1.4 §" + section
    self.severity = severity
    self.demand = demand
    self.findings = findings
  }
}

/// How much a finding matters.
public enum Severity: String, CaseIterable, Hashable, Sendable {
  /// A broken normative MUST, or something for which a known driver refuses the function or
  /// ignores the structure.
  case error
  /// A broken SHOULD, or a broken MUST of the layout that no known driver minds.
  case warning
  case note
}

/// One place where a function breaks a rule.
public struct Finding: Hashable, Sendable {
  /// The capability it is about, by its position in config space.
  public var position: UInt8?
  /// Nil for that of the rule.
  public var severity: Severity?
  public var message: String

  public init(at position: UInt8? = nil, severity: Severity? = nil, _ message: String) {
    self.position = position
    self.severity = severity
    self.message = message
  }
}

/// A finding together with the rule that it breaks.
public struct Problem: Sendable {
  public let rule: Rule
  public let finding: Finding

  public var severity: Severity { finding.severity ?? rule.severity }
}

extension Rule {
  /// What decoding itself finds: a broken list, a capability that is too short or runs out of
  /// config space, a structure that is in no BAR, beyond its end, or on top of another.
  public static let ofDecoding: [Rule] = listRules + placeRules + rangeRules

  /// Every finding of `rules` in `function`, in the rules' order.
  public static func problems(of rules: [Rule], in function: FunctionState) -> [Problem] {
    rules.flatMap { rule in
      rule.findings(function).map { Problem(rule: rule, finding: $0) }
    }
  }
}
