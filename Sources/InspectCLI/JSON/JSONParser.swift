import VirtioPCI

/// Why a text is not the JSON that we read, and where: line and column count from 1, columns in
/// bytes.
struct JSONError: Error, Hashable, CustomStringConvertible {
  var line: Int
  var column: Int
  var message: String

  var description: String { "line \(line), column \(column): \(message)" }
}

/// Reads JSON text, RFC 8259.
///
/// Stricter than most readers, since what they pass over in silence would loosen an expectation: a
/// key may stand only once in an object, and a number is whole and has 64 bits. A comma may stand behind
/// the last element, since deleting the line below it leaves one there.
struct JSONParser {
  private let bytes: [UInt8]
  private var position = 0
  /// How many more values may come.
  private var valuesLeft: Int
  /// Keys that came, so that each is kept once.
  private var keys: [ExactText: String] = [:]
  private static let deepest = 64

  /// More than `mostValues` are an error, lists and objects counted.
  static func parse(
    _ bytes: [UInt8], mostValues: Int = .max
  ) throws(JSONError) -> JSONValue {
    var parser = JSONParser(bytes: bytes, valuesLeft: mostValues)
    let value = try parser.value(depth: 0)
    parser.skipBlanks()
    guard parser.peek == nil else { throw parser.error("something follows the value") }
    return value
  }

  private init(bytes: [UInt8], valuesLeft: Int) {
    self.bytes = bytes
    self.valuesLeft = valuesLeft
    // A byte order mark, which some editors write.
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  private func error(_ message: String, at place: Int? = nil) -> JSONError {
    let before = bytes[..<(place ?? position)]
    let newline = UInt8(ascii: "\n")
    let start = before.lastIndex(of: newline).map { $0 + 1 } ?? 0
    return JSONError(
      line: before.count { $0 == newline } + 1, column: before.count - start + 1, message: message)
  }

  private mutating func skipBlanks() {
    while let byte = peek, [0x20, 0x0A, 0x0D, 0x09].contains(byte) { position += 1 }
  }

  /// Whether `byte` comes next, after blanks; takes it.
  private mutating func take(_ byte: Unicode.Scalar) -> Bool {
    skipBlanks()
    guard peek == UInt8(ascii: byte) else { return false }
    position += 1
    return true
  }

  private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
    guard depth < Self.deepest else { throw error("nested deeper than \(Self.deepest) levels") }
    skipBlanks()
    guard valuesLeft > 0 else { throw error("too many values") }
    valuesLeft -= 1
    switch peek {
    case UInt8(ascii: "{"): return .object(try members(depth: depth + 1))
    case UInt8(ascii: "["): return .list(try elements(depth: depth + 1))
    case UInt8(ascii: "\""): return .string(try string())
    case (UInt8(ascii: "0")...UInt8(ascii: "9"))?, UInt8(ascii: "-"): return .integer(try integer())
    default: return try word()
    }
  }

  private mutating func members(depth: Int) throws(JSONError) -> [JSONValue.Member] {
    position += 1
    var members: [JSONValue.Member] = []
    var keysHere: Set<ExactText> = []
    guard !take("}") else { return members }
    repeat {
      if !members.isEmpty, take("}") { return members }
      skipBlanks()
      let start = position
      guard peek == UInt8(ascii: "\"") else { throw unexpected("expected a key in quotes") }
      let key = kept(try string())
      guard keysHere.insert(ExactText(key)).inserted else {
        throw error("duplicate key \(JSONValue.string(key))", at: start)
      }
      guard take(":") else { throw error("expected a colon after the key") }
      members.append(JSONValue.Member(key: key, value: try value(depth: depth)))
    } while take(",")
    guard take("}") else { throw unexpected("expected a comma or }") }
    return members
  }

  /// The same key as an earlier object has it.
  private mutating func kept(_ key: String) -> String {
    // Short ones take no memory of their own.
    guard key.utf8.count > 15 else { return key }
    if let known = keys[ExactText(key)] { return known }
    keys[ExactText(key)] = key
    return key
  }

  private mutating func elements(depth: Int) throws(JSONError) -> [JSONValue] {
    position += 1
    var elements: [JSONValue] = []
    guard !take("]") else { return elements }
    repeat {
      if !elements.isEmpty, take("]") { return elements }
      elements.append(try value(depth: depth))
    } while take(",")
    guard take("]") else { throw unexpected("expected a comma or ]") }
    return elements
  }

  private static let words: [(String, JSONValue)] = [
    ("null", .null), ("true", .bool(true)), ("false", .bool(false)),
  ]

  private mutating func word() throws(JSONError) -> JSONValue {
    for (word, value) in Self.words where bytes[position...].starts(with: word.utf8) {
      position += word.utf8.count
      return value
    }
    throw unexpected("expected a value")
  }

  /// That something else should come next; of what people write in place of JSON, what to write.
  private func unexpected(_ message: String) -> JSONError {
    switch peek {
    case nil: error("unexpected end of the text")
    case UInt8(ascii: "/"), UInt8(ascii: "#"): error("JSON has no comments")
    case UInt8(ascii: "'"): error("strings have double quotes in JSON")
    default: error(message)
    }
  }

  private mutating func integer() throws(JSONError) -> UInt64 {
    let start = position
    while let byte = peek, Self.isNumeric(byte) { position += 1 }
    if peek == UInt8(ascii: "x") || peek == UInt8(ascii: "X") {
      throw error("a hexadecimal number is a string here: put it into double quotes", at: start)
    }
    let digits = bytes[start..<position]
    let magnitude = digits.first == UInt8(ascii: "-") ? digits.dropFirst() : digits
    let isPadded = magnitude.count > 1 && magnitude.first == UInt8(ascii: "0")
    guard !isPadded, let value = UInt64(String(decoding: digits, as: UTF8.self)) else {
      throw error("expected an integer from 0 to \(UInt64.max)", at: start)
    }
    return value
  }

  private static func isNumeric(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"),
      UInt8(ascii: "."), UInt8(ascii: "E"), UInt8(ascii: "e"):
      true
    default: false
    }
  }

  private mutating func string() throws(JSONError) -> String {
    let start = position
    position += 1
    var content: [UInt8] = []
    while let byte = peek {
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        guard let text = String(validating: content, as: UTF8.self) else {
          throw error("this string is not UTF-8", at: start)
        }
        return text
      case UInt8(ascii: "\\"):
        content += UTF8.encode(try escape()) ?? UTF8.encodedReplacementCharacter
      case ..<0x20:
        throw error("a control character must be escaped in a string")
      default:
        content.append(byte)
        position += 1
      }
    }
    throw error("the string that begins here has no end", at: start)
  }

  private mutating func escape() throws(JSONError) -> Unicode.Scalar {
    let start = position
    position += 1
    guard let letter = peek else { throw error("unexpected end of the text") }
    position += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(letter)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      var units = [try codeUnit(from: start)]
      if UTF16.isLeadSurrogate(units[0]), bytes[position...].starts(with: #"\u"#.utf8) {
        position += 2
        units.append(try codeUnit(from: start))
      }
      guard let scalar = String(validating: units, as: UTF16.self)?.unicodeScalars.first else {
        throw error("half of a surrogate pair", at: start)
      }
      return scalar
    default: throw error("no such escape", at: start)
    }
  }

  /// The four hex digits after `\u`.
  private mutating func codeUnit(from start: Int) throws(JSONError) -> UInt16 {
    let digits = bytes[position...].prefix(4)
    guard digits.count == 4, digits.allSatisfy({ $0.hexDigitValue != nil }),
      let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw error(#"\u takes four hex digits"#, at: start) }
    position += 4
    return unit
  }
}
