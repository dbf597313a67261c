import VirtioPCI

/// What became of a rule in one function.
public struct RuleOutcome: Sendable {
  public let rule: Rule
  public let verdict: Verdict
}

/// What can become of a rule.
public enum Verdict: Sendable {
  /// All that it needs was read, and nothing breaks it.
  case held
  /// Every place where it is broken; there is at least one.
  case broken([Finding])
  /// Why it could not be decided.
  case notChecked(String)
  /// It is about other functions.
  case notApplicable
}

extension Rule {
  /// Every rule, in the order in which findings are shown.
  public static let all: [Rule] =
    identityRules + listRules + presenceRules + placeRules + rangeRules + structureRules
    + windowRules + sharedMemoryRules + interruptRules + statusRules + queueRules + featureRules
    + dependencyRules + otherConfigRules + networkConfigRules + blockConfigRules
    + cryptoConfigRules + legacyRules

  /// What becomes of each rule in `function`, in the order of `all`.
  public static func outcomes(in function: Function) -> [RuleOutcome] {
    let inputs = function.inputs
    return all.map { RuleOutcome(rule: $0, verdict: $0.verdict(in: function, given: inputs)) }
  }

  /// A finding counts whatever else was not read; without one the rule holds only where all that it
  /// needs is among the `inputs`, which are those of `function`.
  func verdict(in function: Function, given inputs: Inputs) -> Verdict {
    guard scope.contains(function) else { return .notApplicable }
    switch check {
    case .undecidable(let reason):
      return .notChecked(reason)
    case .findings:
      let findings = findings(in: function)
      if !findings.isEmpty { return .broken(findings) }
      return needs.reason(whyMissingFrom: inputs).map { .notChecked($0) } ?? .held
    }
  }
}

extension RuleOutcome {
  /// The findings with their rule.
  public var problems: [Problem] {
    guard case .broken(let findings) = verdict else { return [] }
    return findings.map { Problem(rule: rule, finding: $0) }
  }
}
