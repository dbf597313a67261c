import VirtioPCI

/// Which functions, by identity: what lspci's `-d` takes.
///
/// `[VENDOR]:[DEVICE][:CLASS[:PROG-IF]]` in hex. A field that is left out, empty or `*` matches any
/// value. In the class, `x` stands for any digit: `::02xx` is every network controller.
struct IDPattern: Hashable, Sendable {
  /// Each field is nil where any value will do.
  let vendor: UInt16?
  let device: UInt16?
  /// Base class and subclass.
  let classCode: ClassPattern?
  /// The programming interface.
  let progIF: UInt8?

  /// Base class and subclass, as far as `mask` has bits.
  struct ClassPattern: Hashable, Sendable {
    /// The bits to be found, where `mask` has them.
    let value: UInt16
    /// The bits that count.
    let mask: UInt16
  }

  /// Parses a pattern of two to four fields. Each may begin with `0x`, the class only when four
  /// or more digits follow: lspci reads the shorter `0x02` as 0, any digit, 0 and 2.
  init(_ text: String) throws(PatternError) {
    var rest = Optional(text[...])
    let vendor = rest.takeField(before: ":")
    guard let device = rest.takeField(before: ":") else { throw .tooFewFields(minimum: 2) }
    let (classCode, progIF) = (rest.takeField(before: ":"), rest.takeField(before: ":"))
    guard rest == nil else { throw .tooManyFields(text, maximum: 4) }
    self.vendor = try PatternField.vendor.value(of: vendor)
    self.device = try PatternField.device.value(of: device)
    self.classCode = try ClassPattern(classCode)
    self.progIF = try PatternField.progIF.value(of: progIF)
  }

  /// Whether a function that says it is `identity` is one of those.
  func matches(_ identity: Identity) -> Bool {
    (vendor ?? identity.vendorID) == identity.vendorID
      && (device ?? identity.deviceID) == identity.deviceID
      && classCode?.matches(identity.classCode) != false
      && (progIF ?? identity.progIF) == identity.progIF
  }
}

extension IDPattern.ClassPattern {
  /// Nil, which is any, for nothing and `*`.
  init?(_ text: Substring?) throws(PatternError) {
    guard let text, !PatternField.isAny(text) else { return nil }
    let hasPrefix = PatternField.hasHexPrefix(text) && text.utf8.count >= 6
    let digits = text.utf8.dropFirst(hasPrefix ? 2 : 0)
    var value: UInt16 = 0
    var mask: UInt16 = 0xFFFF
    for byte in digits {
      let isWildcard = byte == UInt8(ascii: "x") || byte == UInt8(ascii: "X")
      guard let digit = isWildcard ? 0 : byte.hexDigitValue else {
        throw .notHexadecimal(.classCode, String(text))
      }
      value = value << 4 | UInt16(digit)
      mask = mask << 4 | (isWildcard ? 0 : 0xF)
    }
    guard digits.drop(while: { $0 == UInt8(ascii: "0") }).count <= 4 else {
      throw .tooLarge(.classCode, String(text))
    }
    self.init(value: value, mask: mask)
  }

  /// `classCode` has 24 bits: the programming interface is below these.
  func matches(_ classCode: UInt32) -> Bool {
    UInt16(truncatingIfNeeded: classCode >> 8) & mask == value & mask
  }

  var text: String {
    var text = ""
    for shift in [12, 8, 4, 0] {
      let isAny = mask >> UInt16(shift) & 0xF == 0
      text += isAny ? "x" : Hex(UInt64(value >> UInt16(shift) & 0xF)).bare
    }
    return text
  }
}

extension IDPattern: CustomStringConvertible {
  /// The text with as many fields as it needs: `1af4:*`.
  var description: String {
    var fields = [
      PatternField.text(of: vendor, digits: 4),
      PatternField.text(of: device, digits: 4),
    ]
    if classCode != nil || progIF != nil { fields.append(classCode?.text ?? "*") }
    if let progIF { fields.append(PatternField.text(of: progIF, digits: 2)) }
    return fields.joined(separator: ":")
  }
}

extension Identity {
  /// The programming interface: the low byte of the class code.
  fileprivate var progIF: UInt8 { UInt8(truncatingIfNeeded: classCode) }
}
