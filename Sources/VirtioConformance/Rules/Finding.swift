/// One place where a function breaks a rule.
public struct Finding: Hashable, Sendable {
  /// The capability it is about, by its position in config space.
  public var position: UInt8?
  /// Nil for that of the rule.
  public var severity: Severity?
  /// What is wrong, with the numbers; in lower case, without a full stop.
  public var message: String

  /// A finding of the rule's severity, unless it says otherwise.
  public init(at position: UInt8? = nil, severity: Severity? = nil, _ message: String) {
    self.position = position
    self.severity = severity
    self.message = message
  }
}

/// What breaks one rule in one function, as a rule adds it.
///
/// Where only the verdict is asked for, no message is made.
struct Findings {
  private let severity: Severity
  private let keepsMessages: Bool
  /// Those that were added, if messages are wanted.
  private(set) var list: [Finding] = []
  /// The worst severity; nil when nothing was added.
  private(set) var worst: Severity?

  init(_ severity: Severity, keepsMessages: Bool) {
    self.severity = severity
    self.keepsMessages = keepsMessages
  }

  mutating func add(
    at position: UInt8? = nil, severity: Severity? = nil, _ message: @autoclosure () -> String
  ) {
    let weight = severity ?? self.severity
    worst = max(worst ?? weight, weight)
    if keepsMessages { list.append(Finding(at: position, severity: severity, message())) }
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

  /// What is wrong.
  public var message: String { finding.message }

  /// What it is: only an error can be a violation.
  public var kind: Rule.Kind {
    rule.kind == .violation && severity != .error ? .recommendation : rule.kind
  }
}

extension Rule {
  /// What in `function` breaks it, whichever functions it is about.
  public func findings(in function: Function) -> [Finding] {
    var found = Findings(severity, keepsMessages: true)
    check.find(function, &found)
    return found.list
  }

  /// Every finding in `function`.
  public func problems(in function: Function) -> [Problem] {
    findings(in: function).map { Problem(rule: self, finding: $0) }
  }
}
