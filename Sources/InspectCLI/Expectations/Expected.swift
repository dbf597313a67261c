import VirtioPCI

/// An expectation that was checked against the shape of the output: whatever it demands can hold.
indirect enum Expected: Sendable {
  /// Just this scalar.
  case value(JSONValue)
  /// An object in which each of these keys holds what is expected.
  case object([(key: String, value: Expected)])
  /// A list with a different element for each of these, in any order.
  case list(ExpectedList)
  /// All of these.
  case conditions([(name: String, condition: Condition)])
}

/// The elements that are expected in a list.
struct ExpectedList: Sendable {
  let elements: [Expected]
  /// Of each a number that those have that are the same.
  let kinds: [Int]
  /// The keys that name an element in messages.
  let identity: [String]
}

/// Why an expectation makes no sense, and where in it.
struct ExpectationError: Error, CustomStringConvertible {
  var path: JSONPath
  var message: String

  var description: String { path.isEmpty ? message : "\(path): \(message)" }
}

/// Checks an expectation against the shape of the output, so that a slip of the pen is found before
/// a device is read: with `not` or `none` above it, it would hold.
struct ExpectationChecker {
  private var path = JSONPath()
  /// The keys of the objects above the one that is checked, the innermost last.
  private var keysAbove: [[JSONKey]] = []

  /// What `value`, in the place of the whole output, demands of each of its keys.
  static func parts(
    of value: JSONValue
  ) throws(ExpectationError) -> [(key: String, value: Expected)] {
    var checker = ExpectationChecker()
    guard case .object(let members) = value else {
      throw checker.error("expected an object as --json prints it")
    }
    let keys = JSONDocument.table.shape.keys
    let isFunction = { (key: String) in
      !keys.contains { $0.key.isExactly(key) }
        && Inspection.table.fields.contains { $0.key.isExactly(key) }
    }
    guard !members.contains(where: { isFunction($0.key) }) else {
      throw checker.error("this is one function, as --jsonl prints it: write {\"devices\": [...]}")
    }
    // Editors look there for what may stand in the file.
    return try checker.fields(members.filter { !$0.key.isExactly("$schema") }, keys)
  }

  func error(_ message: String) -> ExpectationError {
    ExpectationError(path: path, message: message)
  }

  private func quoted(_ text: String) -> String { "\(JSONValue.string(text))" }

  /// What `value` demands of what is of that type in the output.
  mutating func expected(
    _ value: JSONValue, in type: JSONType
  ) throws(ExpectationError) -> Expected {
    switch (value, type.content) {
    case (.object(let members), _):
      return try object(members, in: type)
    case (.list(let elements), .list(let element)):
      return .list(try list(elements, in: element))
    case (.string(let text), .string(let format)):
      guard format.takes(text) else { throw error(format.refusal(of: text)) }
      return .value(value)
    case (.null, _) where type.isNullable, (.bool, .bool), (.integer, .integer):
      return .value(value)
    case (.string(let text), .oneOf(let words)):
      guard words.contains(where: { $0.isExactly(text) }) else {
        throw unknown("value", text, among: words)
      }
      return .value(value)
    default:
      throw error("expects \(value), where the output has \(type)\(type.remedy(for: value))")
    }
  }

  mutating func list(
    _ elements: [JSONValue], in type: JSONType
  ) throws(ExpectationError) -> ExpectedList {
    var list: [Expected] = []
    var kinds: [Int] = []
    var known: [JSONValue: Int] = [:]
    for (index, element) in elements.enumerated() {
      path.append(index)
      list.append(try expected(element, in: type))
      path.removeLast()
      kinds.append(known[element] ?? index)
      known[element] = kinds[index]
    }
    return ExpectedList(elements: list, kinds: kinds, identity: type.identity)
  }

  /// An object is of conditions, or of keys of the output, which has no key of a condition's name.
  private mutating func object(
    _ members: [JSONValue.Member], in type: JSONType
  ) throws(ExpectationError) -> Expected {
    let names = ConditionForm.table.map { $0.name }
    let shapes = type.shapes
    guard shapes.isEmpty || members.contains(where: { names.contains($0.key) }) else {
      return .object(try fields(members, shapes.flatMap(\.keys)))
    }
    var conditions: [(name: String, condition: Condition)] = []
    if case .list(let element) = type.content, let key = members.first?.key,
      element.shapes.contains(where: { $0.keys.contains { $0.key.isExactly(key) } })
    {
      throw error("expects an object, where the output has a list: write [{...}]")
    }
    guard !members.isEmpty else { throw error("holds no condition: \(type) stands in the output") }
    for member in members {
      guard let form = ConditionForm.table.first(where: { $0.name.isExactly(member.key) }) else {
        throw error(
          "no condition \(quoted(member.key)) here; there are \(names.joined(separator: ", "))")
      }
      path.append(member.key)
      conditions.append((form.name, try form.condition(&self, member.value, type)))
      path.removeLast()
    }
    return .conditions(conditions)
  }

  private mutating func fields(
    _ members: [JSONValue.Member], _ keys: [JSONKey]
  ) throws(ExpectationError) -> [(key: String, value: Expected)] {
    var fields: [(key: String, value: Expected)] = []
    keysAbove.append(keys)
    defer { keysAbove.removeLast() }
    for member in members {
      let types = keys.filter { $0.key.isExactly(member.key) }.map { $0.type }
      guard !types.isEmpty else {
        if let places = places(of: member.key, near: keys) {
          throw error("no key \(quoted(member.key)) here; \(places)")
        }
        let conditions = ConditionForm.table.map { $0.name }
        throw unknown("key", member.key, among: keys.map { $0.key } + conditions)
      }
      path.append(member.key)
      fields.append((member.key, try expected(member.value, inAnyOf: types)))
      path.removeLast()
    }
    return fields
  }

  /// Where a key stands that is not among `keys`: one level down, or further up.
  private func places(of name: String, near keys: [JSONKey]) -> String? {
    let below = keys.filter { $0.type.shapes.contains { $0.holds(name) } }
    guard below.isEmpty else {
      return "did you mean " + below.map { "\(path).\($0.key).\(name)" }.joined(separator: " or ")
        + "?"
    }
    let isAbove = keysAbove.dropLast().contains { $0.contains { $0.key.isExactly(name) } }
    return isAbove ? "an object above has it" : nil
  }

  /// Fields of one name in several layouts may differ in type.
  private mutating func expected(
    _ value: JSONValue, inAnyOf types: [JSONType]
  ) throws(ExpectationError) -> Expected {
    for type in types.dropLast() {
      var attempt = self
      if let expected = try? attempt.expected(value, in: type) { return expected }
    }
    guard let last = types.last else { throw error("is not in the output") }
    return try expected(value, in: last)
  }

  private func unknown(
    _ kind: String, _ name: String, among known: [String]
  ) -> ExpectationError {
    // Of a long one none is near.
    let nearest = known.min {
      let name = name.utf8.prefix(64)
      return editDistance(name, $0.utf8) < editDistance(name, $1.utf8)
    }
    return error(
      "no \(kind) \(JSONValue.string(name)) here"
        + (nearest.map { "; the nearest is \"\($0)\"" } ?? ""))
  }
}

extension JSONType {
  /// The keys that name an object of this type among others.
  var identity: [String] { shapes.first?.identity ?? [] }
}

extension JSONType {
  /// What to write in place of a value that is of another type; empty where nothing is near.
  fileprivate func remedy(for value: JSONValue) -> String {
    switch (value, content) {
    case (.integer(let number), .string(.hex(let digits))):
      return ": write \"\(Hex(number, digits: digits))\""
    case (.integer(let number), .string(.address)): return ": write \"\(Hex(number))\""
    case (.string(let text), .integer):
      guard let number = UInt64(text) else { return "; {\"at_least\": 1} is a lower bound" }
      return ": write \(number)"
    case (.string, .object), (.string, .anyObject):
      let shapes = shapes
      guard let key = ["name", "flags"].first(where: { key in shapes.contains { $0.holds(key) } })
      else { return "" }
      return key == "name" ? ": write {\"name\": \(value)}" : ": write {\"flags\": [\(value)]}"
    case (.string, .list(.string)): return ": write [\(value)]"
    default: return ""
    }
  }
}

extension JSONShape {
  fileprivate func holds(_ key: String) -> Bool { keys.contains { $0.key.isExactly(key) } }
}
