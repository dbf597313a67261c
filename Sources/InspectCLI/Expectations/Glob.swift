/// A pattern for a whole string: `*` is anything, `?` any one character.
struct Glob: Hashable, Sendable, CustomStringConvertible {
  private let pattern: String

  init(_ pattern: String) {
    self.pattern = pattern
  }

  static func == (left: Glob, right: Glob) -> Bool { left.pattern.isExactly(right.pattern) }

  var description: String { pattern.shortened(to: JSONValue.longestString) }

  /// Goes back to no more than the last `*`, so that no pattern takes long.
  func matches(_ text: String) -> Bool {
    let pattern = Array(self.pattern.unicodeScalars)
    let text = Array(text.unicodeScalars)
    var (next, position) = (0, 0)
    var star: (pattern: Int, text: Int)?
    while position < text.count {
      if next < pattern.count, pattern[next] == "*" {
        star = (next, position)
        next += 1
      } else if next < pattern.count, pattern[next] == "?" || pattern[next] == text[position] {
        next += 1
        position += 1
      } else if let (starred, taken) = star {
        star = (starred, taken + 1)
        next = starred + 1
        position = taken + 1
      } else {
        return false
      }
    }
    return pattern[next...].allSatisfy { $0 == "*" }
  }
}
