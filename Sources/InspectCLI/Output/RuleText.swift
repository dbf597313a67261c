import VirtioConformance
import VirtioPCI

/// What `--list-rules` and `--explain` print.
enum RuleText {
  /// A row a rule.
  static func list(showsHeadings: Bool) -> String {
    let columns = ["RULE", "LEVEL", "SEVERITY", "SECTION", "CHECKED BY"]
    var table = TextTable(
      columns.map { TextTable.Column(heading: $0) }, painter: Painter(isOn: false),
      showsHeadings: showsHeadings)
    var text: [UInt8] = []
    for rule in Rule.known {
      let cells = [
        rule.id, "\(rule.level.rawValue) \(rule.basis.rawValue)", rule.severity.rawValue,
        rule.section, rule.input,
      ]
      table.add(cells.map { TextTable.Cell(text: $0) }, to: &text)
    }
    table.finish(&text)
    return String(decoding: text, as: UTF8.self)
  }

  /// All about one rule.
  static func explanation(of rule: Rule) -> String {
    var lines = [
      "\(rule.id)  (\(rule.section))", "  \(rule.demand)", "",
      "  demands   a \(rule.level.rawValue) of the \(rule.subject.rawValue), \(rule.origin)",
      "  matters   \(rule.weight)", "  checked   \(rule.input)",
    ]
    if let example = rule.example { lines.append("  broken by \(example)") }
    return lines.joined(separator: "\n") + "\n"
  }
}

extension Rule {
  /// How it is checked.
  fileprivate var input: String {
    obstacle.map { "not checked: \($0)" } ?? needs.summary
  }

  fileprivate var origin: String {
    switch basis {
    case .normative: "\(level.noun) of the specification"
    case .descriptive: "described in the specification without being required"
    case .inferred: "inferred from the layout or from PCI"
    }
  }

  /// Who minds, and what a finding amounts to.
  fileprivate var weight: String {
    if let consequence = Consequence.of(self)?.text {
      return severity == .error
        ? "error: \(consequence)" : "\(severity.rawValue), and error where \(consequence)"
    }
    switch severity {
    case .error: return "error: a function that breaks it violates the specification"
    case .warning: return "warning: no known driver refuses what breaks it"
    case .note: return "note: worth knowing, not wrong"
    }
  }
}

extension Rule.Level {
  fileprivate var noun: String {
    switch self {
    case .must: "a requirement"
    case .should: "a recommendation"
    case .may: "a permission"
    }
  }
}
