import PCIAccess
import Platform
import SystemPackage

/// One look at everything that was asked for: read, printed and judged.
struct Run {
  private var survey: Survey
  private var renderer: any Renderer
  private(set) var output: StandardOutput
  private var misses = Misses()
  private var judgement: Judgement

  init(
    _ arguments: Arguments, _ standards: Standards, to output: StandardOutput,
    in surroundings: Surroundings
  ) throws(UsageError) {
    survey = try Survey(arguments)
    renderer = arguments.renderer(access: survey.access, in: surroundings)
    judgement = Judgement(arguments, standards, access: survey.access, in: surroundings)
    survey.include(renderer.needs.union(judgement.needs))
    self.output = output
    for error in standards.snapshot?.errors ?? [] where misses.add(error) {
      judgement.add(error, to: &self.output)
    }
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
    for message in messages { Diagnostic.write(message) }
    return max(status, written)
  }

  /// The messages of the look, each with its line feed.
  var messages: [String] {
    misses.all.map { Diagnostic.line($0.sentence) } + judgement.messages
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
