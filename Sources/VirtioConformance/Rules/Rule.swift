import VirtioPCI

/// A rule that a function can be judged by.
///
/// `Rule.all` is the table: a rule is one value in it.
public struct Rule: Sendable {
  /// `cap-bar-implemented`.
  public let id: String
  /// The keyword of the demand.
  public let level: Level
  /// Where the demand comes from.
  public let basis: Basis
  /// `VIRTIO 1.4 §4.1.4`.
  public let section: String
  /// Who breaks it.
  public let subject: Subject
  /// Which functions it is about.
  public let scope: Scope
  /// What must have been read before it can be said to hold.
  public let needs: Inputs
  /// What a finding amounts to, unless the finding says otherwise.
  public let severity: Severity
  /// What the rule demands, in one sentence.
  public let demand: String
  /// What would break it; nil where nothing can.
  public let example: String?
  /// What a known driver does about it (`Linux refuses this function`); nil when none minds.
  public let consequence: String?
  /// How it is decided.
  public let check: Check

  /// The keyword of the specification.
  public enum Level: String, Sendable {
    /// Required.
    case must = "MUST"
    /// Recommended.
    case should = "SHOULD"
    /// Optional.
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

  /// Who a rule binds.
  public enum Subject: String, Sendable {
    case device
    /// The driver, or this program where it does a driver's work.
    case driver
  }

  /// How a rule is decided.
  public enum Check: Sendable {
    /// Everything in a function that breaks it. What was not read breaks nothing.
    case findings(@Sendable (Function) -> [Finding])
    /// It cannot be decided from outside, and why.
    case undecidable(String)
  }

  init(
    _ id: String, _ level: Level, _ basis: Basis, _ section: String,
    subject: Subject = .device, for scope: Scope = .withCapabilities, needs: Inputs = [],
    severity: Severity? = nil, _ demand: String, example: String? = nil,
    consequence: String? = nil, _ check: Check
  ) {
    self.id = id
    self.level = level
    self.basis = basis
    self.section = "VIRTIO 1.4 §" + section
    self.subject = subject
    self.scope = scope
    self.needs = needs
    self.severity = severity ?? Severity(of: level, basis)
    self.demand = demand
    self.example = example
    self.consequence = consequence
    self.check = check
  }

  init(
    _ id: String, _ level: Level, _ basis: Basis, _ section: String,
    subject: Subject = .device, for scope: Scope = .withCapabilities, needs: Inputs = [],
    severity: Severity? = nil, _ demand: String, example: String? = nil,
    consequence: String? = nil, findings: @escaping @Sendable (Function) -> [Finding]
  ) {
    self.init(
      id, level, basis, section, subject: subject, for: scope, needs: needs, severity: severity,
      demand, example: example, consequence: consequence, .findings(findings))
  }

  /// The first word of its ID: `cap`, `feature`, `pci`.
  public var family: String {
    let end = id.utf8.firstIndex(of: UInt8(ascii: "-"))
    return String(id[..<(end ?? id.endIndex)])
  }

  /// What in `function` breaks it.
  public func findings(in function: Function) -> [Finding] {
    guard case .findings(let find) = check,
      !needs.contains(.modernDriver) || !function.mayBeDrivenAsLegacy
    else { return [] }
    return find(function)
  }
}

/// How much a finding matters.
public enum Severity: String, CaseIterable, Hashable, Sendable {
  /// A broken normative MUST, or something for which a known driver refuses the function or
  /// ignores the structure.
  case error
  /// A broken SHOULD, or a broken MUST of the layout that no known driver minds.
  case warning
  /// Worth knowing; nothing is broken.
  case note

  /// That of a rule which no known driver minds.
  init(of level: Rule.Level, _ basis: Rule.Basis) {
    self =
      switch (level, basis) {
      case (.must, .normative): .error
      case (.must, _), (.should, _): .warning
      case (.may, _): .note
      }
  }
}

/// One place where a function breaks a rule.
public struct Finding: Hashable, Sendable {
  /// The capability it is about, by its position in config space.
  public var position: UInt8?
  /// Nil for that of the rule.
  public var severity: Severity?
  /// What is wrong, with the numbers; in lower case, without a full stop.
  public var message: String
  /// What a known driver does about it in this function; nil for that of the rule.
  public var consequence: String?

  /// A finding of the rule's severity, unless it says otherwise.
  public init(
    at position: UInt8? = nil, severity: Severity? = nil, _ message: String,
    consequence: String? = nil
  ) {
    self.position = position
    self.severity = severity
    self.message = message
    self.consequence = consequence
  }
}

extension [Finding] {
  /// One finding, if `isBroken`.
  static func when(
    _ isBroken: Bool, severity: Severity? = nil, _ message: @autoclosure () -> String
  ) -> [Finding] {
    isBroken ? [Finding(severity: severity, message())] : []
  }
}

/// A finding together with the rule that it breaks.
public struct Problem: Sendable {
  /// What is broken.
  public let rule: Rule
  /// Where, and how.
  public let finding: Finding

  /// That of the finding, or else that of the rule.
  public var severity: Severity { finding.severity ?? rule.severity }

  /// What is wrong, and what a known driver does about it.
  public var message: String {
    guard let consequence = finding.consequence ?? rule.consequence, severity == .error else {
      return finding.message
    }
    return "\(finding.message); \(consequence)"
  }
}

extension Rule {
  /// What decoding itself finds: a broken list, a capability that is too short or runs out of
  /// config space, a structure that is in no BAR, beyond its end, or on top of another.
  public static let ofDecoding: [Rule] = listRules + placeRules + rangeRules

  /// Every finding of `rules` in `function`, in the rules' order.
  public static func problems(of rules: [Rule], in function: Function) -> [Problem] {
    var problems: [Problem] = []
    // By index: a copy of each rule would count references for nothing.
    for index in rules.indices {
      for finding in rules[index].findings(in: function) {
        problems.append(Problem(rule: rules[index], finding: finding))
      }
    }
    return problems
  }
}
