/// The names of numbers: of the bits of a register, or of the values of a field.
public struct NameTable: Hashable, Sendable, ExpressibleByDictionaryLiteral {
  /// A number and what it is called.
  public struct Entry: Hashable, Sendable {
    /// A bit number, or a value.
    public let number: UInt64
    /// What the specification calls it.
    public let name: String
  }

  /// In the order in which they were written.
  public let entries: [Entry]

  public init(dictionaryLiteral elements: (UInt64, String)...) {
    entries = elements.map { Entry(number: $0.0, name: $0.1) }
  }

  /// What `number` is called, or nil.
  public subscript(number: UInt64) -> String? {
    entries.first { $0.number == number }?.name
  }

  /// The names of the bits that are set in `value`, lowest first; a bit without a name is shown as
  /// its value (`0x20`).
  public func names(ofBitsIn value: some FixedWidthInteger & UnsignedInteger) -> [String] {
    var names: [String] = []
    var rest = UInt64(truncatingIfNeeded: value)
    while rest != 0 {
      let bit = rest.trailingZeroBitCount
      names.append(self[UInt64(bit)] ?? Hex(1 << UInt64(bit)).description)
      rest &= rest - 1
    }
    return names
  }
}

/// Flags of a register, whose bits have names in one table.
public protocol NamedBits: OptionSet, Hashable, Sendable, CustomStringConvertible
where RawValue: FixedWidthInteger & UnsignedInteger {
  /// The names by bit number.
  static var bitNames: NameTable { get }
}

extension NamedBits {
  /// The names of the bits that are set, lowest first; a bit without a name as its value (`0x20`).
  public var names: [String] { Self.bitNames.names(ofBitsIn: rawValue) }

  /// The same in one line: `[ACKNOWLEDGE, DRIVER]`.
  public var description: String { "[" + names.joined(separator: ", ") + "]" }
}
