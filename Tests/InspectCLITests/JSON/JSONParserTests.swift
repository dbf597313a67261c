import Testing

@testable import InspectCLI

@Suite("JSON parser")
struct JSONParserTests {
  @Test(
    "each value is read exactly",
    arguments: [
      ("null", .null), (" true\n", .bool(true)), ("\tfalse\r", .bool(false)), ("0", .integer(0)),
      ("9007199254740993", .integer(9_007_199_254_740_993)),
      ("18446744073709551615", .integer(.max)), ("[]", .list([])), ("{ }", .object([])),
      ("[1,]", .list([.integer(1)])),
      ("{\"a\": 1, }", .object([.init(key: "a", value: .integer(1))])),
      ("\u{feff}{}", .object([])), ("[1 , [2]]", .list([.integer(1), .list([.integer(2)])])),
      (
        #"{"b": 1, "a": null}"#,
        .object([.init(key: "b", value: .integer(1)), .init(key: "a", value: .null)])
      ),
      (#""\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00é""#, .string("\"\\/\u{8}\u{c}\n\r\té😀é")),
      (#""\u0000""#, .string("\u{0}")),
    ] as [(String, JSONValue)])
  func values(text: String, value: JSONValue) throws {
    #expect(try JSONParser.parse(Array(text.utf8)) == value)
  }

  @Test(
    "what is no JSON, or could hide a part of an expectation, is refused with its place",
    arguments: [
      ("", "line 1, column 1: unexpected end of the text"),
      ("\n ", "line 2, column 2: unexpected end of the text"),
      ("{\"a\": 1,\n \"a\": 2}", "line 2, column 2: duplicate key \"a\""),
      ("[,]", "line 1, column 2: expected a value"),
      ("[1,,]", "line 1, column 4: expected a value"),
      ("{,}", "line 1, column 2: expected a key in quotes"),
      ("{\"a\": 1,,}", "line 1, column 9: expected a key in quotes"),
      ("{\"a\": 1 # b", "line 1, column 9: JSON has no comments"),
      ("{'a': 1}", "line 1, column 2: strings have double quotes in JSON"),
      (
        "[0x1af4]",
        "line 1, column 2: a hexadecimal number is a string here: put it into double quotes"
      ),
      ("{a: 1}", "line 1, column 2: expected a key in quotes"),
      ("{\"a\" 1}", "line 1, column 6: expected a colon after the key"),
      ("{\"a\": 1 \"b\": 2}", "line 1, column 9: expected a comma or }"),
      ("[1 2]", "line 1, column 4: expected a comma or ]"),
      ("[", "line 1, column 2: unexpected end of the text"),
      ("1 2", "line 1, column 3: something follows the value"),
      ("nul", "line 1, column 1: expected a value"),
      ("nulll", "line 1, column 5: something follows the value"),
      ("// a\n1", "line 1, column 1: JSON has no comments"),
      ("{\u{feff}}", "line 1, column 2: expected a key in quotes"),
      ("1.5", "line 1, column 1: expected an integer from 0 to 18446744073709551615"),
      ("1e3", "line 1, column 1: expected an integer from 0 to 18446744073709551615"),
      ("-1", "line 1, column 1: expected an integer from 0 to 18446744073709551615"),
      ("01", "line 1, column 1: expected an integer from 0 to 18446744073709551615"),
      ("-00", "line 1, column 1: expected an integer from 0 to 18446744073709551615"),
      (
        "18446744073709551616",
        "line 1, column 1: expected an integer from 0 to 18446744073709551615"
      ),
      ("\"a", "line 1, column 1: the string that begins here has no end"),
      ("\"a\nb\"", "line 1, column 3: a control character must be escaped in a string"),
      (#""\x""#, "line 1, column 2: no such escape"),
      (#""\u12""#, #"line 1, column 2: \u takes four hex digits"#),
      (#""\u+123""#, #"line 1, column 2: \u takes four hex digits"#),
      (#""\ud83d""#, "line 1, column 2: half of a surrogate pair"),
      (#""\ud83d\u0041""#, "line 1, column 2: half of a surrogate pair"),
      (#""\ude00""#, "line 1, column 2: half of a surrogate pair"),
    ])
  func errors(text: String, message: String) {
    #expect(self.message(Array(text.utf8)) == message)
  }

  @Test("a string that is not UTF-8 is refused")
  func encoding() {
    #expect(
      message([0x22, 0xC3, 0x22]) == "line 1, column 1: this string is not UTF-8")
    #expect(message([0xFF]) == "line 1, column 1: expected a value")
  }

  @Test("nesting is bounded", arguments: ["[", "{\"a\":"])
  func depth(opening: String) {
    let deep = Array(String(repeating: opening, count: 100_000).utf8)
    #expect(message(deep)?.hasSuffix("nested deeper than 64 levels") == true)
  }

  @Test("what the writer writes is read back")
  func roundTrip() throws {
    let text = (0...0x2100).compactMap { Unicode.Scalar($0) }.map { String($0) }.joined()
    var writer = JSONWriter(compact: false)
    writer.string(text + "\u{10FFFF}")
    #expect(try JSONParser.parse(writer.bytes) == .string(text + "\u{10FFFF}"))
  }

  @Test("numbers and bytes in hex are the strings that they are written as")
  func spelledOut() throws {
    let value = JSONValue.list([
      .hex(0x1AF4, digits: 6), .hex(0, digits: 1), .bytes([0, 0xAB]), .bytes([]),
    ])
    var writer = JSONWriter(compact: true)
    writer.value(value)
    let text = ["0x001af4", "0x0", "00ab", ""]
    let parsed = try JSONParser.parse(writer.bytes)
    #expect(parsed == .list(text.map { .string($0) }))
    #expect(parsed == value && value == parsed && parsed.hashValue == value.hashValue)
    #expect(value != .list(text.map { .string($0 + "0") }))
  }

  @Test("no damaged text traps")
  func damage() {
    let text = Array(
      #"{"a": [1, true, null, "\u00e9\ud83d\ude00"], "b": {"c": 18446744073709551615}}"#.utf8)
    for index in text.indices {
      _ = message(Array(text[..<index]))
      for byte: UInt8 in [0, 0x22, 0x2D, 0x5B, 0x5C, 0x7B, 0x80, 0xFF] {
        var damaged = text
        damaged[index] = byte
        _ = message(damaged)
      }
    }
    #expect(message(text) == nil)
  }

  private func message(_ bytes: [UInt8]) -> String? {
    do {
      _ = try JSONParser.parse(bytes)
      return nil
    } catch {
      return error.description
    }
  }
}
