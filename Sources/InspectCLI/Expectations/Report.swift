import PCIAccess
import VirtioPCI

/// How `--check` and `--expect` answer.
enum ReportFormat: String, CaseIterable, Hashable, Sendable {
  case text, tap, junit

  static let words = allCases.map { $0.rawValue }

  init(parsing text: String) throws(ValueError) {
    guard let format = Self(rawValue: text) else { throw .notOneOf(Self.words) }
    self = format
  }

  /// Whether it is for a machine: then it is all of the output.
  var isMachine: Bool { self != .text }
}

/// One thing that was judged.
struct ReportCase: Hashable {
  /// The function, by its address or file, or else the expectation.
  var suite: String
  var name: String
  var outcome: Outcome

  enum Outcome: Hashable {
    case passed
    /// Why, in lines.
    case failed([String])
    /// Why it was not judged.
    case skipped(String)
  }

  init(suite: String, name: String, outcome: Outcome) {
    self.suite = suite
    self.name = name
    self.outcome = outcome
  }

  /// A failure for the reasons given, or none.
  init(suite: String, name: String, _ reasons: [String]) {
    self.init(suite: suite, name: name, outcome: reasons.isEmpty ? .passed : .failed(reasons))
  }

  /// Something that was asked for and could not be read.
  init(_ error: AccessError) {
    self.init(
      suite: error.address?.description ?? Version.name, name: "read", [error.sentence])
  }

  var reasons: [String] {
    if case .failed(let reasons) = outcome { reasons } else { [] }
  }
}

extension ReportFormat {
  /// The whole report of a machine format.
  func text(_ cases: [ReportCase]) -> String {
    switch self {
    case .text: ""
    case .tap: TAP.text(cases)
    case .junit: JUnit.text(cases)
    }
  }
}
