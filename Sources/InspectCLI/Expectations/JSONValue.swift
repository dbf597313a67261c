/// A JSON document, as far as ours go: its numbers are whole, from 0 to 2^64-1.
indirect enum JSONValue: Hashable, Sendable {
  case null
  case bool(Bool)
  case integer(UInt64)
  case string(String)
  case list([JSONValue])
  case object([Member])

  struct Member: Hashable, Sendable {
    var key: String
    var value: JSONValue
  }

  /// What stands under `key`; nil when nothing does.
  subscript(key: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.key == key }?.value
  }
}

extension JSONValue: CustomStringConvertible {
  /// What messages call it: a scalar as it is written, anything else by its kind.
  var description: String {
    switch self {
    case .null: "null"
    case .bool(let value): "\(value)"
    case .integer(let value): "\(value)"
    case .string(let value): "\"\(value)\""
    case .list(let elements): elements.isEmpty ? "an empty list" : "a list"
    case .object: label.map { "{\($0)}" } ?? "an object"
    }
  }

  /// What tells an element of a list from the others: of an object the first key with a value.
  var label: String? {
    guard case .object(let members) = self else { return description }
    return members.first { $0.value != .null }.map { "\($0.key) \($0.value)" }
  }
}
