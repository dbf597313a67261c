import VirtioConformance
import VirtioPCI

extension ReportCase {
  /// What became of the rules in the function that `suite` names: a case for each family of them of
  /// which any was decided, and a skipped one for what was not. An error makes a case fail, and a
  /// warning where it `isStrict`.
  static func cases(
    _ outcomes: [RuleOutcome], suite: String, isStrict: Bool
  ) -> [ReportCase] {
    var families: [(name: String, members: [RuleOutcome])] = []
    for outcome in outcomes {
      let name = outcome.rule.family
      if let index = families.firstIndex(where: { $0.name == name }) {
        families[index].members.append(outcome)
      } else {
        families.append((name, [outcome]))
      }
    }
    return families.flatMap { family, members in
      [decided(members, suite, family, isStrict), undecided(members, suite, family)]
        .compactMap { $0 }
    }
  }

  private static func decided(
    _ outcomes: [RuleOutcome], _ suite: String, _ family: String, _ isStrict: Bool
  ) -> ReportCase? {
    let problems = outcomes.flatMap(\.problems)
    guard !problems.isEmpty || outcomes.contains(where: \.isDecided) else { return nil }
    let fails = problems.contains { $0.severity.fails(strictly: isStrict) }
    return ReportCase(suite: suite, name: family, fails ? problems.map(\.line) : [])
  }

  private static func undecided(
    _ outcomes: [RuleOutcome], _ suite: String, _ family: String
  ) -> ReportCase? {
    var rules: [(reason: String, ids: [String])] = []
    for outcome in outcomes {
      guard case .notChecked(let reason) = outcome.verdict else { continue }
      if let index = rules.firstIndex(where: { $0.reason == reason }) {
        rules[index].ids.append(outcome.rule.id)
      } else {
        rules.append((reason, [outcome.rule.id]))
      }
    }
    let reasons = rules.map { reason, ids in
      "\(ids.count == 1 ? ids[0] : "\(ids.count) rules"): \(reason)"
    }
    guard !reasons.isEmpty else { return nil }
    return ReportCase(
      suite: suite, name: "\(family), not checked",
      outcome: .skipped(reasons.joined(separator: "; ")))
  }
}

extension RuleOutcome {
  fileprivate var isDecided: Bool {
    if case .held = verdict { true } else { false }
  }
}

extension Problem {
  /// `error cap-len at 0x84: cap_len 16 is shorter than 20 (VIRTIO 1.4 §4.1.4)`.
  fileprivate var line: String {
    let place = finding.position.map { " at \(Hex($0))" } ?? ""
    return "\(severity.rawValue) \(rule.id)\(place): \(finding.message) (\(rule.section))"
  }
}

extension Severity {
  fileprivate func fails(strictly: Bool) -> Bool { self == .error || strictly && self == .warning }
}
