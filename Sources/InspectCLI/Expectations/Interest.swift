/// What of the output an expectation looks at: nothing else of it has to be kept.
struct Interest {
  private var members: [ExactText: Interest] = [:]
  /// One or none: of the elements of a list.
  private var element: [Interest] = []
  /// The keys that name an object in messages.
  private var identity: [String] = []

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
    case .list(let list): addElements(list.elements, list.identity)
    case .conditions(let conditions): for (_, condition) in conditions { add(condition) }
    }
  }

  private mutating func add(_ condition: Condition) {
    switch condition {
    case .absent, .atLeast, .atMost, .matches: break
    case .oneOf(let values): for value in values.others { add(value) }
    case .not(let value): add(value)
    case .count: addElements([], [])
    case .all(let expected, let identity), .none(let expected, let identity):
      addElements([expected], identity)
    case .includes(let list): addElements(list.elements, list.identity)
    }
  }

  private mutating func addElements(_ elements: [Expected], _ identity: [String]) {
    if element.isEmpty { element = [Interest()] }
    if !identity.isEmpty { element[0].identity = identity }
    for expected in elements { element[0].add(expected) }
  }

  /// As much of `value` as it looks at, and as messages need to name it.
  func part(of value: JSONValue) -> JSONValue {
    switch value {
    case .object(let all):
      let names = identity + [value.label?.key].compactMap(\.self)
      return .object(
        all.compactMap { member in
          let isName = names.contains { $0.isExactly(member.key) }
          guard let interest = self[member.key] ?? (isName ? Interest() : nil) else { return nil }
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
