/// Something that takes whatever bytes it is given.
struct FuzzTarget: Sendable {
  let name: String
  /// Throws when something does not hold that should hold of every input.
  let run: @Sendable ([UInt8]) throws -> Void

  /// Every target: a value here and a file in `Targets/`, named after it.
  static let all = [
    config, content, decode, dump, expectation, options, patterns, registers, rules, sysfs,
  ]
}

/// What does not hold.
struct Violation: Error, CustomStringConvertible {
  let description: String
}

func require(_ condition: Bool, _ message: @autoclosure () -> String) throws {
  guard condition else { throw Violation(description: message()) }
}
