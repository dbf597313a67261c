import VirtioPCI

/// A field of an address or ID pattern.
enum PatternField: Hashable, Sendable {
  case domain, bus, slot, function
  case vendor, device, classCode, progIF

  var name: String {
    switch self {
    case .domain: "domain"
    case .bus: "bus"
    case .slot: "slot"
    case .function: "function"
    case .vendor: "vendor"
    case .device: "device"
    case .classCode: "class"
    case .progIF: "prog-if"
    }
  }

  /// The largest value that it can have.
  var maximum: UInt32 {
    switch self {
    case .domain: 0xFFFF_FFFF
    case .bus, .progIF: 0xFF
    case .slot: 0x1F
    case .function: 7
    case .vendor, .device, .classCode: 0xFFFF
    }
  }

  /// The number in `text`: hex digits, also after `0x`. Nil, which is any, for nothing and `*`.
  func value<Value: FixedWidthInteger & UnsignedInteger>(
    of text: Substring?
  ) throws(PatternError) -> Value? {
    guard let text, !Self.isAny(text) else { return nil }
    let digits = Self.hasHexPrefix(text) ? text.utf8.dropFirst(2) : text.utf8[...]
    guard !digits.isEmpty else { throw .notHexadecimal(self, String(text)) }
    var value: UInt64 = 0
    for byte in digits {
      guard let digit = byte.hexDigitValue else { throw .notHexadecimal(self, String(text)) }
      value = value << 4 | UInt64(digit)
      guard value <= maximum else { throw .tooLarge(self, String(text)) }
    }
    return Value(truncatingIfNeeded: value)
  }

  static func isAny(_ text: Substring) -> Bool {
    text.utf8.isEmpty || text.utf8.elementsEqual("*".utf8)
  }

  static func hasHexPrefix(_ text: Substring) -> Bool {
    text.utf8.starts(with: "0x".utf8) || text.utf8.starts(with: "0X".utf8)
  }

  /// A field of a pattern in its canonical text: `*` for any.
  static func text(of value: (some FixedWidthInteger & UnsignedInteger)?, digits: Int) -> String {
    value.map { Hex(UInt64($0), digits: digits).bare } ?? "*"
  }
}

extension Substring? {
  /// Takes the first field away, up to the ASCII character `separator`; nothing is left of the last.
  mutating func takeField(before separator: Unicode.Scalar) -> Substring? {
    guard let text = self else { return nil }
    guard let end = text.utf8.firstIndex(of: UInt8(ascii: separator)) else { return take() }
    self = text[text.utf8.index(after: end)...]
    return text[..<end]
  }
}
