import Foundation
import Testing

@testable import InspectCLI

@Suite("JSON writer")
struct JSONWriterTests {
  private func text(compact: Bool = true, _ write: (inout JSONWriter) -> Void) -> String {
    var writer = JSONWriter(compact: compact)
    write(&writer)
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  @Test(
    "strings are escaped",
    arguments: [
      ("", #""""#), ("eth0", #""eth0""#), (#"a"b\c/"#, #""a\"b\\c/""#), ("\n\t", #""\n\t""#),
      ("\r\u{8}\u{0}\u{1b}", #""\u000d\u0008\u0000\u001b""#), ("\u{7f}", #""\u007f""#),
      ("\u{80}\u{9b}\u{9f}", #""\u0080\u009b\u009f""#), ("\u{a0}\u{3164}", #""\u00a0\u3164""#),
      ("::a::b", #"":\u003aa::b""#), ("##[a]", ##""#\u0023[a]""##), ("a:b#c", #""a:b#c""#),
      ("\u{2028}\u{2029}", #""\u2028\u2029""#), ("\u{202e}\u{feff}", #""\u202e\ufeff""#),
      ("\u{e0041}", #""\udb40\udc41""#), ("größe 磁盘 🙂", "\"größe 磁盘 🙂\""),
      ("\u{fffd}", "\"\u{fffd}\""),
    ])
  func strings(value: String, expected: String) throws {
    let text = text { $0.string(value) }
    #expect(text.utf8.elementsEqual(expected.utf8))
    let read =
      try JSONSerialization.jsonObject(
        with: Data(text.utf8), options: .fragmentsAllowed) as? String
    #expect(read?.unicodeScalars.elementsEqual(value.unicodeScalars) == true)
  }

  @Test("no control character is left over")
  func control() {
    let all = String(
      String.UnicodeScalarView((0...0x9F).compactMap { Unicode.Scalar($0 as UInt32) }))
    #expect(
      text { $0.string(all) }.unicodeScalars.allSatisfy { (0x20...0x7E).contains($0.value) })
  }

  @Test(
    "integers are exact",
    arguments: [0, 1, 9, 10, 99, 100, 1 << 53, 1 << 53 + 1, UInt64.max] as [UInt64])
  func integers(value: UInt64) {
    #expect(text { $0.integer(value) } == String(value))
  }

  @Test(
    "registers are padded to their width, and never cut",
    arguments: [
      (0, 1, "0x0"), (0, 2, "0x00"), (0x1AF4, 4, "0x1af4"), (0x14, 4, "0x0014"),
      (0xFF_FF00, 6, "0xffff00"), (0x12345, 4, "0x12345"), (UInt64.max, 1, "0xffffffffffffffff"),
      (1, 16, "0x0000000000000001"),
    ] as [(UInt64, Int, String)])
  func hex(value: UInt64, digits: Int, expected: String) {
    #expect(text { $0.hex(value, digits: digits) } == "\"\(expected)\"")
  }

  @Test(
    "bytes are hex in memory order", arguments: [([0x00, 0x9F, 0xA0, 0xFF], "009fa0ff"), ([], "")])
  func bytes(value: [UInt8], expected: String) {
    #expect(text { $0.byteString(value.span) } == "\"\(expected)\"")
  }

  private func write(to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("a") { $0.null() }
      writer.member("b") { $0.list([1, 2]) { $1.integer($0) } }
      writer.member("c") { $0.list([] as [UInt64]) { $1.integer($0) } }
      writer.member("d") { $0.object { _ in } }
      writer.member("e") {
        $0.list([true]) { value, writer in
          writer.object { $0.member("f") { $0.bool(value) } }
        }
      }
      writer.member("g") { $0.bool(false) }
    }
  }

  @Test("compact text has no blanks")
  func compact() {
    #expect(
      text { write(to: &$0) } == #"{"a":null,"b":[1,2],"c":[],"d":{},"e":[{"f":true}],"g":false}"#)
  }

  @Test("indented text is that of jq")
  func indented() {
    #expect(
      text(compact: false) { write(to: &$0) } == """
        {
          "a": null,
          "b": [
            1,
            2
          ],
          "c": [],
          "d": {},
          "e": [
            {
              "f": true
            }
          ],
          "g": false
        }
        """)
  }
}
