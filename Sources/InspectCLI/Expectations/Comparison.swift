/// How much a comparison may take: with lists of which any element may be any other it could take as long
/// as the one list times the other.
final class Effort {
  private var left: Int

  /// Some seconds.
  init(_ comparisons: Int = 5_000_000) {
    left = comparisons
  }

  var isExhausted: Bool { left <= 0 }

  /// Counts a comparison of one value.
  func spend() { left -= 1 }
}

/// Compares what was found with what is expected, and keeps where they differ.
struct Comparison {
  /// Each with its place in the expectation, and what was expected and found.
  private var mismatches = Limited<String>()
  private var path = JSONPath()
  /// Whether only the yes or no is asked for, so that the first mismatch ends it, without words.
  private let isBrief: Bool
  private let effort: Effort

  /// So many elements of a list are explained.
  private static let explained = 16
  /// So many differences to the element that comes closest are named.
  private static let named = 3
  /// Among so many the one that comes closest is looked for.
  private static let ranked = 1000

  private init(isBrief: Bool, _ effort: Effort) {
    self.isBrief = isBrief
    self.effort = effort
  }

  static func matches(_ expected: Expected, _ found: JSONValue?, _ effort: Effort) -> Bool {
    var comparison = Comparison(isBrief: true, effort)
    comparison.compare(expected, found)
    return comparison.mismatches.isEmpty
  }

  /// How `found`, which stands under `key`, differs from what is expected: nothing when it does not.
  static func mismatches(
    _ expected: Expected, _ found: JSONValue?, at key: String? = nil, _ effort: Effort
  ) -> [String] {
    var comparison = Comparison(isBrief: false, effort)
    if let key { comparison.path.append(key) }
    comparison.compare(expected, found)
    return comparison.mismatches.all { "\($0) more differences" }
  }

  private mutating func fail(_ message: @autoclosure () -> String) {
    mismatches.append(isBrief ? "" : path.isEmpty ? message() : "\(path): \(message())")
  }

  private mutating func enter(_ append: (inout JSONPath) -> Void) {
    if !isBrief { append(&path) }
  }

  private mutating func leave() {
    if !isBrief { path.removeLast() }
  }

  private mutating func compare(_ expected: Expected, _ found: JSONValue?) {
    guard !isBrief || mismatches.isEmpty else { return }
    effort.spend()
    guard !effort.isExhausted else { return fail("was not compared") }
    switch expected {
    case .value(let value):
      guard found != value else { return }
      let hint = isBrief ? "" : hint(found)
      fail("expected \(value), found \(Self.text(found))\(hint)")
    case .object(let members):
      guard case .object? = found else {
        let hint = isBrief ? "" : hint(found)
        return fail("expected an object, found \(Self.text(found))\(hint)")
      }
      for (key, value) in members {
        enter { $0.append(key) }
        compare(value, found?[key])
        leave()
      }
    case .list(let list):
      compare(list, self.elements(found))
    case .conditions(let conditions):
      for (name, condition) in conditions {
        enter { $0.append(name) }
        check(condition, found)
        leave()
      }
    }
  }

  /// What would show a value that was not found.
  private func hint(_ found: JSONValue?) -> String {
    switch (path.lastKey, found) {
    case ("registers", .null?): ": --registers reads it"
    case ("driver", .string("virtio-pci")?): "; the virtio driver is .virtio.driver"
    default: ""
    }
  }

  private mutating func check(_ condition: Condition, _ found: JSONValue?) {
    switch condition {
    case .absent(let isAbsent):
      if (found ?? .null == .null) != isAbsent {
        fail("expected \(isAbsent ? "nothing" : "a value"), found \(Self.text(found))")
      }
    case .atLeast(let bound):
      guard case .integer(let value)? = found, value >= bound else {
        return fail("expected at least \(bound), found \(Self.text(found))")
      }
    case .atMost(let bound):
      guard case .integer(let value)? = found, value <= bound else {
        return fail("expected at most \(bound), found \(Self.text(found))")
      }
    case .matches(let glob):
      guard let text = found?.text, glob.matches(text) else {
        return fail("expected a match for \"\(glob)\", found \(Self.text(found))")
      }
    case .oneOf(let values):
      let isOne =
        values.scalars.contains(found ?? .null) && found != nil
        || values.others.contains { Self.matches($0, found, effort) }
      if !isOne {
        fail("expected one of \(values.count) values, found \(Self.text(found))")
      }
    case .not(let value):
      if Self.matches(value, found, effort) { fail("found \(Self.text(found))") }
    case .count(let count):
      compare(count, .integer(UInt64(elements(found).count)))
    case .all(let expected, let identity):
      for element in elements(found) {
        let mismatches = Self.mismatches(expected, element, effort)
        if !mismatches.isEmpty { fail("\(element.name(by: identity)): \(Self.join(mismatches))") }
      }
    case .none(let expected, let identity):
      for element in elements(found) where Self.matches(expected, element, effort) {
        fail("found \(element.name(by: identity))")
      }
    case .includes(let list):
      compare(list, elements(found))
    }
  }

  /// A list that is not known holds no condition, not even that nothing is in it.
  private mutating func elements(_ found: JSONValue?) -> [JSONValue] {
    guard case .list(let elements)? = found else {
      fail("expected a list, found \(Self.text(found))")
      return []
    }
    return elements
  }

  /// The elements of a list, each of which must match a different one of `found`.
  private mutating func compare(_ list: ExpectedList, _ found: [JSONValue]) {
    Self.assign(list, found, effort, isBrief: isBrief) { index, outcome in
      guard case .unmatched(let reason) = outcome else { return }
      enter { $0.append(index) }
      fail(reason)
      leave()
    }
  }

  /// What became of an element that is expected in a list.
  enum ElementOutcome {
    /// Which of those found it has.
    case matched(Int)
    case unmatched(String)
  }

  /// Tells `take` of each element of `list`, by its index.
  static func assign(
    _ list: ExpectedList, _ found: [JSONValue], _ effort: Effort, isBrief: Bool = false,
    _ take: (Int, ElementOutcome) -> Void
  ) {
    let elements = list.elements
    var index = ElementIndex(found)
    let assignment = Assignment(
      kinds: list.kinds, columns: found.count,
      candidates: { index.candidates(for: elements[$0]) },
      fits: { matches(elements[$0], found[$1], effort) }, isOver: { effort.isExhausted })
    let free = found.indices.lazy.filter { assignment.rows[$0] == nil }.map { found[$0] }
    var unexplained = isBrief || effort.isExhausted ? 0 : explained
    for index in elements.indices {
      if let column = assignment.columns[index] {
        take(index, .matched(column))
      } else if unexplained > 0 {
        unexplained -= 1
        take(
          index,
          .unmatched(
            reason(
              elements[index], Array(free.prefix(ranked)), of: found, list.identity, effort)))
      } else {
        take(index, .unmatched("nothing matches"))
      }
    }
  }

  /// Why `expected` has none of `found`, of which others left over the `free` ones.
  private static func reason(
    _ expected: Expected, _ free: [JSONValue], of found: [JSONValue], _ identity: [String],
    _ effort: Effort
  ) -> String {
    if case .value(let value) = expected {
      return "expected \(value), found \(found.isEmpty ? "nothing" : list(found, identity))"
    }
    let ranked = free.map { (element: $0, mismatches: mismatches(expected, $0, effort)) }
    let names = Self.names(of: expected)
    // What names a function or an element first, then how much of the rest is alike.
    let closest = ranked.min { left, right in
      let strange = (Self.strange(left.element, names), Self.strange(right.element, names))
      return strange.0 == strange.1
        ? left.mismatches.count < right.mismatches.count : strange.0 < strange.1
    }
    guard let closest else {
      return found.isEmpty
        ? "no match: the list is empty" : "nothing is left: the list has \(found.count)"
    }
    if let own = names.first(where: { identity.contains($0.key) || $0.key.isExactly("name") }),
      Self.strange(closest.element, [own]) > 0
    {
      return "no match: there is none with \(own.key) \(own.value)"
    }
    let name = closest.element.name(by: identity)
    return "no match; \(name) is closest: \(join(closest.mismatches))"
  }

  /// The keys by which people tell one element from another, with what is expected of them.
  private static let naming = [
    "address", "bit", "index", "position", "name", "type", "cfg_type", "id",
  ]

  private static func names(of expected: Expected) -> [(key: String, value: JSONValue)] {
    guard case .object(let members) = expected else { return [] }
    return naming.compactMap { key in
      guard case .value(let value)? = members.first(where: { $0.key.isExactly(key) })?.value else {
        return nil
      }
      return (key, value)
    }
  }

  /// How many of these `element` does not have.
  private static func strange(
    _ element: JSONValue, _ names: [(key: String, value: JSONValue)]
  ) -> Int {
    names.count { element[$0.key] != $0.value }
  }

  private static func join(_ mismatches: [String]) -> String {
    let more = mismatches.count - named
    return mismatches.prefix(named).joined(separator: "; ")
      + (more > 0 ? "; and \(more) more" : "")
  }

  private static func list(_ values: [JSONValue], _ identity: [String]) -> String {
    let more = values.count - explained
    return values.prefix(explained).map { $0.name(by: identity) }.joined(separator: ", ")
      + (more > 0 ? " and \(more) more" : "")
  }

  private static func text(_ found: JSONValue?) -> String { found.map { "\($0)" } ?? "nothing" }
}
