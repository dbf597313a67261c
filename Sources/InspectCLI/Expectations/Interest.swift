/// What of the output an expectation looks at: nothing else of it has to be kept.
struct Interest {
  private var members: [ExactText: Interest] = [:]
  /// One or none: of the elements of a list.
  private var element: [Interest] = []

  init() {}

  init(_ expected: Expected) {
    add(expected)
  }

  /// What it looks at under `key`.
  subscript(key: String) -> Interest? { members[ExactText(key)] }

  /// What it looks at in the elements of a list.
  var elements: Interest? { element.first }

  mutating func add(_ expected: Expected) {
    switch expected {
    case .value: break
    case .object(let expected):
      for (key, value) in expected { members[ExactText(key), default: Interest()].add(value) }
    case .list(let list): addElements(list.elements)
    case .conditions(let conditions): for (_, condition) in conditions { add(condition) }
    }
  }

  private mutating func add(_ condition: Condition) {
    switch condition {
    case .absent, .atLeast, .atMost, .matches: break
    case .oneOf(let values): for value in values.others { add(value) }
    case .not(let value): add(value)
    case .count: addElements([])
    case .all(let expected), .none(let expected): addElements([expected])
    case .includes(let list): addElements(list.elements)
    }
  }

  private mutating func addElements(_ elements: [Expected]) {
    if element.isEmpty { element = [Interest()] }
    for expected in elements { element[0].add(expected) }
  }

  /// As much of `value` as it looks at, and as messages need to name it.
  func part(of value: JSONValue) -> JSONValue {
    switch value {
    case .object(let all):
      let label = all.first { $0.value != .null }?.key
      return .object(
        all.compactMap { member in
          guard let interest = self[member.key] ?? (member.key == label ? Interest() : nil) else {
            return nil
          }
          return JSONValue.Member(key: member.key, value: interest.part(of: member.value))
        })
    case .list(let all):
      guard let elements else { return .list(all.prefix(1).map { Interest().part(of: $0) }) }
      return .list(all.map { elements.part(of: $0) })
    default:
      return value
    }
  }
}
