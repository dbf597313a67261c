import PCIAccess
import VirtioConformance

/// Whether what was read is as it should be: by the rules that were checked, and by what is expected.
struct Judgement {
  /// Whether warnings fail a check.
  private let isStrict: Bool
  private let expectation: Expectation?
  /// What the expectation is compared with; nil without one.
  private var document: FoundDocument?
  private let format: ReportFormat
  private var report: ReportWriter
  /// What failed, for GitHub Actions.
  private var annotations: Limited<ReportCase>?
  /// Why the expectation does not hold.
  private var unmet = Limited<String>()
  private(set) var status = ExitStatus.success

  init(
    _ arguments: Arguments, _ expectation: Expectation?, access: JSONDocument.AccessName,
    in surroundings: Surroundings
  ) {
    isStrict = arguments.strict
    self.expectation = expectation
    document = expectation.map { FoundDocument(for: $0, access: access) }
    format = arguments.report ?? .text
    report = ReportWriter(format)
    annotations = format == .text && surroundings.isGitHub ? Limited() : nil
  }

  /// What must be read of each function.
  var needs: ReadPlan { expectation == nil ? [] : .json }

  func begin(_ output: inout StandardOutput) { report.begin(&output) }

  /// Judges a function. Reports and annotations say more than whether it failed, and only reports say
  /// what held.
  mutating func add(_ inspection: Inspection, to output: inout StandardOutput) {
    document?.add(inspection)
    guard let verdicts = inspection.verdicts else { return }
    let breaksRules = verdicts.indices.contains { index in
      guard case .broken(let severity) = verdicts[index] else { return false }
      return severity.fails(strictly: isStrict) && !inspection.ignored.contains(Rule.all[index].id)
    }
    let refusals = inspection.refusals
    let fails = breaksRules || refusals.contains { $0.fails(strictly: isStrict) }
    if fails { status = .failed }
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
    if let expectation, let found = document?.finish(misses.all) {
      expectation.judge(found) { item in
        for reason in item.reasons { unmet.append(reason) }
        take(item, to: &output)
      }
    }
    report.end(&output)
  }

  private mutating func take(_ item: ReportCase, to output: inout StandardOutput) {
    report.add(item, to: &output)
    guard !item.reasons.isEmpty else { return }
    status = .failed
    annotations?.append(item)
  }

  /// Why the expectation does not hold, where no report says it.
  private var reasons: [String] {
    guard let expectation, format == .text else { return [] }
    return unmet.all(rest: { "\($0) more differences" }).map {
      Diagnostic.line("\(expectation.name): \($0)")
    }
  }

  /// Why it fails: messages for people, and annotations.
  var messages: [String] {
    reasons + (annotations.map(Annotation.texts) ?? [])
  }
}
