/// A number in lower-case hex with `0x`, zero-padded to the width of its register.
package struct Hex: Hashable, Sendable, CustomStringConvertible {
  package let value: UInt64
  /// The least number of digits.
  package let digits: Int

  package init(_ value: UInt64, digits: Int = 1) {
    self.value = value
    self.digits = digits
  }

  /// A register: as many digits as its width has.
  package init<Register: FixedWidthInteger & UnsignedInteger>(_ value: Register) {
    self.init(UInt64(truncatingIfNeeded: value), digits: Register.bitWidth / 4)
  }

  /// A position, with no more digits than it needs.
  package init(_ position: Int) {
    self.init(UInt64(truncatingIfNeeded: position))
  }

  package var description: String {
    let text = String(value, radix: 16)
    return "0x" + String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
  }
}
