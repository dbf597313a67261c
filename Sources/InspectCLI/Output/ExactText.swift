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
}
