/// A number in lower-case hex with `0x`, zero-padded where it is a register.
package struct Hex: Hashable, Sendable, CustomStringConvertible {
  package let value: UInt64
  /// The least number of digits.
  package let digits: Int

  package init(_ value: UInt64, digits: Int = 1) {
    self.value = value
    self.digits = digits
  }

  /// A register: as many digits as its width has.
  package init(_ value: UInt8) { self.init(UInt64(value), digits: 2) }
  package init(_ value: UInt16) { self.init(UInt64(value), digits: 4) }
  package init(_ value: UInt32) { self.init(UInt64(value), digits: 8) }

  /// A position, with no more digits than it needs.
  package init(_ position: Int) {
    self.init(UInt64(truncatingIfNeeded: position))
  }

  package var description: String {
    var text = Array("0x".utf8)
    text.append(hex: value, digits: digits)
    return String(decoding: text, as: UTF8.self)
  }

  /// Without `0x`, as lspci writes IDs.
  package var bare: String {
    var text: [UInt8] = []
    text.append(hex: value, digits: digits)
    return String(decoding: text, as: UTF8.self)
  }
}

extension [UInt8] {
  /// Appends a number in lower-case hex, zero-padded to `digits`.
  package mutating func append(hex value: UInt64, digits: Int) {
    append(addingCapacity: Swift.max(16, digits)) { text in
      text.append(hex: value, digits: digits)
    }
  }

  /// Appends bytes in memory order, each in two lower-case hex digits.
  package mutating func append(hex bytes: Span<UInt8>) {
    append(addingCapacity: 2 * bytes.count) { $0.append(hex: bytes) }
  }
}

extension OutputSpan<UInt8> {
  /// Appends a number in lower-case hex, zero-padded to `digits`.
  package mutating func append(hex value: UInt64, digits: Int) {
    let needed = (67 - value.leadingZeroBitCount) / 4
    for place in (0..<Swift.max(needed, digits, 1)).reversed() {
      append(hexDigit: UInt8(truncatingIfNeeded: value >> (4 * place)))
    }
  }

  /// Appends bytes in memory order, each in two lower-case hex digits.
  package mutating func append(hex bytes: Span<UInt8>) {
    for index in bytes.indices {
      append(hexDigit: bytes[index] >> 4)
      append(hexDigit: bytes[index])
    }
  }

  /// Appends the low half of a byte.
  @inline(__always) private mutating func append(hexDigit byte: UInt8) {
    let digit = byte & 15
    append(digit < 10 ? UInt8(ascii: "0") &+ digit : UInt8(ascii: "a") &- 10 &+ digit)
  }
}

extension UInt8 {
  /// The value of an ASCII hex digit of either case.
  package var hexDigitValue: UInt8? {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): self &- UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): self &- UInt8(ascii: "a") &+ 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): self &- UInt8(ascii: "A") &+ 10
    default: nil
    }
  }
}
