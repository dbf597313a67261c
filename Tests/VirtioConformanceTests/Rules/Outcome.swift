import VirtioConformance

/// A rule, and what became of it in a function.
struct Outcome {
  let rule: Rule
  let verdict: Verdict
  let problems: [Problem]

  /// Of each rule that can be checked, in the table's order.
  static func all(in function: Function) -> [Outcome] {
    zip(Rule.all, Rule.verdicts(on: function)).map { rule, verdict in
      var problems: [Problem] = []
      if case .broken = verdict { problems = rule.problems(in: function) }
      return Outcome(rule: rule, verdict: verdict, problems: problems)
    }
  }
}
