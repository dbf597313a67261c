import VirtioPCI

/// A JSON document, as far as ours go: its numbers are whole, from 0 to 2^64-1.
///
/// Numbers and bytes in hex are strings too, equal to those that read the same. Most are only printed,
/// and so they are spelled out where they are needed as text.
enum JSONValue: Sendable {
  case null
  case bool(Bool)
  case integer(UInt64)
  case string(String)
  /// A string of `0x` and lower-case hex, padded to `digits`.
  case hex(UInt64, digits: UInt8)
  /// A string of two hex digits for each byte.
  case bytes([UInt8])
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

  /// The text of a string, however it is kept; nil for anything else.
  var text: String? {
    switch self {
    case .string(let text): text
    case .hex(let value, let digits): Hex(value, digits: Int(digits)).description
    case .bytes(let bytes): bytes.reduce(into: "") { $0 += Hex($1).bare }
    case .null, .bool, .integer, .list, .object: nil
    }
  }
}

extension JSONValue: Hashable {
  /// Strings are equal if their bytes are.
  static func == (left: JSONValue, right: JSONValue) -> Bool {
    switch (left, right) {
    case (.null, .null): true
    case (.bool(let left), .bool(let right)): left == right
    case (.integer(let left), .integer(let right)): left == right
    case (.list(let left), .list(let right)): left == right
    case (.object(let left), .object(let right)): left == right
    case (.null, _), (.bool, _), (.integer, _), (.list, _), (.object, _): false
    default: right.text.flatMap { left.text?.isExactly($0) } ?? false
    }
  }

  func hash(into hasher: inout Hasher) {
    switch self {
    case .null: hasher.combine(0)
    case .bool(let value): hasher.combine(value)
    case .integer(let value): hasher.combine(value)
    case .string, .hex, .bytes: hasher.combine(text)
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
    case .string, .hex, .bytes: "\"\((text ?? "").shortened(to: Self.longestString))\""
    case .list(let elements): elements.isEmpty ? "an empty list" : "a list"
    case .object: label.map { "{\($0.name)}" } ?? "an object"
    }
  }

  static let longestString = 256

  /// What messages call an element of a list: an object by the first of the keys in `identity` that has
  /// a value, or else by the first of all of them.
  func name(by identity: [String]) -> String {
    guard case .object(let members) = self else { return description }
    let named = identity.lazy.compactMap { key in members.first { $0.key.isExactly(key) } }
    return (named.first { $0.value != .null } ?? label)?.name ?? description
  }

  /// The first key with a value.
  var label: Member? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.value != .null }
  }
}

extension JSONValue.Member {
  /// Key and value, as messages name an object by them.
  fileprivate var name: String { "\(key.shortened(to: JSONValue.longestString)) \(value)" }
}
