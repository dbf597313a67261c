import VirtioPCI

/// Writes JSON text piece by piece, in the order it is told, as `jq` would: indented by two spaces,
/// or compact.
///
/// The program's own, since key order, nulls and integers up to 2^64-1 are promises to scripts.
struct JSONWriter {
  /// What was written and not taken away.
  private(set) var bytes: [UInt8] = []
  private let isCompact: Bool
  private var depth = 0
  /// Whether the object or list that is open has an element.
  private var hasElement = false

  init(compact: Bool) {
    isCompact = compact
  }

  /// Hands over what was written so far.
  mutating func drain(to output: inout StandardOutput) {
    output.write { $0 += bytes }
    bytes.removeAll(keepingCapacity: true)
  }

  mutating func value(_ value: JSONValue) {
    switch value {
    case .null: null()
    case .bool(let value): bool(value)
    case .integer(let value): integer(value)
    case .string(let value): string(value)
    case .hex(let value, let digits): hex(value, digits: Int(digits))
    case .bytes(let value): byteString(value.span)
    case .list(let elements): list(elements) { $1.value($0) }
    case .object(let members):
      object { writer in
        for member in members {
          writer.key(member.key)
          writer.value(member.value)
        }
      }
    }
  }

  mutating func null() { bytes += "null".utf8 }
  mutating func bool(_ value: Bool) { bytes += (value ? "true" : "false").utf8 }

  mutating func integer(_ value: UInt64) {
    if value >= 10 { integer(value / 10) }
    bytes.append(UInt8(ascii: "0") + UInt8(value % 10))
  }

  mutating func string(_ value: String) {
    let plain = value.utf8.span
    if isPlain(plain, isQuoted: true) {
      bytes.append(addingCapacity: 2 + plain.count) { text in
        text.append(UInt8(ascii: "\""))
        text.append(bytes: plain)
        text.append(UInt8(ascii: "\""))
      }
      return
    }
    bytes.append(UInt8(ascii: "\""))
    var breaker = CommandBreaker()
    for scalar in value.unicodeScalars {
      append(scalar, isEscaped: breaker.breaks(before: scalar) || scalar.isHidden)
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// A string of `0x` and lower-case hex, padded to `digits`.
  mutating func hex(_ value: UInt64, digits: Int) {
    bytes.append(addingCapacity: 4 + max(16, digits)) { text in
      text.append(UInt8(ascii: "\""))
      text.append(UInt8(ascii: "0"))
      text.append(UInt8(ascii: "x"))
      text.append(hex: value, digits: digits)
      text.append(UInt8(ascii: "\""))
    }
  }

  /// A string of the bytes in hex, in memory order.
  mutating func byteString(_ value: Span<UInt8>) {
    bytes.append(addingCapacity: 2 + 2 * value.count) { text in
      text.append(UInt8(ascii: "\""))
      text.append(hex: value)
      text.append(UInt8(ascii: "\""))
    }
  }

  mutating func list<Element>(
    _ elements: some Sequence<Element>, _ write: (Element, inout JSONWriter) -> Void
  ) {
    open("[")
    for element in elements {
      self.element()
      write(element, &self)
    }
    close("]")
  }

  mutating func object(_ writeMembers: (inout JSONWriter) -> Void) {
    open("{")
    writeMembers(&self)
    close("}")
  }

  /// A member's key; its value comes next.
  mutating func key(_ key: String) { self.key(Self.text(ofKey: key)) }

  /// The same for `text(ofKey:)`, which a table makes once.
  mutating func key(_ text: [UInt8]) {
    if isCompact, hasElement {
      bytes += text
    } else {
      element()
      bytes += text.dropFirst()
      if !isCompact { bytes.append(UInt8(ascii: " ")) }
    }
  }

  /// A key as it stands between two members: the comma before it, too, so that it is one piece.
  static func text(ofKey key: String) -> [UInt8] {
    var writer = JSONWriter(compact: true)
    writer.bytes.append(UInt8(ascii: ","))
    writer.string(key)
    writer.bytes.append(UInt8(ascii: ":"))
    return writer.bytes
  }

  mutating func member(_ key: String, _ writeValue: (inout JSONWriter) -> Void) {
    self.key(key)
    writeValue(&self)
  }

  mutating func open(_ bracket: Unicode.Scalar) {
    bytes.append(UInt8(truncatingIfNeeded: bracket.value))
    depth += 1
    hasElement = false
  }

  mutating func close(_ bracket: Unicode.Scalar) {
    depth -= 1
    if hasElement { newLine() }
    bytes.append(UInt8(truncatingIfNeeded: bracket.value))
    hasElement = true
  }

  /// Before each element of what is open.
  mutating func element() {
    if hasElement { bytes.append(UInt8(ascii: ",")) }
    newLine()
    hasElement = true
  }

  /// The end of a document.
  mutating func endOfText() { bytes.append(UInt8(ascii: "\n")) }

  private mutating func newLine() {
    guard !isCompact else { return }
    bytes.append(UInt8(ascii: "\n"))
    for _ in 0..<depth * 2 { bytes.append(UInt8(ascii: " ")) }
  }

  private mutating func append(_ scalar: Unicode.Scalar, isEscaped: Bool) {
    switch scalar {
    case "\"": bytes += #"\""#.utf8
    case "\\": bytes += #"\\"#.utf8
    case "\n": bytes += #"\n"#.utf8
    case "\t": bytes += #"\t"#.utf8
    case _ where isEscaped:
      // What a terminal or a CI system would obey or hide never reaches it.
      for unit in UTF16.encode(scalar) ?? UTF16.encodedReplacementCharacter {
        bytes += "\\u".utf8
        bytes.append(hex: UInt64(unit), digits: 4)
      }
    default: bytes += UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
    }
  }
}
