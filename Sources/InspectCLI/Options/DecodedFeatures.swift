import PCIAccess
import VirtioPCI

/// What `--decode` is given: the feature bits of a device of some type.
struct DecodedFeatures: Hashable, Sendable {
  let type: DeviceType
  let bits: FeatureSet

  /// `TYPE=FEATURES`.
  init(parsing text: String) throws(ValueError) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else { throw .notTypeAndFeatures }
    type = try DeviceType(parsing: String(parts[0]))
    guard let bits = FeatureSet(text: Array(parts[1].utf8)[...]) else { throw .notFeatures }
    self.bits = bits
  }

  /// The bits by the names that they have for this type; without VERSION_1 those of the legacy
  /// interface.
  var features: [NamedFeature] { bits.named(for: type) }
}

extension FeatureSet {
  /// The bits as sysfs shows them, as one hex number, or as hex numbers of 32 bits each.
  fileprivate init?(text: ArraySlice<UInt8>) {
    let zero = UInt8(ascii: "0")
    if text.count == 64 || text.count == Self.capacity, text.allSatisfy({ $0 | 1 == zero | 1 }) {
      guard let set = try? FeatureSet(sysfs: text.span) else { return nil }
      self = set
      return
    }
    let numbers = text.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
    let groups = numbers.count == 1 ? Self.groups(of: text) : Self.groups(numbers)
    guard let groups else { return nil }
    self.init(groups: groups)
  }

  /// One hex number of up to 128 bits, with or without `0x`.
  private static func groups(of number: ArraySlice<UInt8>) -> [UInt32]? {
    let digits = digits(of: number)
    guard (1...capacity / 4).contains(digits.count) else { return nil }
    var groups: [UInt32] = []
    var rest = digits
    while !rest.isEmpty {
      guard let group = UInt32(hexDigits: rest.suffix(8)) else { return nil }
      groups.append(group)
      rest = rest.dropLast(8)
    }
    return groups
  }

  /// Hex numbers of up to 32 bits, the lowest first.
  private static func groups(_ numbers: [ArraySlice<UInt8>]) -> [UInt32]? {
    guard numbers.count <= groupCount else { return nil }
    var groups: [UInt32] = []
    for number in numbers {
      guard let group = UInt32(hexDigits: digits(of: number)) else { return nil }
      groups.append(group)
    }
    return groups
  }

  private static func digits(of number: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    number.starts(with: "0x".utf8) || number.starts(with: "0X".utf8)
      ? number.dropFirst(2) : number
  }
}

extension UInt32 {
  /// One to eight hex digits and nothing else.
  fileprivate init?(hexDigits digits: ArraySlice<UInt8>) {
    guard (1...8).contains(digits.count) else { return nil }
    var value: UInt32 = 0
    for digit in digits {
      guard let digit = digit.hexDigitValue else { return nil }
      value = value << 4 | UInt32(digit)
    }
    self = value
  }
}
