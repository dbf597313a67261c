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

/// Writes a report of a machine format, case by case: what was written is not kept.
struct ReportWriter {
  private let format: ReportFormat
  private var count = 0
  /// Cases of one suite, which JUnit counts before they stand there.
  private var suite: [ReportCase] = []
  /// So many cases are counted in one element; the next of the same suite go into another.
  private static let longestSuite = 1000

  init(_ format: ReportFormat) {
    self.format = format
  }

  func begin(_ output: inout StandardOutput) {
    switch format {
    case .text: break
    case .tap: output.write { $0 += TAP.begin.utf8 }
    case .junit: output.write { $0 += JUnit.begin.utf8 }
    }
  }

  mutating func add(_ item: ReportCase, to output: inout StandardOutput) {
    count += 1
    switch format {
    case .text: break
    case .tap: output.write { $0 += TAP.text(of: item, number: count).utf8 }
    case .junit:
      if let last = suite.last,
        !last.suite.isExactly(item.suite) || suite.count == Self.longestSuite
      {
        endSuite(&output)
      }
      suite.append(item)
    }
  }

  mutating func end(_ output: inout StandardOutput) {
    switch format {
    case .text: break
    case .tap: output.write { $0 += TAP.end(count: count).utf8 }
    case .junit:
      endSuite(&output)
      output.write { $0 += JUnit.end.utf8 }
    }
  }

  private mutating func endSuite(_ output: inout StandardOutput) {
    guard let name = suite.first?.suite else { return }
    output.write { $0 += JUnit.text(of: suite, name: name).utf8 }
    suite.removeAll()
  }
}
