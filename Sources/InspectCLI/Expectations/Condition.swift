/// What an expectation says where equality cannot.
indirect enum Condition: Sendable {
  case absent(Bool)
  case atLeast(UInt64)
  case atMost(UInt64)
  case matches(Glob)
  case oneOf(Alternatives)
  case not(Expected)
  case count(Expected)
  // With the keys that name an element in messages.
  case all(Expected, identity: [String])
  case none(Expected, identity: [String])
  case includes(ExpectedList)
}

/// Values of which one is enough. Scalars are looked up.
struct Alternatives: Sendable {
  private(set) var scalars: Set<JSONValue> = []
  private(set) var others: [Expected] = []

  init(_ values: [Expected]) {
    for value in values {
      if case .value(let scalar) = value { scalars.insert(scalar) } else { others.append(value) }
    }
  }

  var count: Int { scalars.count + others.count }
}

/// A condition as an expectation writes it: the key of an object in the place of a value,
/// `{"at_least": 256}`.
///
/// No object of the output has one of these keys, and no scalar or list of it is an object, so that
/// nothing that the output holds can be mistaken for a condition.
struct ConditionForm: Sendable {
  let name: String
  /// One line without a full stop.
  let meaning: String
  /// Checks what stands under the key, for a value of that type.
  let condition: Maker

  typealias Maker =
    @Sendable (
      inout ExpectationChecker, JSONValue, JSONType
    ) throws(ExpectationError) -> Condition

  private init(_ name: String, _ meaning: String, _ condition: @escaping Maker) {
    self.name = name
    self.meaning = meaning
    self.condition = condition
  }

  /// Every condition.
  static let table: [ConditionForm] = [
    ConditionForm("absent", "true: it is null or not there; false: there is a value") {
      checker, operand, type throws(ExpectationError) in
      guard type.isNullable else { throw checker.error("what stands here is never absent") }
      guard case .bool(let value) = operand else { throw checker.error("takes true or false") }
      return .absent(value)
    },
    ConditionForm("at_least", "an integer that is no less") {
      checker, operand, type throws(ExpectationError) in
      .atLeast(try checker.bound(operand, of: type))
    },
    ConditionForm("at_most", "an integer that is no more") {
      checker, operand, type throws(ExpectationError) in
      .atMost(try checker.bound(operand, of: type))
    },
    ConditionForm("matches", "a string of this pattern: * is anything, ? any one character") {
      checker, operand, type throws(ExpectationError) in
      switch type.content {
      case .string, .oneOf: break
      default: throw checker.error("is about strings, where the output has \(type)")
      }
      guard case .string(let pattern) = operand else { throw checker.error("takes a string") }
      if case .string(let format) = type.content, !format.takes(pattern: pattern) {
        throw checker.error(format.refusal(of: pattern))
      }
      return .matches(Glob(pattern))
    },
    ConditionForm("one_of", "any of the values of this list") {
      checker, operand, type throws(ExpectationError) in
      .oneOf(Alternatives(try checker.alternatives(operand, of: type)))
    },
    ConditionForm("not", "anything but this") {
      checker, operand, type throws(ExpectationError) in
      .not(try checker.expected(operand, in: type))
    },
    ConditionForm("count", "the number of elements: an integer or a condition") {
      checker, operand, type throws(ExpectationError) in
      _ = try checker.element(of: type)
      return .count(try checker.expected(operand, in: .integer()))
    },
    ConditionForm("all", "a list whose every element is this") {
      checker, operand, type throws(ExpectationError) in
      let element = try checker.element(of: type)
      return .all(try checker.expected(operand, in: element), identity: element.identity)
    },
    ConditionForm("none", "a list of which no element is this") {
      checker, operand, type throws(ExpectationError) in
      let element = try checker.element(of: type)
      return .none(try checker.expected(operand, in: element), identity: element.identity)
    },
    ConditionForm("includes", "a list as without a condition, to add others") {
      checker, operand, type throws(ExpectationError) in
      let element = try checker.element(of: type)
      guard case .list(let elements) = operand else { throw checker.error("takes a list") }
      return .includes(try checker.list(elements, in: element))
    },
  ]
}

extension ExpectationChecker {
  fileprivate func bound(
    _ operand: JSONValue, of type: JSONType
  ) throws(ExpectationError) -> UInt64 {
    guard case .integer = type.content else {
      throw error("is about integers, where the output has \(type)")
    }
    guard case .integer(let value) = operand else { throw error("takes an integer") }
    return value
  }

  fileprivate mutating func alternatives(
    _ operand: JSONValue, of type: JSONType
  ) throws(ExpectationError) -> [Expected] {
    guard case .list(let values) = operand, !values.isEmpty else {
      throw error("takes a list of values")
    }
    return try list(values, in: type).elements
  }

  fileprivate func element(of type: JSONType) throws(ExpectationError) -> JSONType {
    guard case .list(let element) = type.content else {
      throw error("is about lists, where the output has \(type)")
    }
    return element
  }
}
