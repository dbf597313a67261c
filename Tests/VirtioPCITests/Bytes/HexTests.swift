import Testing
import VirtioPCI

@Suite struct HexTests {
  @Test(
    "a number has as many digits as it needs, and no fewer than are asked for",
    arguments: [
      (0, 0, "0"), (0, 1, "0"), (0xF, 1, "f"), (0x10, 1, "10"), (0xABC, 2, "abc"),
      (0xABC, 8, "00000abc"), (1, 18, "000000000000000001"),
      (UInt64.max, 16, "ffffffffffffffff"), (1 << 63, 1, "8000000000000000"),
    ])
  func digits(value: UInt64, digits: Int, text: String) {
    #expect(Hex(value, digits: digits).bare == text)
    #expect(Hex(value, digits: digits).description == "0x" + text)
  }

  @Test("a register has the digits of its width, a position just those that it needs")
  func widths() {
    #expect(
      "\(Hex(0x0A as UInt8)) \(Hex(0xA as UInt16)) \(Hex(0xA as UInt32))"
        == "0x0a 0x000a 0x0000000a")
    #expect("\(Hex(0x40))" == "0x40")
  }

  @Test("bytes are written in memory order")
  func bytes() {
    var text = Array("<".utf8)
    text.append(hex: ([0x00, 0x9A, 0xFF, 0x10] as [UInt8]).span)
    #expect(String(decoding: text, as: UTF8.self) == "<009aff10")
  }
}
