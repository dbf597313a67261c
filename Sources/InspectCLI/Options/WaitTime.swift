/// The time that `--wait` takes.
enum WaitTime {
  /// A day, in seconds.
  static let longest = 86_400

  /// Seconds, with a fraction or without, as milliseconds.
  static func milliseconds(parsing text: String) throws(ValueError) -> Int {
    let parts = text.utf8.split(
      separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
    let fraction = parts.count == 2 ? parts[1] : "0"[...].utf8
    guard let whole = number(parts[0]), whole <= longest,
      !fraction.isEmpty, fraction.allSatisfy(isDigit),
      let thousandths = number((Array(fraction) + Array("00".utf8)).prefix(3))
    else { throw .notSeconds }
    let milliseconds = whole * 1000 + thousandths
    guard milliseconds <= longest * 1000 else { throw .notSeconds }
    return milliseconds
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  /// At most nine digits, so that it fits.
  private static func number(_ digits: some Collection<UInt8>) -> Int? {
    guard (1...9).contains(digits.count), digits.allSatisfy(isDigit) else { return nil }
    return digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
  }
}
