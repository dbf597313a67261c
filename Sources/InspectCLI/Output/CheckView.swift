import PCIAccess
import VirtioConformance
import VirtioPCI

/// What a check of one function found: a line a finding, and how many rules came out how.
struct CheckView {
  private let problems: [Defect]
  private let drivers: [DriverEntry]
  private let verdicts: [Verdict]

  /// Nil when it was not checked.
  init?(_ inspection: Inspection) {
    guard let verdicts = inspection.verdicts else { return nil }
    self.verdicts = verdicts
    drivers = inspection.drivers
    // The worst first; those of one severity in the rules' order, and those that are
    // ignored last.
    let problems = inspection.problems
    let counted = problems.filter { !$0.isIgnored }
    self.problems =
      Severity.allCases.flatMap { severity in counted.filter { $0.severity == severity } }
      + problems.filter(\.isIgnored)
  }

  /// `38 rules held, 1 error, 0 warnings, 84 not checked (60 need --probe, 24 need a running driver)`.
  var summary: String {
    var held = 0
    var unchecked: [(remedy: String, count: Int)] = []
    for verdict in verdicts {
      switch verdict {
      case .held: held += 1
      case .notChecked(let input):
        let remedy = input.remedy
        if let index = unchecked.firstIndex(where: { $0.remedy == remedy }) {
          unchecked[index].count += 1
        } else {
          unchecked.append((remedy, 1))
        }
      case .broken, .notApplicable: break
      }
    }
    var text = Self.count(held, "rule")
    text += " held, "
    text += Self.count(count(.error), "error")
    text += ", "
    text += Self.count(count(.warning), "warning")
    let notes = count(.note)
    if notes > 0 { text += ", \(Self.count(notes, "note"))" }
    let ignored = problems.count(where: \.isIgnored)
    if ignored > 0 { text += ", \(ignored) ignored" }
    guard !unchecked.isEmpty else { return text }
    text += ", \(unchecked.reduce(0) { $0 + $1.count }) not checked"
    let needs = unchecked.sorted { $0.count > $1.count }.map {
      "\($0.count) need\($0.count == 1 ? "s" : "") \($0.remedy)"
    }
    return text + " (" + needs.joined(separator: ", ") + ")"
  }

  func append(to text: inout [UInt8], painter: Painter) {
    var table = TextTable(
      ["POSITION", "SEVERITY", "RULE", "MESSAGE"].map { TextTable.Column(heading: $0) },
      painter: painter, showsHeadings: false, indent: 2)
    let consequences = self.consequences
    for problem in problems where !consequences.contains(problem.rule) {
      let severity =
        problem.isIgnored
        ? TextTable.Cell(text: "ignored", style: .faint)
        : TextTable.Cell(text: problem.severity.rawValue, style: Style(problem.severity))
      let section = problem.section.map { " (\($0))" } ?? ""
      let message = problem.prefix + problem.message + section
      table.add(
        [
          TextTable.Cell(problem.position.map { Hex($0).description }),
          severity,
          TextTable.Cell(text: problem.rule), TextTable.Cell(text: escaped(message)),
        ], to: &text)
      guard problem.rule == Rule.capabilityList, !consequences.isEmpty else { continue }
      table.add(
        [
          .none, severity, TextTable.Cell(text: "(\(consequences.count) follow)", style: .faint),
          TextTable.Cell(text: consequences.joined(separator: ", ")),
        ], to: &text)
    }
    table.finish(&text)
    // The refusals that count are among the problems.
    let refusing = problems.filter { $0.kind == .driver }.map(\.rule)
    let others = drivers.filter { entry in
      Defect(entry).map { !refusing.contains($0.rule) } ?? true
    }
    for line in DriverText(entries: others).summaries {
      text += "  ".utf8
      painter.paint(escaped(line.text), line.style, to: &text)
      text.append(UInt8(ascii: "\n"))
    }
    text += "  \(summary)\n".utf8
  }

  /// The rules that are broken because the list ends too early: a capability that it does not reach is
  /// missing.
  private var consequences: [String] {
    let counted = problems.filter { !$0.isIgnored }.map(\.rule)
    guard counted.contains(Rule.capabilityList) else { return [] }
    return Rule.presence.filter { counted.contains($0) }
  }

  func count(_ severity: Severity) -> Int {
    problems.count { !$0.isIgnored && $0.severity == severity }
  }

  static func count(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
  }
}

extension Defect {
  /// What a message begins with: only a broken requirement is a violation.
  fileprivate var prefix: String {
    switch kind {
    case .violation: "violation: "
    case .state: "state: "
    case .recommendation, .driver: ""
    }
  }
}

/// What a check of many functions found: for each a line with its summary, and its findings below.
struct CheckRenderer: Renderer {
  let painter: Painter
  private var functions = 0
  private var counts: [Severity: Int] = [:]

  init(painter: Painter) { self.painter = painter }

  var needs: ReadPlan { .check }

  mutating func add(_ inspection: Inspection, to output: inout StandardOutput) {
    guard let view = CheckView(inspection) else { return }
    functions += 1
    for severity in Severity.allCases { counts[severity, default: 0] += view.count(severity) }
    output.write { text in
      if functions > 1 { text.append(UInt8(ascii: "\n")) }
      painter.paint(escaped(inspection.name), .title, to: &text)
      text += "  \(inspection.function.type?.label ?? "unknown") device\n".utf8
      view.append(to: &text, painter: painter)
    }
  }
  /// How many there are of each over all functions, where there are several.
  mutating func end(_ errors: [AccessError], _ output: inout StandardOutput) {
    guard functions > 1 else { return }
    let words = Severity.allCases.map { CheckView.count(counts[$0] ?? 0, $0.rawValue) }
    output.write { $0 += "\n\(functions) functions: \(words.joined(separator: ", "))\n".utf8 }
  }
}
