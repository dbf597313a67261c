/// The first of what may be without end, and how many more there were.
struct Limited<Element> {
  /// How many are kept; more messages are of no use to a reader.
  static var most: Int { 1000 }

  private(set) var first: [Element] = []
  private(set) var omitted = 0

  var isEmpty: Bool { first.isEmpty }
  var count: Int { first.count + omitted }

  /// Keeps `element`, which is not made when there are enough.
  mutating func append(_ element: @autoclosure () -> Element) {
    if first.count < Self.most {
      first.append(element())
    } else {
      omitted += 1
    }
  }

  /// Those kept and, where others are missing, one that `rest` makes of their number.
  func all(rest: (Int) -> Element) -> [Element] {
    omitted == 0 ? first : first + [rest(omitted)]
  }
}

extension Limited: Sendable where Element: Sendable {}
extension Limited: Equatable where Element: Equatable {}

extension String {
  /// Without its middle if it has more than `limit` bytes: paths and values come from outside, and
  /// what is wrong with one stands at the end of a message.
  func shortened(to limit: Int = 8 << 10) -> String {
    guard utf8.count > limit else { return self }
    let start = utf8.index(startIndex, offsetBy: limit / 2)
    let end = utf8.index(endIndex, offsetBy: -limit / 2)
    return String(unicodeScalars[..<start]) + "…" + String(unicodeScalars[end...])
  }
}
