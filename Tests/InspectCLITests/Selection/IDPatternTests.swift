import Testing
import VirtioPCI

@testable import InspectCLI

@Suite("ID patterns")
struct IDPatternTests {
  @Test(
    "a pattern that lspci takes is taken, and means the same in its canonical text",
    arguments: [
      (":", "*:*"), ("*:*", "*:*"), ("1af4:", "1af4:*"), (":1041", "*:1041"),
      ("1AF4:1041", "1af4:1041"), ("00001af4:1", "1af4:0001"),
      ("::", "*:*"), (":::", "*:*"), ("::0200", "*:*:0200"), ("::200", "*:*:0200"),
      ("::02xx", "*:*:02xx"), ("::02XX", "*:*:02xx"), ("::xxxx", "*:*:xxxx"),
      ("::x", "*:*:000x"), ("::0000200", "*:*:0200"), ("::0x02", "*:*:0x02"),
      ("::0x002", "*:*:x002"),
      (":::01", "*:*:*:01"), ("::*:1", "*:*:*:01"), ("1af4:1041:0200:00", "1af4:1041:0200:00"),
    ])
  func accepted(text: String, canonical: String) throws {
    let pattern = try IDPattern(text)
    #expect(pattern.description == canonical)
    #expect(try IDPattern(canonical) == pattern)
  }

  @Test(
    "beyond lspci, a field may begin with 0x, the class only before four digits",
    arguments: [
      ("0x1af4:0X1041", "1af4:1041"), ("::0x0200", "*:*:0200"), ("::0x02xx", "*:*:02xx"),
      (":::0xfe", "*:*:*:fe"),
    ])
  func extended(text: String, canonical: String) throws {
    #expect(try IDPattern(text).description == canonical)
  }

  @Test(
    "a pattern with a fault says which field is wrong",
    arguments: [
      ("", .tooFewFields(minimum: 2)),
      ("1af4", .tooFewFields(minimum: 2)),
      ("1:2:3:4:5", .tooManyFields("1:2:3:4:5", maximum: 4)),
      ("11af4:", .tooLarge(.vendor, "11af4")),
      (":10000", .tooLarge(.device, "10000")),
      ("::10000", .tooLarge(.classCode, "10000")),
      ("::xxxxx", .tooLarge(.classCode, "xxxxx")),
      ("::0x10000", .tooLarge(.classCode, "0x10000")),
      (":::100", .tooLarge(.progIF, "100")),
      ("virtio:", .notHexadecimal(.vendor, "virtio")),
      ("1af4:10xx", .notHexadecimal(.device, "10xx")),
      ("::net", .notHexadecimal(.classCode, "net")),
      (":::0x", .notHexadecimal(.progIF, "0x")),
      (":::x", .notHexadecimal(.progIF, "x")),
    ] as [(String, PatternError)])
  func refused(text: String, error: PatternError) {
    #expect(throws: error) { try IDPattern(text) }
  }

  @Test(
    "a field that is given has to be equal, as far as the class has digits",
    arguments: [
      (":", true), ("1af4:", true), ("1af4:1041", true), ("1af4:1042", false), ("8086:", false),
      ("::0200", true), ("::02xx", true), ("::x200", true), ("::xx01", false), ("::01xx", false),
      ("::xxxx", true), (":::05", true), (":::04", false), ("1af4::02xx:05", true),
    ])
  func matching(text: String, expected: Bool) throws {
    let identity = Identity(
      vendorID: 0x1AF4, deviceID: 0x1041, revision: 1, classCode: 0x020005,
      subsystemVendorID: 0x1AF4, subsystemID: 0x40)
    #expect(try IDPattern(text).matches(identity) == expected)
  }
}
