/// A JSON document, as far as ours go: its numbers are whole, from 0 to 2^64-1.
enum JSONValue: Sendable {
  case null
  case bool(Bool)
  case integer(UInt64)
  case string(String)
  case list([JSONValue])
  case object([Member])

  struct Member: Hashable, Sendable {
    var key: String
    var value: JSONValue

    static func == (left: Self, right: Self) -> Bool {
      left.key.isExactly(right.key) && left.value == right.value
    }

    func hash(into hasher: inout Hasher) {
      hasher.combine(key)
      hasher.combine(value)
    }
  }

  /// What stands under `key`; nil when nothing does.
  subscript(key: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.key.isExactly(key) }?.value
  }
}

extension JSONValue: Hashable {
  /// Strings are equal if their bytes are.
  static func == (left: JSONValue, right: JSONValue) -> Bool {
    switch (left, right) {
    case (.null, .null): true
    case (.bool(let left), .bool(let right)): left == right
    case (.integer(let left), .integer(let right)): left == right
    case (.string(let left), .string(let right)): left.isExactly(right)
    case (.list(let left), .list(let right)): left == right
    case (.object(let left), .object(let right)): left == right
    default: false
    }
  }

  func hash(into hasher: inout Hasher) {
    switch self {
    case .null: hasher.combine(0)
    case .bool(let value): hasher.combine(value)
    case .integer(let value): hasher.combine(value)
    case .string(let value): hasher.combine(value)
    case .list(let elements): hasher.combine(elements)
    case .object(let members): hasher.combine(members)
    }
  }
}

extension JSONValue: CustomStringConvertible {
  /// What messages call it: a scalar as it is written, a long string without its middle, anything else
  /// by its kind.
  var description: String {
    switch self {
    case .null: "null"
    case .bool(let value): "\(value)"
    case .integer(let value): "\(value)"
    case .string(let value): "\"\(value.shortened(to: Self.longestString))\""
    case .list(let elements): elements.isEmpty ? "an empty list" : "a list"
    case .object: label.map { "{\($0)}" } ?? "an object"
    }
  }

  static let longestString = 256

  /// What tells an element of a list from the others: of an object the first key with a value.
  var label: String? {
    guard case .object(let members) = self else { return description }
    return members.first { $0.value != .null }.map {
      "\($0.key.shortened(to: Self.longestString)) \($0.value)"
    }
  }
}
