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

  /// `38 rules held, 1 error, 0 warnings, 112 not checked`.
  var summary: String {
    var (held, unchecked) = (0, 0)
    for verdict in verdicts {
      switch verdict {
      case .held: held += 1
      case .notChecked: unchecked += 1
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
    text += ", \(unchecked) not checked"
    return text
  }

  func append(to text: inout [UInt8], painter: Painter) {
    var table = TextTable(
      ["POSITION", "SEVERITY", "RULE", "MESSAGE"].map { TextTable.Column(heading: $0) },
      painter: painter, showsHeadings: false, indent: 2)
    for problem in problems {
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

  private func count(_ severity: Severity) -> Int {
    problems.count { !$0.isIgnored && $0.severity == severity }
  }

  private static func count(_ count: Int, _ noun: String) -> String {
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

  var needs: ReadPlan { .check }

  mutating func add(_ inspection: Inspection, to output: inout StandardOutput) {
    guard let view = CheckView(inspection) else { return }
    output.write { text in
      painter.paint(escaped(inspection.name), .title, to: &text)
      text += "  \(inspection.function.type?.label ?? "unknown") device\n".utf8
      view.append(to: &text, painter: painter)
    }
  }
}
