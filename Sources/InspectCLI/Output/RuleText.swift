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
      let cells = [rule.id, rule.keyword, rule.weight, rule.section, rule.input]
      table.add(cells.map { TextTable.Cell(text: $0) }, to: &text)
    }
    table.finish(&text)
    return String(decoding: text, as: UTF8.self)
  }

  /// All about one rule.
  static func explanation(of rule: Rule) -> String {
    var lines = [
      "\(rule.id)  (\(rule.section))", "  \(rule.demand)", "",
      "  level    \(rule.levelText)", "  basis    \(rule.basisText)",
      "  impact   \(rule.impact)", "  needs    \(rule.input)",
    ]
    if let example = rule.example { lines.append("  example  \(example)") }
    return lines.joined(separator: "\n") + "\n"
  }
}

extension Rule {
  /// How it is checked.
  fileprivate var input: String {
    obstacle.map { "not checked: \($0)" } ?? needs.summary
  }

  /// The keyword of the specification; of what has none, why it is here.
  fileprivate var keyword: String {
    basis == .normative ? level?.rawValue ?? basis.rawValue : basis.rawValue
  }

  /// What a finding amounts to; nothing checks what has an obstacle.
  fileprivate var weight: String { obstacle == nil ? severity.rawValue : "-" }

  fileprivate var levelText: String {
    guard let level, let subject else { return "none: a state binds neither device nor driver" }
    return basis == .normative
      ? "\(level.rawValue), for the \(subject.rawValue)"
      : "no keyword; it is about the \(subject.rawValue)"
  }

  fileprivate var basisText: String {
    switch basis {
    case .normative:
      level.map { "\($0.noun) of VIRTIO 1.4" } ?? ""
    case .descriptive: "VIRTIO 1.4 says so outside its requirements"
    case .inferred: "it follows from the layout of VIRTIO 1.4 or from PCI"
    case .state: "what the function shows; nothing is violated"
    }
  }

  /// What a finding amounts to, and why.
  fileprivate var impact: String {
    if obstacle != nil { return "none: it is not checked" }
    guard let leniency else { return "\(severity.rawValue): \(reason)" }
    guard let condition = leniency.condition else {
      return "\(severity.rawValue): \(leniency.reason)"
    }
    return "\(severity.rawValue): \(reason); a \(leniency.severity.rawValue) where \(condition):"
      + " \(leniency.reason)"
  }

  /// Why a finding amounts to what it does where nothing lessens it.
  private var reason: String {
    switch (kind, basis) {
    case (.violation, _): "a \(subject?.rawValue ?? "device") that breaks it violates VIRTIO 1.4"
    case (.state, _): "a function in this state does not work"
    case (_, .normative): "a recommendation is not followed, which violates nothing"
    case (_, .descriptive): "what VIRTIO 1.4 describes is not so; no keyword requires it"
    default: "what VIRTIO 1.4 or PCI implies is not so; no keyword requires it"
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
