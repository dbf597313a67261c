@testable import InspectCLI

extension Expectation {
  /// What became of each part of it in `document`.
  func outcomes(in document: JSONValue) -> [ReportCase] {
    var outcomes: [ReportCase] = []
    judge(document) { outcomes.append($0) }
    return outcomes
  }
}

extension ReportFormat {
  /// The whole report of a machine format.
  func text(_ cases: [ReportCase]) -> String {
    var output = StandardOutput.keeping()
    var writer = ReportWriter(self)
    writer.begin(&output)
    for item in cases { writer.add(item, to: &output) }
    writer.end(&output)
    return String(decoding: output.kept, as: UTF8.self)
  }
}
