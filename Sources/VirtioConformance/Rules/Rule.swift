/// A rule that a function can be judged by: something that VIRTIO 1.4 says, or a state in which no
/// function should be left.
///
/// `Rule.all` is the table: a rule is one value in it. What drivers do about a function is not here.
public struct Rule: Sendable {
  /// `cap-bar-implemented`.
  public let id: String
  /// How strongly the demand is meant; nil for a state, which breaks no demand.
  public let level: Level?
  /// Where the demand comes from.
  public let basis: Basis
  /// `VIRTIO 1.4 §4.1.4`.
  public let section: String
  /// Who breaks it; nil for a state.
  public let subject: Subject?
  /// Which functions it is about.
  public let scope: Scope
  /// What the rule demands, in one sentence.
  public let demand: String
  /// What would break it; nil where nothing can be seen to.
  public let example: String?
  /// Why nothing can ever check it; nil for a rule of `all`.
  public let obstacle: String?
  /// Why its findings, or some of them, weigh less than level and basis say; nil when none does.
  public let leniency: Leniency?
  /// How it is checked.
  let check: Check

  /// What a finding amounts to, unless the finding says otherwise.
  public var severity: Severity { check.severity }

  /// What must have been read before it can be said to hold.
  public var needs: Inputs { check.needs }

  /// All that a verdict takes, apart from the texts.
  struct Check: Sendable {
    let scope: Scope.Mask
    let severity: Severity
    let needs: Inputs
    /// Finds everything in a function that breaks the rule. What was not read breaks nothing.
    let find: @Sendable (Function, inout Findings) -> Void
  }

  /// The keyword of the specification, or that which a statement without one would have.
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
    /// A state of the function that violates nothing, and in which it does not work.
    case state
  }

  /// Who a rule binds.
  public enum Subject: String, Sendable {
    /// The device.
    case device
    /// The driver, or a program that does a driver's work.
    case driver
  }

  /// What a finding of a rule is.
  public enum Kind: String, CaseIterable, Sendable {
    /// A normative MUST is broken.
    case violation
    /// Anything else that VIRTIO 1.4 says, or that follows from it, is not kept.
    case recommendation
    /// A state in which the function does not work, and which violates nothing.
    case state
  }

  /// What its findings are.
  public var kind: Kind {
    switch (basis, level) {
    case (.state, _): .state
    case (.normative, .must): .violation
    default: .recommendation
    }
  }

  /// Why findings weigh less than level and basis say.
  public struct Leniency: Sendable {
    /// What they weigh.
    public let severity: Severity
    /// Why, in a clause.
    public let reason: String
    /// Which of them it is about, in a clause; nil for all.
    public let condition: String?

    /// A note, for this reason.
    static func note(_ reason: String, where condition: String? = nil) -> Self {
      Self(severity: .note, reason: reason, condition: condition)
    }

    /// A warning, for this reason.
    static func warning(_ reason: String, where condition: String? = nil) -> Self {
      Self(severity: .warning, reason: reason, condition: condition)
    }
  }

  init(
    _ id: String, _ level: Level, _ basis: Basis, _ section: String, by subject: Subject = .device,
    of scope: Scope = .withCapabilities, but leniency: Leniency? = nil, _ demand: String,
    example: String?, needs: Inputs,
    find: @escaping @Sendable (Function, inout Findings) -> Void
  ) {
    self.init(
      id: id, level: level, basis: basis, section: "VIRTIO 1.4 §" + section, subject: subject,
      scope: scope, leniency: leniency, demand: demand, example: example, obstacle: nil,
      needs: needs, find: find)
  }

  /// A state in which no function should be left; `section` is that which tells what it means.
  static func state(
    _ id: String, _ section: String, of scope: Scope = .everyFunction, _ demand: String,
    example: String, needs: Inputs, find: @escaping @Sendable (Function, inout Findings) -> Void
  ) -> Rule {
    Rule(
      id: id, level: nil, basis: .state, section: section, subject: nil, scope: scope,
      leniency: nil, demand: demand, example: example, obstacle: nil, needs: needs, find: find)
  }

  /// A rule that nothing can ever check.
  static func never(
    _ id: String, _ level: Level, _ basis: Basis, _ section: String, by subject: Subject = .device,
    _ demand: String, because obstacle: String
  ) -> Rule {
    Rule(
      id: id, level: level, basis: basis, section: "VIRTIO 1.4 §" + section, subject: subject,
      scope: .everyFunction, leniency: nil, demand: demand, example: nil, obstacle: obstacle,
      needs: []
    ) { _, _ in }
  }

  private init(
    id: String, level: Level?, basis: Basis, section: String, subject: Subject?, scope: Scope,
    leniency: Leniency?, demand: String, example: String?, obstacle: String?, needs: Inputs,
    find: @escaping @Sendable (Function, inout Findings) -> Void
  ) {
    self.id = id
    self.level = level
    self.basis = basis
    self.section = section
    self.subject = subject
    self.scope = scope
    self.leniency = leniency
    self.demand = demand
    self.example = example
    self.obstacle = obstacle
    let usual = Severity(of: level, basis)
    let severity = leniency.flatMap { $0.condition == nil ? $0.severity : nil } ?? usual
    check = Check(scope: scope.mask, severity: severity, needs: needs, find: find)
  }
}

/// Rules that are thought: the closure takes what it judges as arguments, so that what a rule needs
/// and what it uses cannot disagree. `needs` adds that on which only the scope depends.
extension Rule {
  init<A>(
    _ id: String, _ level: Level, _ basis: Basis, _ section: String, by subject: Subject = .device,
    of scope: Scope = .withCapabilities, but leniency: Leniency? = nil, _ demand: String,
    example: String, needs: Inputs = [], given a: Given<A>,
    _ judge: @escaping @Sendable (A, inout Findings) -> Void
  ) {
    self.init(
      id, level, basis, section, by: subject, of: scope, but: leniency, demand,
      example: example, needs: needs.union(a.needs)
    ) { function, found in
      guard let a = a.value(function) else { return }
      judge(a, &found)
    }
  }

  init<A, B>(
    _ id: String, _ level: Level, _ basis: Basis, _ section: String, by subject: Subject = .device,
    of scope: Scope = .withCapabilities, but leniency: Leniency? = nil, _ demand: String,
    example: String, needs: Inputs = [], given a: Given<A>, _ b: Given<B>,
    _ judge: @escaping @Sendable (A, B, inout Findings) -> Void
  ) {
    self.init(
      id, level, basis, section, by: subject, of: scope, but: leniency, demand,
      example: example, needs: needs.union(a.needs).union(b.needs)
    ) { function, found in
      guard let a = a.value(function), let b = b.value(function) else { return }
      judge(a, b, &found)
    }
  }

  init<A, B, C>(
    _ id: String, _ level: Level, _ basis: Basis, _ section: String, by subject: Subject = .device,
    of scope: Scope = .withCapabilities, but leniency: Leniency? = nil, _ demand: String,
    example: String, needs: Inputs = [], given a: Given<A>, _ b: Given<B>, _ c: Given<C>,
    _ judge: @escaping @Sendable (A, B, C, inout Findings) -> Void
  ) {
    self.init(
      id, level, basis, section, by: subject, of: scope, but: leniency, demand,
      example: example, needs: needs.union(a.needs).union(b.needs).union(c.needs)
    ) { function, found in
      guard let a = a.value(function), let b = b.value(function), let c = c.value(function) else {
        return
      }
      judge(a, b, c, &found)
    }
  }
}

/// How much a finding matters.
public enum Severity: String, CaseIterable, Hashable, Sendable, Comparable {
  /// A broken normative MUST, or a state in which the function does not work.
  case error
  /// A broken SHOULD, or something that the text states or implies without a keyword.
  case warning
  /// Worth knowing: one look cannot tell whether anything is broken, or nothing is.
  case note

  /// That of a rule, where nothing lessens it.
  init(of level: Rule.Level?, _ basis: Rule.Basis) {
    self =
      switch (level, basis) {
      case (nil, _), (.must, .normative): .error
      case (.must, _), (.should, _): .warning
      case (.may, _): .note
      }
  }

  private var rank: Int {
    switch self {
    case .error: 2
    case .warning: 1
    case .note: 0
    }
  }

  public static func < (less: Self, more: Self) -> Bool { less.rank < more.rank }
}
