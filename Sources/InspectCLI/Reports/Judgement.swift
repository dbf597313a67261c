import PCIAccess
import VirtioConformance

/// Whether what was read is as it should be: by the rules that were checked, and by what is expected.
struct Judgement {
  /// Whether warnings fail a check.
  private let isStrict: Bool
  /// Each expectation, and what it is compared with.
  private var expectations: [(expectation: Expectation, document: FoundDocument)]
  /// What differs from a snapshot; nil where none is asked for, or it could not be read.
  private var differences: Differences?
  private let printsJSON: Bool
  private let painter: Painter
  private let format: ReportFormat
  private var report: ReportWriter
  /// What failed, for GitHub Actions.
  private var annotations: Limited<ReportCase>?
  /// Why checks fail, a line for each function.
  private var failures = Limited<String>()
  /// Why expectations do not hold.
  private var unmet = Limited<String>()
  private(set) var status = ExitStatus.success

  init(
    _ arguments: Arguments, _ standards: Standards, access: JSONDocument.AccessName,
    in surroundings: Surroundings
  ) {
    isStrict = arguments.strict
    expectations = standards.expectations.map { ($0, FoundDocument(for: $0, access: access)) }
    differences = standards.snapshot.flatMap { Differences(from: $0, for: arguments) }
    printsJSON = arguments.json
    painter = Painter(isOn: arguments.color.isOn ?? surroundings.showsColor)
    format = arguments.report ?? .text
    report = ReportWriter(format)
    annotations = format == .text && surroundings.isGitHub ? Limited() : nil
  }

  /// What must be read of each function.
  var needs: ReadPlan { expectations.isEmpty && differences == nil ? [] : .json }

  func begin(_ output: inout StandardOutput) { report.begin(&output) }

  /// Judges a function. Reports and annotations say more than whether it failed, and only reports say
  /// what held.
  mutating func add(_ inspection: Inspection, to output: inout StandardOutput) {
    for index in expectations.indices { expectations[index].document.add(inspection) }
    differences?.add(inspection)
    guard let verdicts = inspection.verdicts else { return }
    let breaksRules = verdicts.indices.contains { index in
      guard case .broken(let severity) = verdicts[index] else { return false }
      return severity.fails(strictly: isStrict) && !inspection.ignored.contains(Rule.all[index].id)
    }
    let refusals = inspection.refusals
    let fails = breaksRules || refusals.contains { $0.fails(strictly: isStrict) }
    if fails {
      status = .failed
      let isStrict = isStrict
      failures.append(Self.failure(of: inspection, isStrict: isStrict))
    }
    guard format.isMachine || fails && annotations != nil else { return }
    let cases = ReportCase.cases(
      verdicts, on: inspection.function, ignoring: inspection.ignored, suite: inspection.name,
      isStrict: isStrict)
    for item in cases { take(item, to: &output) }
    for item in ReportCase.cases(refusals, suite: inspection.name, isStrict: isStrict) {
      take(item, to: &output)
    }
  }

  /// Reports what could not be read.
  mutating func add(_ error: AccessError, to output: inout StandardOutput) {
    report.add(ReportCase(error), to: &output)
  }

  /// Compares all that was read with the expectation.
  mutating func end(_ misses: Misses, _ output: inout StandardOutput) {
    if let rest = misses.rest { add(rest, to: &output) }
    for (expectation, document) in expectations {
      expectation.judge(document.finish(misses.all)) { item in
        for reason in item.reasons { unmet.append("\(expectation.name): \(reason)") }
        take(item, to: &output)
      }
    }
    report.end(&output)
    printDifferences(to: &output)
  }

  private mutating func printDifferences(to output: inout StandardOutput) {
    differences?.finish()
    guard let differences else { return }
    if !differences.isEmpty { status = .failed }
    if printsJSON {
      var writer = JSONWriter(compact: false)
      differences.write(to: &writer)
      writer.endOfText()
      writer.drain(to: &output)
    } else {
      output.write { differences.append(to: &$0, painter: painter) }
    }
  }

  private mutating func take(_ item: ReportCase, to output: inout StandardOutput) {
    report.add(item, to: &output)
    guard !item.reasons.isEmpty else { return }
    status = .failed
    annotations?.append(item)
  }

  /// What fails a check of a function: `0000:00:04.0: 2 errors: cap-common-present, driver-linux`.
  private static func failure(of inspection: Inspection, isStrict: Bool) -> String {
    let failing = inspection.problems.filter {
      !$0.isIgnored && $0.severity.fails(strictly: isStrict)
    }
    var rules: [String] = []
    for problem in failing where !rules.contains(problem.rule) { rules.append(problem.rule) }
    let noun = isStrict ? "finding" : "error"
    return "\(inspection.name): \(failing.count) \(noun)\(failing.count == 1 ? "" : "s"): "
      + rules.joined(separator: ", ")
  }

  /// Why it fails: messages for people, and annotations.
  var messages: [String] {
    let idle = expectations.filter(\.expectation.demandsNothing)
    let lines =
      idle.map { "\($0.expectation.name): note: this expectation demands nothing" }
      + failures.all(rest: { "\($0) more functions fail the check" })
      + unmet.all(rest: { "\($0) more differences" })
      + (differences.flatMap(\.summary).map { [$0] } ?? [])
    return lines.map(Diagnostic.line) + (annotations.map(Annotation.texts) ?? [])
  }
}
