/// Where something stands in a document, as jq writes it: `.devices[0].virtio.driver`.
struct JSONPath: CustomStringConvertible {
  private var steps: [Step] = []

  private enum Step {
    case key(String)
    case index(Int)
  }

  var isEmpty: Bool { steps.isEmpty }

  /// The key at its end; nil at an index.
  var lastKey: String? {
    if case .key(let key)? = steps.last { key } else { nil }
  }

  mutating func append(_ key: String) { steps.append(.key(key)) }
  mutating func append(_ index: Int) { steps.append(.index(index)) }
  mutating func removeLast() { steps.removeLast() }

  var description: String {
    guard !steps.isEmpty else { return "." }
    return steps.map { step in
      switch step {
      case .index(let index): "[\(index)]"
      case .key(let key) where key.utf8.count < 64 && key.utf8.allSatisfy(Self.isPlain): ".\(key)"
      case .key(let key): ".\(JSONValue.string(key))"
      }
    }.joined()
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
      || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "_")
  }
}
