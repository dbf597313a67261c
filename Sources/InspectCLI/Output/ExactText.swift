/// A text that equals one of the same bytes only. For `String` those that look the same are equal (`é`
/// of one scalar and of two); the kernel and JSON tell them apart.
struct ExactText: Hashable, Sendable {
  let text: String

  init(_ text: String) {
    self.text = text
  }

  static func == (left: ExactText, right: ExactText) -> Bool { left.text.isExactly(right.text) }

  // The same bytes have the same hash.
  func hash(into hasher: inout Hasher) { hasher.combine(text) }
}

extension String {
  /// Whether it has the bytes of `other`.
  func isExactly(_ other: String) -> Bool { utf8.elementsEqual(other.utf8) }

  /// Whether the bytes of `other` stand somewhere in it. `contains` of a string comes with a module for
  /// regular expressions, a seventh of the program, which a release does without.
  func holds(_ other: String) -> Bool {
    let (text, part) = (Array(utf8), Array(other.utf8))
    guard text.count >= part.count else { return false }
    return (0...text.count - part.count).contains { text[$0...].starts(with: part) }
  }
}
