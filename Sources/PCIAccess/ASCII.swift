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
