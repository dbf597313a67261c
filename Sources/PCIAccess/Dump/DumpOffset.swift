/// The offset at the start of a line, in each radix that it may be in.
struct DumpOffset {
  enum Radix: Int {
    case octal = 8
    case decimal = 10
    case hexadecimal = 16
  }

  /// More would not fit.
  static let mostDigits = 15
  /// `od -A x` has 6, `od` has 7, `hexdump` has 8.
  static let leastDigitsWithoutColon = 6

  private(set) var digits = 0
  var hasColon = false
  private var largestDigit: UInt8 = 0
  private var values = (octal: 0, decimal: 0, hexadecimal: 0)

  mutating func append(_ digit: UInt8) {
    digits += 1
    largestDigit = max(largestDigit, digit)
    values.octal = values.octal << 3 | Int(digit & 7)
    values.decimal = values.decimal * 10 + Int(digit)
    values.hexadecimal = values.hexadecimal << 4 | Int(digit)
  }

  /// Nil when there is a digit that the radix has not.
  func value(in radix: Radix) -> Int? {
    guard Int(largestDigit) < radix.rawValue else { return nil }
    return switch radix {
    case .octal: values.octal
    case .decimal: values.decimal
    case .hexadecimal: values.hexadecimal
    }
  }

  /// What a file with such offsets may mean by them, the likeliest first: seven digits are what
  /// `od` writes when nothing else was asked of it.
  var radices: [Radix] {
    if hasColon { return [.hexadecimal, .decimal] }
    return digits == 7 ? [.octal, .decimal, .hexadecimal] : [.hexadecimal, .octal, .decimal]
  }
}
