/// The elements of a list by the values under their keys, so that not each must be compared with each
/// that is expected.
struct ElementIndex {
  private let elements: [JSONValue]
  /// Of the keys that were asked for, the elements with each value.
  private var positions: [String: [JSONValue: [Int]]] = [:]

  init(_ elements: [JSONValue]) {
    self.elements = elements
  }

  /// The elements that may match: all that do are among them.
  mutating func candidates(for expected: Expected) -> [Int] {
    var fewest = Array(elements.indices)
    guard case .object(let members) = expected else { return fewest }
    for case (let key, .value(let value)) in members where fewest.count > 1 {
      let candidates = positions(of: key)[value] ?? []
      if candidates.count < fewest.count { fewest = candidates }
    }
    return fewest
  }

  private mutating func positions(of key: String) -> [JSONValue: [Int]] {
    if let known = positions[key] { return known }
    var found: [JSONValue: [Int]] = [:]
    for (index, element) in elements.enumerated() {
      if let value = element[key] { found[value, default: []].append(index) }
    }
    positions[key] = found
    return found
  }
}
