import VirtioConformance
import VirtioPCI

extension ReportCase {
  /// What became of the rules in the function that `suite` names: a case for each table of them of
  /// which any was decided, and a skipped one for what was not, and for what is ignored.
  /// An error makes a case fail, and a warning where it `isStrict`.
  static func cases(
    _ verdicts: [Verdict], on function: Function, ignoring ignored: IgnoredRules = .none,
    suite: String, isStrict: Bool
  ) -> [ReportCase] {
    var cases: [ReportCase?] = []
    var rest = verdicts[...]
    for table in Rule.tables {
      let all = zip(table.rules, rest.prefix(table.rules.count)).map { Member($0, $1) }
      rest = rest.dropFirst(table.rules.count)
      let accepted = all.filter { $0.isBroken && ignored.contains($0.rule.id) }
      let members = all.filter { !$0.isBroken || !ignored.contains($0.rule.id) }
      cases.append(decided(members, on: function, suite, table.name, isStrict))
      cases.append(undecided(members, suite, table.name))
      cases.append(accepting(accepted.map(\.rule.id), suite, table.name))
    }
    return cases.compactMap(\.self)
  }

  /// A rule and what became of it.
  private struct Member {
    let rule: Rule
    let verdict: Verdict

    init(_ rule: Rule, _ verdict: Verdict) {
      self.rule = rule
      self.verdict = verdict
    }

    var isBroken: Bool {
      if case .broken = verdict { true } else { false }
    }
  }

  private static func decided(
    _ members: [Member], on function: Function, _ suite: String, _ table: String, _ isStrict: Bool
  ) -> ReportCase? {
    var isDecided = false
    var fails = false
    for member in members {
      switch member.verdict {
      case .held: isDecided = true
      case .broken(let severity):
        isDecided = true
        fails = fails || severity.fails(strictly: isStrict)
      case .notChecked, .notApplicable: break
      }
    }
    guard isDecided else { return nil }
    guard fails else { return ReportCase(suite: suite, name: table, []) }
    let problems = members.flatMap { member in
      member.isBroken ? member.rule.problems(in: function) : []
    }
    return ReportCase(suite: suite, name: table, problems.map(\.line))
  }

  /// The rules that are broken and ignored.
  private static func accepting(
    _ rules: [String], _ suite: String, _ table: String
  ) -> ReportCase? {
    guard !rules.isEmpty else { return nil }
    return ReportCase(
      suite: suite, name: "\(table), ignored",
      outcome: .skipped("\(rules.joined(separator: ", ")): \(acceptance)"))
  }

  /// Why a finding does not make its case fail.
  private static let acceptance = "accepted by --ignore"

  private static func undecided(
    _ members: [Member], _ suite: String, _ table: String
  ) -> ReportCase? {
    var rules: [(reason: String, ids: [String])] = []
    for member in members {
      guard case .notChecked(let input) = member.verdict else { continue }
      let reason = input.reason
      if let index = rules.firstIndex(where: { $0.reason == reason }) {
        rules[index].ids.append(member.rule.id)
      } else {
        rules.append((reason, [member.rule.id]))
      }
    }
    let reasons = rules.map { reason, ids in
      "\(ids.count == 1 ? ids[0] : "\(ids.count) rules"): \(reason)"
    }
    guard !reasons.isEmpty else { return nil }
    return ReportCase(
      suite: suite, name: "\(table), not checked",
      outcome: .skipped(reasons.joined(separator: "; ")))
  }
}

extension ReportCase {
  /// A case for each driver that does not use the function that `suite` names.
  static func cases(_ refusals: [Defect], suite: String, isStrict: Bool) -> [ReportCase] {
    refusals.map { refusal in
      guard !refusal.isIgnored else {
        return ReportCase(
          suite: suite, name: refusal.rule,
          outcome: .skipped("\(acceptance): \(refusal.message)"))
      }
      return ReportCase(
        suite: suite, name: refusal.rule,
        refusal.fails(strictly: isStrict) ? [refusal.message] : [])
    }
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
  /// Whether a finding of it makes a check fail.
  func fails(strictly: Bool) -> Bool { self == .error || strictly && self == .warning }
}
