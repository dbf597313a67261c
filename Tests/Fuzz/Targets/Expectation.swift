@testable import InspectCLI

extension FuzzTarget {
  /// Expectations, and after a NUL a document to compare with: in every order the same is found.
  static let expectation = FuzzTarget(name: "expectation") { input in
    let parts = input.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
    let text = Array(parts[0])
    let value: JSONValue
    do throws(JSONError) {
      value = try JSONParser.parse(text)
    } catch {
      return try checkError(error, text)
    }
    try checkWriting(value)
    let expectation: Expectation
    do throws(UsageError) {
      expectation = try Expectation(name: "file", text: text)
    } catch {
      return try requirePrintable(Array("\(error)".utf8))
    }
    let reversed = try Expectation(name: "file", text: written(value.reversed))
    for document in [value, parts.count > 1 ? try? JSONParser.parse(Array(parts[1])) : nil] {
      guard let document else { continue }
      let cases = expectation.outcomes(in: document)
      try checkReports(cases)
      let holds = { (expectation: Expectation, document: JSONValue) in
        expectation.outcomes(in: document).allSatisfy { $0.outcome == .passed }
      }
      let isHeld = holds(expectation, document)
      try require(holds(reversed, document) == isHeld, "the order of the expectation matters")
      try require(holds(expectation, document.reversed) == isHeld, "the order of a list matters")
    }
    if try ExpectationChecker.parts(of: value).allSatisfy({ !$0.value.hasConditions }) {
      let cases = expectation.outcomes(in: value)
      try require(
        cases.allSatisfy { $0.outcome == .passed }, "it does not hold of itself: \(cases)")
    }
  }

  private static func checkError(_ error: JSONError, _ text: [UInt8]) throws {
    let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    try require((1...lines.count).contains(error.line), "\(error) of \(lines.count) lines")
    let length = lines[error.line - 1].count
    try require((1...length + 1).contains(error.column), "\(error) of \(length) columns")
    try requirePrintable(Array(escaped("\(error)").utf8))
  }

  /// What was read is written, in both forms, so that it reads back the same.
  private static func checkWriting(_ value: JSONValue) throws {
    for isCompact in [false, true] {
      let text = written(value, isCompact: isCompact)
      try require(try JSONParser.parse(text) == value, "written, it reads back otherwise")
    }
  }

  private static func written(_ value: JSONValue, isCompact: Bool = true) -> [UInt8] {
    var writer = JSONWriter(compact: isCompact)
    writer.value(value)
    return writer.bytes
  }
}

extension JSONValue {
  /// With its lists and the members of its objects from the last to the first.
  fileprivate var reversed: JSONValue {
    switch self {
    case .null, .bool, .integer, .string, .hex, .bytes: self
    case .list(let elements): .list(elements.reversed().map(\.reversed))
    case .object(let members):
      .object(members.reversed().map { Member(key: $0.key, value: $0.value.reversed) })
    }
  }
}

extension Expected {
  fileprivate var hasConditions: Bool {
    switch self {
    case .value: false
    case .object(let members): members.contains { $0.value.hasConditions }
    case .list(let list): list.elements.contains(where: \.hasConditions)
    case .conditions: true
    }
  }
}
