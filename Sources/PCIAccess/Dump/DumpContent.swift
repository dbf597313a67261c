/// What a dump is, by its first bytes.
enum DumpContent {
  case empty
  /// Text; `mark` is the length of a byte order mark before it.
  case text(mark: Int)
  /// UTF-16 text, which is not read.
  case utf16
  /// Config space as it is.
  case raw

  /// So many bytes decide.
  static let decisiveCount = 64

  init(of bytes: Span<UInt8>) {
    let head = bytes.extracting(first: Self.decisiveCount)
    if head.isEmpty {
      self = .empty
    } else if head.starts(with: 0xFF, 0xFE) || head.starts(with: 0xFE, 0xFF) || head.isWideText {
      self = .utf16
    } else if !head.beginsDumpLine, head.indices.contains(where: { Self.isNeverText(head[$0]) }) {
      self = .raw
    } else {
      self = .text(mark: head.starts(with: 0xEF, 0xBB) && head.count > 2 && head[2] == 0xBF ? 3 : 0)
    }
  }

  /// Control characters that no text has, and bytes that UTF-8 has no use for.
  private static func isNeverText(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "\t"), UInt8(ascii: "\n"), 0x0C, UInt8(ascii: "\r"), 0x1B: false
    case 0x00...0x1F, 0xC0, 0xC1, 0xF5...0xFF: true
    default: false
    }
  }
}

extension Span<UInt8> {
  fileprivate func starts(with first: UInt8, _ second: UInt8) -> Bool {
    count >= 2 && self[0] == first && self[1] == second
  }

  /// Whether every second byte of the first eight is 0 and the others are printable ASCII.
  fileprivate var isWideText: Bool {
    guard count >= 8 else { return false }
    let isText = { (byte: UInt8) in (0x20...0x7E).contains(byte) }
    return (0..<4).allSatisfy { isText(self[$0 * 2]) && self[$0 * 2 + 1] == 0 }
      || (0..<4).allSatisfy { self[$0 * 2] == 0 && isText(self[$0 * 2 + 1]) }
  }

  /// Whether it begins as a line of a dump does, with hex digits and a colon. What is wrong with it
  /// is then a line's matter: the config space of no virtio function begins so.
  fileprivate var beginsDumpLine: Bool {
    let end = indices.first { hexDigit(at: $0) == nil } ?? count
    return end > 0 && end < count && self[end] == UInt8(ascii: ":")
  }
}
