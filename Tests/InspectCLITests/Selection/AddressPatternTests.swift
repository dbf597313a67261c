import Testing
import VirtioPCI

@testable import InspectCLI

@Suite("Address patterns")
struct AddressPatternTests {
  @Test(
    "a pattern that lspci takes is taken, and means the same in its canonical text",
    arguments: [
      ("", "*.*"), ("*", "*.*"), (".", "*.*"), ("*.*", "*.*"), (":", "*.*"), ("::", "*.*"),
      ("*:*:*.*", "*.*"),
      ("4", "04.*"), ("04", "04.*"), ("4.", "04.*"), ("4.0", "04.0"), (".7", "*.7"),
      ("1f.7", "1f.7"), ("1F.7", "1f.7"), ("00000004.00", "04.0"),
      ("0:", "00:*.*"), ("00:4", "00:04.*"), ("00:04.*", "00:04.*"), (":4.1", "04.1"),
      ("*:4.1", "04.1"), ("ff:1f.7", "ff:1f.7"), ("00:.1", "00:*.1"),
      ("0::", "0000:*:*.*"), ("0000:00:04.0", "0000:00:04.0"), (":00:04.0", "00:04.0"),
      ("10000:e1:00.0", "10000:e1:00.0"), ("c82d:00:02.0", "c82d:00:02.0"),
      ("7fffffff::", "7fffffff:*:*.*"),
    ])
  func accepted(text: String, canonical: String) throws {
    let pattern = try AddressPattern(text)
    #expect(pattern.description == canonical)
    #expect(try AddressPattern(canonical) == pattern)
  }

  @Test(
    "beyond lspci, fields may begin with 0x and domains have 32 bits",
    arguments: [
      ("0x4", "04.*"), ("0x0000:0x00:0x04.0x0", "0000:00:04.0"), ("0X1F.0X7", "1f.7"),
      ("ffffffff:00:00.0", "ffffffff:00:00.0"),
    ])
  func extended(text: String, canonical: String) throws {
    #expect(try AddressPattern(text).description == canonical)
  }

  @Test(
    "a pattern with a fault says which field is wrong",
    arguments: [
      ("0:0:0:0", .tooManyFields("0:0:0:0", maximum: 3)),
      ("04.0.0", .tooManyFields("04.0.0", maximum: 2)),
      ("100000000::", .tooLarge(.domain, "100000000")),
      ("0:100:0.0", .tooLarge(.bus, "100")),
      ("00:20.0", .tooLarge(.slot, "20")),
      ("00:04.8", .tooLarge(.function, "8")),
      ("ffffffffffffffffffffffffffffffffff.0", .tooLarge(.slot, String(repeating: "f", count: 34))),
      ("g", .notHexadecimal(.slot, "g")),
      ("0x", .notHexadecimal(.slot, "0x")),
      ("0x*", .notHexadecimal(.slot, "0x*")),
      ("**", .notHexadecimal(.slot, "**")),
      ("-1", .notHexadecimal(.slot, "-1")),
      ("+1:0.0", .notHexadecimal(.bus, "+1")),
      (" 4", .notHexadecimal(.slot, " 4")),
      ("4.x", .notHexadecimal(.function, "x")),
      ("٤.0", .notHexadecimal(.slot, "٤")),
      ("4\u{301}.0", .notHexadecimal(.slot, "4\u{301}")),
      ("4.\u{301}0", .notHexadecimal(.function, "\u{301}0")),
    ] as [(String, PatternError)])
  func refused(text: String, error: PatternError) {
    #expect(throws: error) { try AddressPattern(text) }
  }

  @Test(
    "a field that is given has to be equal, any other may be anything",
    arguments: [
      ("", true), ("04.0", true), ("00:04.0", true), ("0000:00:04.0", false),
      ("c82d:00:04.0", true), ("c82d::", true), ("c82d:01:04.0", false), ("05.0", false),
      ("04.1", false), (".0", true), ("0:", true), ("1:", false),
    ])
  func matching(text: String, expected: Bool) throws {
    let address = try #require(Address("c82d:00:04.0"))
    #expect(try AddressPattern(text).matches(address) == expected)
  }

  @Test(
    "only a pattern with all four fields names one address",
    arguments: [
      ("0000:00:04.0", "0000:00:04.0"), ("ffffffff:ff:1f.7", "ffffffff:ff:1f.7"),
      ("00:04.0", nil), ("0000:00:04", nil), ("0000::04.0", nil), ("*:00:04.0", nil),
    ])
  func exact(text: String, address: String?) throws {
    #expect(try AddressPattern(text).exact == address.flatMap { Address($0) })
  }

  @Test("a fault makes a sentence with the number and its bound in hexadecimal")
  func sentences() {
    #expect(PatternError.tooLarge(.function, "9").description == "function 9 is above 7")
    #expect(PatternError.tooLarge(.slot, "20").description == "slot 20 is above 1f")
    #expect(
      PatternError.notHexadecimal(.bus, "g").description == "bus g is not a hexadecimal number")
    #expect(
      PatternError.tooManyFields("1.2.3", maximum: 2).description == "more than 2 fields in 1.2.3")
    #expect(
      PatternError.tooFewFields(minimum: 2).description == "fewer than 2 fields")
  }
}
