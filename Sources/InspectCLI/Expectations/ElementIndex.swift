/// The elements of a list by their values, and by those under their keys, so that not each must be
/// compared with each that is expected.
struct ElementIndex {
  private let elements: [JSONValue]
  private let all: [Int]
  /// Of the keys that were asked for, the elements with each scalar.
  private var positions: [ExactText: [JSONValue: [Int]]] = [:]
  /// The elements that are scalars; nil until one is asked for.
  private var scalars: [JSONValue: [Int]]?

  init(_ elements: [JSONValue]) {
    self.elements = elements
    all = Array(elements.indices)
  }

  /// The elements that may match: all that do are among them.
  mutating func candidates(for expected: Expected) -> [Int] {
    switch expected {
    case .value(let value): return scalarPositions()[value] ?? []
    case .list, .conditions: return all
    case .object(let members):
      var fewest = all
      for case (let key, .value(let value)) in members where fewest.count > 1 {
        let candidates = positions(of: key)[value] ?? []
        if candidates.count < fewest.count { fewest = candidates }
      }
      return fewest
    }
  }

  private mutating func positions(of key: String) -> [JSONValue: [Int]] {
    if let known = positions[ExactText(key)] { return known }
    let found = Self.positions(of: elements.map { $0[key] })
    positions[ExactText(key)] = found
    return found
  }

  private mutating func scalarPositions() -> [JSONValue: [Int]] {
    if let scalars { return scalars }
    let found = Self.positions(of: elements)
    scalars = found
    return found
  }

  private static func positions(of values: [JSONValue?]) -> [JSONValue: [Int]] {
    var found: [JSONValue: [Int]] = [:]
    for (index, value) in values.enumerated() {
      switch value {
      case let value? where value.isScalar: found[value, default: []].append(index)
      default: break
      }
    }
    return found
  }
}

extension JSONValue {
  fileprivate var isScalar: Bool {
    switch self {
    case .null, .bool, .integer, .string, .hex, .bytes: true
    case .list, .object: false
    }
  }
}
