import VirtioPCI

extension JSONStringFormat {
  /// Whether the output can have `text` where a string is written like this.
  func takes(_ text: String) -> Bool {
    switch self {
    case .free, .ethernetAddress: true
    case .featureName: Self.features.contains { $0.name.isExactly(text) }
    case .flagName(let names):
      text.hasPrefix("0x") || names.entries.contains { $0.name.isExactly(text) }
    default: corrected(text)?.isExactly(text) ?? false
    }
  }

  /// Why `text` is refused, and what to write.
  func refusal(of text: String) -> String {
    let right = corrected(text).map { ": write \(JSONValue.string($0))" } ?? ""
    return "\(JSONValue.string(text)) can never match: \(demand)\(right)"
  }

  /// Whether the output can hold a string that `pattern` matches, as far as its fixed beginning and end
  /// tell.
  func takes(pattern: String) -> Bool {
    guard !pattern.contains("*"), !pattern.contains("?") else { return true }
    return takes(pattern)
  }

  /// How the output has what `text` means; nil where that cannot be told.
  private func corrected(_ text: String) -> String? {
    switch self {
    case .hex(let digits):
      guard let value = Self.number(text), digits >= 16 || value >> UInt64(4 * digits) == 0 else {
        return nil
      }
      return Hex(value, digits: digits).description
    case .address: return Self.number(text).map { Hex($0).description }
    case .bytes(let count):
      let lower = text.lowercased()
      guard lower.utf8.allSatisfy({ $0.hexDigitValue != nil }), lower.utf8.count % 2 == 0,
        count.map({ lower.utf8.count == 2 * $0 }) ?? true
      else { return nil }
      return lower
    case .pciAddress: return Address(text)?.description
    case .featureName:
      let alias = Self.features.first { $0.isCalled(text) }
      return alias?.name ?? Self.nearest(text, among: Self.features.map(\.name))
    case .flagName(let names): return Self.nearest(text, among: names.entries.map(\.name))
    case .free, .ethernetAddress: return nil
    }
  }

  private var demand: String {
    switch self {
    case .free, .ethernetAddress: "any string is allowed here"
    case .hex(let digits): "the output has 0x and \(digits) hex digits in lower case"
    case .address: "the output has 0x and hex digits in lower case, without leading zeros"
    case .bytes(nil): "the output has two hex digits in lower case for each byte"
    case .bytes(let count?): "the output has \(2 * count) hex digits in lower case"
    case .pciAddress: "the output has whole PCI addresses, 0000:00:04.0"
    case .featureName: "no feature has this name"
    case .flagName: "no bit has this name"
    }
  }

  private static func number(_ text: String) -> UInt64? {
    let isPrefixed = text.utf8.starts(with: "0x".utf8) || text.utf8.starts(with: "0X".utf8)
    let digits = isPrefixed ? text.dropFirst(2) : text[...]
    guard let first = digits.utf8.first, first.hexDigitValue != nil else { return nil }
    return UInt64(digits, radix: 16)
  }

  private static func nearest(_ text: String, among names: [String]) -> String? {
    let text = text.uppercased().utf8.prefix(64)
    // `NET_F_MAC` and `MQ` are the ends of names.
    return names.first { $0.utf8.reversed().starts(with: text.reversed()) }
      ?? names.min { editDistance(text, $0.utf8) < editDistance(text, $1.utf8) }
  }

  /// Of every device type.
  private static var features: [Feature] {
    Feature.generic + DeviceType.defined.flatMap(\.features)
  }
}
