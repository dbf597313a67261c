/// A set of feature bits: what a device offers, or what was negotiated, VIRTIO 1.4 §2.2.
///
///     let wanted: FeatureSet = [.version1, .ringPacked, Feature.Net.mac]
///     let accepted = offered.intersection(wanted)
///
/// It holds the 128 bits of VIRTIO 1.4 in place, so that no operation allocates. A bit that has no
/// name is a member like any other; `insert(bit:)` adds it.
public struct FeatureSet: Hashable, Sendable, BitwiseCopyable {
  /// Bits 0 to 63.
  @usableFromInline var low: UInt64
  /// Bits 64 to 127.
  @usableFromInline var high: UInt64

  /// How many bits there are.
  public static let capacity = 128
  /// How many groups of 32 bits there are: what the feature selects can name.
  public static let groupCount = 4

  /// The empty set.
  @inlinable public init() {
    low = 0
    high = 0
  }

  /// The set of one bit; the empty set if there is no such bit.
  init(bit: Int) {
    let bit = UInt64(truncatingIfNeeded: bit)
    low = 1 << bit
    high = bit < 64 ? 0 : 1 << (bit &- 64)
  }

  /// The bits of these numbers, of which those outside 0 to 127 are left out.
  public init(bits: some Sequence<Int>) {
    self.init()
    for bit in bits { insert(bit: bit) }
  }

  /// The bits of the groups that `device_feature` or `driver_feature` showed, from select 0; there
  /// are four groups, and what follows is left out.
  public init(groups: some Sequence<UInt32>) {
    self.init()
    for (index, group) in groups.enumerated() { setGroup(at: index, to: group) }
  }

  /// Bits 32 * `index` and up, as `device_feature` shows them for this select; 0 above group 3.
  public func group(at index: Int) -> UInt32 {
    switch index {
    case 0: UInt32(truncatingIfNeeded: low)
    case 1: UInt32(truncatingIfNeeded: low >> 32)
    case 2: UInt32(truncatingIfNeeded: high)
    case 3: UInt32(truncatingIfNeeded: high >> 32)
    default: 0
    }
  }

  /// Replaces bits 32 * `index` and up; nothing changes above group 3.
  public mutating func setGroup(at index: Int, to group: UInt32) {
    let bits = UInt64(group)
    switch index {
    case 0: low = low & 0xFFFF_FFFF_0000_0000 | bits
    case 1: low = low & 0xFFFF_FFFF | bits << 32
    case 2: high = high & 0xFFFF_FFFF_0000_0000 | bits
    case 3: high = high & 0xFFFF_FFFF | bits << 32
    default: break
    }
  }

  /// Whether the bit of this number is in the set.
  public func contains(bit: Int) -> Bool {
    !isDisjoint(with: FeatureSet(bit: bit))
  }

  /// Adds the bit of this number, if it is one of 0 to 127.
  public mutating func insert(bit: Int) {
    formUnion(FeatureSet(bit: bit))
  }

  /// Removes the bit of this number.
  public mutating func remove(bit: Int) {
    formSymmetricDifference(intersection(FeatureSet(bit: bit)))
  }

  /// The numbers of the bits in the set, ascending.
  public var bits: Bits { Bits(rest: self) }

  /// The numbers of the bits in a set, ascending.
  public struct Bits: Sequence, IteratorProtocol, Sendable {
    fileprivate var rest: FeatureSet

    public mutating func next() -> Int? {
      if rest.low != 0 {
        let bit = rest.low.trailingZeroBitCount
        rest.low &= rest.low &- 1
        return bit
      }
      guard rest.high != 0 else { return nil }
      let bit = rest.high.trailingZeroBitCount
      rest.high &= rest.high &- 1
      return bit &+ 64
    }

    public var underestimatedCount: Int { rest.count }
  }

  /// How many bits are in the set.
  public var count: Int { low.nonzeroBitCount + high.nonzeroBitCount }
}

extension FeatureSet: SetAlgebra {
  public typealias Element = Feature

  public init(arrayLiteral features: Feature...) {
    self.init()
    for feature in features { insert(bit: feature.bit) }
  }

  public var isEmpty: Bool { low | high == 0 }

  /// Whether the feature's bit is in the set.
  public func contains(_ feature: Feature) -> Bool { contains(bit: feature.bit) }

  public func union(_ other: FeatureSet) -> FeatureSet {
    var result = self
    result.formUnion(other)
    return result
  }

  public func intersection(_ other: FeatureSet) -> FeatureSet {
    var result = self
    result.formIntersection(other)
    return result
  }

  public func symmetricDifference(_ other: FeatureSet) -> FeatureSet {
    var result = self
    result.formSymmetricDifference(other)
    return result
  }

  public func subtracting(_ other: FeatureSet) -> FeatureSet {
    symmetricDifference(intersection(other))
  }

  public func isSubset(of other: FeatureSet) -> Bool { intersection(other) == self }

  public func isDisjoint(with other: FeatureSet) -> Bool {
    low & other.low | high & other.high == 0
  }

  public mutating func formUnion(_ other: FeatureSet) {
    low |= other.low
    high |= other.high
  }

  public mutating func formIntersection(_ other: FeatureSet) {
    low &= other.low
    high &= other.high
  }

  public mutating func formSymmetricDifference(_ other: FeatureSet) {
    low ^= other.low
    high ^= other.high
  }

  @discardableResult
  public mutating func insert(
    _ feature: Feature
  ) -> (inserted: Bool, memberAfterInsert: Feature) {
    let isNew = !contains(feature)
    insert(bit: feature.bit)
    return (isNew, feature)
  }

  @discardableResult
  public mutating func remove(_ feature: Feature) -> Feature? {
    guard contains(feature) else { return nil }
    remove(bit: feature.bit)
    return feature
  }

  @discardableResult
  public mutating func update(with feature: Feature) -> Feature? {
    insert(feature).inserted ? nil : feature
  }
}

extension FeatureSet {
  /// What the bits are called for a device of `type`, ascending; a bit without a name is shown as its
  /// number (`bit 45`).
  ///
  /// Bit 41 has two meanings, see `DeviceType.feature(_:hasVersion1:)`: pass `hasVersion1` for a part
  /// of what a device has; if it is nil, the set itself has VERSION_1 or not.
  public func names(for type: DeviceType?, hasVersion1: Bool? = nil) -> [String] {
    names(among: type?.features ?? [], hasVersion1: hasVersion1)
  }

  /// The same for a device of one type that is known when the program is made, such as
  /// `Feature.Blk.all`: nothing of other types is linked.
  public func names(among own: [Feature], hasVersion1: Bool? = nil) -> [String] {
    let hasVersion1 = hasVersion1 ?? contains(.version1)
    return bits.map { bit in
      Feature.of(own, bit: bit, hasVersion1: hasVersion1)?.name ?? "bit \(bit)"
    }
  }
}

extension FeatureSet: CustomStringConvertible {
  /// The generic features by their names, all others as numbers; `names(for:)` has those of a type.
  public var description: String { "[" + names(among: []).joined(separator: ", ") + "]" }
}
