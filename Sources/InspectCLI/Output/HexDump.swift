/// Config space in the form of `lspci -x`: lines of 16 bytes with their offset, which `lspci -F` and
/// our `-F` read back.
enum HexDump {
  static func text(of bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 16) {
      // As lspci: two digits in conventional config space, three in the extended.
      if start > 0xFF { text.append(digits[start >> 8 & 15]) }
      append(UInt8(truncatingIfNeeded: start), to: &text)
      text.append(UInt8(ascii: ":"))
      for byte in bytes[start..<min(start + 16, bytes.count)] {
        text.append(UInt8(ascii: " "))
        append(byte, to: &text)
      }
      text.append(UInt8(ascii: "\n"))
    }
    return String(decoding: text, as: UTF8.self)
  }

  private static func append(_ byte: UInt8, to text: inout [UInt8]) {
    text.append(digits[Int(byte >> 4)])
    text.append(digits[Int(byte & 15)])
  }

  private static let digits = Array("0123456789abcdef".utf8)
}
