import VirtioPCI

/// Config space in the form of `lspci -x`: lines of 16 bytes with their offset, which `lspci -F` and
/// our `-F` read back.
enum HexDump {
  static func append(_ bytes: [UInt8], to text: inout [UInt8]) {
    for start in stride(from: 0, to: bytes.count, by: 16) {
      // As lspci: two digits in conventional config space, three in the extended.
      text.append(hex: UInt64(start), digits: 2)
      text.append(UInt8(ascii: ":"))
      for byte in bytes[start..<min(start + 16, bytes.count)] {
        text.append(UInt8(ascii: " "))
        text.append(hex: UInt64(byte), digits: 2)
      }
      text.append(UInt8(ascii: "\n"))
    }
  }

  /// Breaks the lines of what is said before the bytes, from `start` on, so that lspci reads them: it
  /// gives up at one that is longer. A blank that stands near the end becomes the break.
  static func fold(_ text: inout [UInt8], from start: Int) {
    var folded: [UInt8] = []
    let lineFeed = UInt8(ascii: "\n")
    for line in text[start...].split(separator: lineFeed, omittingEmptySubsequences: false) {
      var rest = line
      while rest.count > longestLine {
        let limit = rest.startIndex + longestLine
        let near = rest[limit - 80..<limit]
        // Not in the middle of a character.
        let end =
          near.lastIndex(of: UInt8(ascii: " ")) ?? near.lastIndex { $0 & 0xC0 != 0x80 } ?? limit
        folded += rest[..<end] + "\n    ".utf8
        rest = rest[end...]
        if rest.first == UInt8(ascii: ":") {
          // What was in the middle of a word and comes first now could begin a command: see
          // `CommandBreaker`.
          folded += #"\u{3a}"#.utf8
          rest.removeFirst()
        }
      }
      folded += rest
      folded.append(lineFeed)
    }
    // What was split has one line feed less than parts.
    text.replaceSubrange(start..., with: folded.dropLast())
  }

  /// Bytes without the line feed; lspci 3.9 reads 253.
  private static let longestLine = 240
}
