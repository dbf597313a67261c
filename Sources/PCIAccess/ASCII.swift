internal import VirtioPCI

extension UInt32 {
  /// One to eight hex digits and nothing else.
  init?(hexDigits text: some Sequence<UInt8>) {
    var value: UInt32 = 0
    var count = 0
    for byte in text {
      guard let digit = byte.hexDigitValue, count < 8 else { return nil }
      value = value << 4 | UInt32(digit)
      count += 1
    }
    guard count > 0 else { return nil }
    self = value
  }
}

extension UInt64 {
  /// `0x` and one to sixteen hex digits.
  init?(prefixedHex text: some Collection<UInt8>) {
    guard text.starts(with: "0x".utf8) else { return nil }
    let digits = text.dropFirst(2)
    guard (1...16).contains(digits.count) else { return nil }
    var value: UInt64 = 0
    for byte in digits {
      guard let digit = byte.hexDigitValue else { return nil }
      value = value << 4 | UInt64(digit)
    }
    self = value
  }
}

extension ArraySlice<UInt8> {
  /// Takes the first line away, and the line feed that ends it; nil where none does.
  mutating func takeLine() -> Self? {
    guard let end = firstIndex(of: UInt8(ascii: "\n")) else { return nil }
    defer { self = self[(end + 1)...] }
    return self[..<end]
  }

  /// Takes the first word away, and the blanks before it; empty when none is left.
  mutating func takeWord() -> Self {
    let blank = UInt8(ascii: " ")
    let start = drop { $0 == blank }
    let end = start.firstIndex(of: blank) ?? endIndex
    defer { self = self[end...] }
    return start[..<end]
  }
}

extension [UInt8] {
  /// Without the newline that ends a sysfs file.
  var droppingLastNewline: [UInt8] {
    last == UInt8(ascii: "\n") ? Array(dropLast()) : self
  }
}
