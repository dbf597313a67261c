import VirtioConformance
import VirtioPCI

/// Something that is wrong with a function: a rule that it breaks, a state in which it does not work, or
/// that a driver does not use it.
struct Defect {
  /// The rule, or `driver-linux` and the like.
  let rule: String
  let kind: Kind
  let severity: Severity
  /// Where the rule is from; nil for what a driver does.
  let section: String?
  /// The capability that it is about.
  let position: UInt8?
  let message: String
  /// Whether it is accepted, and has no share in the exit status.
  var isIgnored = false

  enum Kind: String, CaseIterable, JSONConvertible, Sendable {
    case violation, recommendation, state, driver
  }

  init(_ problem: Problem) {
    rule = problem.rule.id
    kind =
      switch problem.kind {
      case .violation: .violation
      case .recommendation: .recommendation
      case .state: .state
      }
    severity = problem.severity
    section = problem.rule.section
    position = problem.finding.position
    message = problem.message
  }

  /// Nil where the driver uses the function, or where that is not known.
  init?(_ entry: DriverEntry) {
    switch entry.verdict.outcome {
    case .modern, .legacy, .unknown: return nil
    case .refused, .fatal: severity = .error
    case .noDriver: severity = .warning
    }
    rule = entry.driver.rule
    kind = .driver
    section = nil
    position = entry.verdict.stop?.position
    message = "\(entry.driver.name) \(entry.sentence)"
  }

  /// Whether it makes a check fail.
  func fails(strictly: Bool) -> Bool { !isIgnored && severity.fails(strictly: strictly) }
}

extension Driver {
  /// What a problem is named after that this driver has with a function.
  var rule: String { "driver-\(key)" }
}
