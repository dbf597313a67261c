import PCIAccess
import SystemPackage

/// One look at everything that was asked for: read, printed and judged.
struct Run {
  private var survey: Survey
  private var renderer: any Renderer
  private var output: StandardOutput
  private var misses = Misses()
  private var judgement: Judgement

  init(_ arguments: Arguments, _ expectation: Expectation?) throws(UsageError) {
    survey = try Survey(arguments)
    renderer = arguments.renderer(access: survey.access)
    judgement = Judgement(arguments, expectation, access: survey.access)
    survey.include(renderer.needs.union(judgement.needs))
    output = arguments.wait == nil ? StandardOutput() : .keeping()
  }

  /// Reads everything; what it has to say goes no further than the output.
  mutating func look() -> ExitStatus {
    renderer.begin(&output)
    judgement.begin(&output)
    while output.failure == nil, let sighting = survey.next() {
      for error in sighting.errors where misses.add(error) { judgement.add(error, to: &output) }
      guard let inspection = sighting.inspection else { continue }
      renderer.add(inspection, to: &output)
      judgement.add(inspection, to: &output)
    }
    renderer.end(misses.all, &output)
    judgement.end(misses, &output)
    return status
  }

  private var status: ExitStatus { max(misses.status, judgement.status) }

  /// Whether another look can give anything else.
  var mayChange: Bool { misses.mayChange }

  /// Prints what the look gave. Messages come after the output, so that a terminal shows them at its
  /// end.
  mutating func finish() -> ExitStatus {
    output.release()
    let written = output.finish()
    for error in misses.all { Diagnostic.print(error.sentence) }
    judgement.printReasons()
    return max(status, written)
  }
}

extension StandardOutput {
  /// Writes what is left; the status says whether all of it could be written.
  mutating func finish() -> ExitStatus {
    flush()
    guard let failure else { return .success }
    if failure != .system(.brokenPipe) { Diagnostic.print("standard output: \(failure)") }
    return .incomplete
  }
}
