/// A pattern for a whole string: `*` is anything, `?` any one character.
struct Glob: Hashable, Sendable, CustomStringConvertible {
  /// UTF-8.
  private let pattern: [UInt8]

  /// Several `*` in a row are one.
  init(_ pattern: String) {
    let star = UInt8(ascii: "*")
    self.pattern = pattern.utf8.reduce(into: []) { bytes, byte in
      if byte != star || bytes.last != star { bytes.append(byte) }
    }
  }

  var description: String {
    String(decoding: pattern, as: UTF8.self).shortened(to: JSONValue.longestString)
  }

  /// Goes back to no more than the last `*`, so that no pattern takes long.
  func matches(_ string: String) -> Bool {
    let text = string.utf8.span
    var (next, position) = (0, 0)
    var star: (pattern: Int, text: Int)?
    while position < text.count {
      if next < pattern.count, pattern[next] == UInt8(ascii: "*") {
        star = (next, position)
        next += 1
      } else if next < pattern.count, pattern[next] == UInt8(ascii: "?"),
        !UTF8.isContinuation(text[position])
      {
        next += 1
        repeat { position += 1 } while position < text.count && UTF8.isContinuation(text[position])
      } else if next < pattern.count, pattern[next] == text[position] {
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
    return pattern[next...].allSatisfy { $0 == UInt8(ascii: "*") }
  }
}
