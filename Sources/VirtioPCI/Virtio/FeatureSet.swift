/// A set of feature bits of any number: what a device offers, or what was negotiated.
public struct FeatureSet: Hashable, Sendable {
  /// 32 bits each, as `device_feature` shows them for select 0, 1, 2, ...; the last is not 0.
  private var words: [UInt32] = []

  /// The empty set.
  public init() {}

  /// The bits of the 32-bit groups that `device_feature` or `driver_feature` showed, from select 0.
  public init(groups: some Sequence<UInt32>) {
    words = Array(groups)
    while words.last == 0 { words.removeLast() }
  }

  /// The bits of these numbers, none of which is negative.
  public init(_ bits: some Sequence<Int>) {
    for bit in bits {
      insert(bit)
    }
  }

  /// A string of 0 and 1, bit 0 first, as `features` of a virtio device in sysfs has it; a line
  /// feed may end it.
  ///
  /// Its length is a multiple of 64: Linux had 64 bits and has 128. Throws `featuresLength` and
  /// `featuresDigit`.
  public init(sysfs text: Span<UInt8>) throws(DecodeError) {
    var count = 0
    var isComplete = false
    for index in text.indices {
      let byte = text[index]
      guard !isComplete else { throw .featuresDigit(byte, at: count) }
      switch byte {
      case UInt8(ascii: "0"): count += 1
      case UInt8(ascii: "1"):
        insert(count)
        count += 1
      case UInt8(ascii: "\n"): isComplete = true
      default: throw .featuresDigit(byte, at: count)
      }
    }
    guard count % 64 == 0 else { throw .featuresLength(count) }
  }

  /// Whether `bit` is in the set.
  public func contains(_ bit: Int) -> Bool {
    bit >= 0 && bit / 32 < words.count && words[bit / 32] & Self.mask(bit) != 0
  }

  /// Adds `bit`, which is not negative.
  public mutating func insert(_ bit: Int) {
    precondition(bit >= 0)
    while words.count <= bit / 32 { words.append(0) }
    words[bit / 32] |= Self.mask(bit)
  }

  public var isEmpty: Bool { words.isEmpty }

  /// The numbers of the bits, ascending.
  public var bits: [Int] {
    var bits: [Int] = []
    for (index, word) in words.enumerated() {
      var rest = word
      while rest != 0 {
        bits.append(index * 32 + rest.trailingZeroBitCount)
        rest &= rest - 1
      }
    }
    return bits
  }

  /// The bits that are not in `other`.
  public func subtracting(_ other: FeatureSet) -> FeatureSet {
    FeatureSet(bits.filter { !other.contains($0) })
  }

  private static func mask(_ bit: Int) -> UInt32 { 1 << UInt32(bit % 32) }
}
