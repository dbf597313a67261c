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
  /// What the rule demands, in one sentence.
  public let demand: String
  /// What would break it; nil where nothing can be seen to.
  public let example: String?
  /// Why nothing can ever check it; nil for a rule of `all`.
  public let obstacle: String?
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
    /// The device.
    case device
    /// The driver, or a program that does a driver's work.
    case driver
  }

  /// The first word of its ID: `cap`, `feature`, `pci`.
  public var family: Substring {
    id[..<(id.utf8.firstIndex(of: UInt8(ascii: "-")) ?? id.endIndex)]
  }

  init(
    _ id: String, _ level: Level, _ basis: Basis, _ section: String, by subject: Subject = .device,
    of scope: Scope = .withCapabilities, severity: Severity? = nil, _ demand: String,
    example: String?, needs: Inputs,
    find: @escaping @Sendable (Function, inout Findings) -> Void
  ) {
    self.id = id
    self.level = level
    self.basis = basis
    self.section = "VIRTIO 1.4 §" + section
    self.subject = subject
    self.scope = scope
    self.demand = demand
    self.example = example
    obstacle = nil
    check = Check(
      scope: scope.mask, severity: severity ?? Severity(of: level, basis), needs: needs, find: find)
  }

  /// A rule that nothing can ever check.
  private init(
    _ id: String, _ level: Level, _ basis: Basis, _ section: String, by subject: Subject,
    _ demand: String, because obstacle: String
  ) {
    self.id = id
    self.level = level
    self.basis = basis
    self.section = "VIRTIO 1.4 §" + section
    self.subject = subject
    scope = .everyFunction
    self.demand = demand
    example = nil
    self.obstacle = obstacle
    check = Check(scope: scope.mask, severity: Severity(of: level, basis), needs: []) { _, _ in }
  }

  static func never(
    _ id: String, _ level: Level, _ basis: Basis, _ section: String, by subject: Subject = .device,
    _ demand: String, because obstacle: String
  ) -> Rule {
    Rule(id, level, basis, section, by: subject, demand, because: obstacle)
  }
}

/// Rules that are thought: the closure takes what it judges as arguments, so that what a rule needs
/// and what it uses cannot disagree. `needs` adds that on which only the scope depends.
extension Rule {
  init<A>(
    _ id: String, _ level: Level, _ basis: Basis, _ section: String, by subject: Subject = .device,
    of scope: Scope = .withCapabilities, severity: Severity? = nil, _ demand: String,
    example: String, needs: Inputs = [], given a: Given<A>,
    _ judge: @escaping @Sendable (A, inout Findings) -> Void
  ) {
    self.init(
      id, level, basis, section, by: subject, of: scope, severity: severity, demand,
      example: example, needs: needs.union(a.needs)
    ) { function, found in
      guard let a = a.value(function) else { return }
      judge(a, &found)
    }
  }

  init<A, B>(
    _ id: String, _ level: Level, _ basis: Basis, _ section: String, by subject: Subject = .device,
    of scope: Scope = .withCapabilities, severity: Severity? = nil, _ demand: String,
    example: String, needs: Inputs = [], given a: Given<A>, _ b: Given<B>,
    _ judge: @escaping @Sendable (A, B, inout Findings) -> Void
  ) {
    self.init(
      id, level, basis, section, by: subject, of: scope, severity: severity, demand,
      example: example, needs: needs.union(a.needs).union(b.needs)
    ) { function, found in
      guard let a = a.value(function), let b = b.value(function) else { return }
      judge(a, b, &found)
    }
  }

  init<A, B, C>(
    _ id: String, _ level: Level, _ basis: Basis, _ section: String, by subject: Subject = .device,
    of scope: Scope = .withCapabilities, severity: Severity? = nil, _ demand: String,
    example: String, needs: Inputs = [], given a: Given<A>, _ b: Given<B>, _ c: Given<C>,
    _ judge: @escaping @Sendable (A, B, C, inout Findings) -> Void
  ) {
    self.init(
      id, level, basis, section, by: subject, of: scope, severity: severity, demand,
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

  private var rank: Int {
    switch self {
    case .error: 2
    case .warning: 1
    case .note: 0
    }
  }

  public static func < (less: Self, more: Self) -> Bool { less.rank < more.rank }
}
