/// What stands in the common configuration structure, register by register: as much of it as there
/// is. `CommonCfg` is the same as a structure, of which the first 56 bytes have to be there.
public struct CommonValues: Hashable, Sendable {
  /// One for each of `CommonCfg.fields`.
  private var numbers: [UInt64?]

  /// Loads once each register that always exists, as far as the structure reaches.
  public init<Source: RegisterSource & ~Copyable & ~Escapable>(
    from source: borrowing Source
  ) throws(Source.Failure) {
    numbers = []
    for field in CommonCfg.fields {
      numbers.append(field.features.isEmpty ? try field.loadIfPresent(from: source) : nil)
    }
  }

  /// Loads once each register that exists with a feature, when it is among `features`.
  public mutating func loadOptional<Source: RegisterSource & ~Copyable & ~Escapable>(
    from source: borrowing Source, with features: FeatureSet
  ) throws(Source.Failure) {
    for (index, field) in CommonCfg.fields.enumerated()
    where !field.features.isEmpty && field.exists(with: features) {
      numbers[index] = try field.loadIfPresent(from: source)
    }
  }

  /// The value of `register`; nil when it was not loaded.
  public subscript<Value, Access>(register: Register<Value, Access>) -> Value? {
    number(at: register.offset).map { Value(bits: Value.Bits(truncatingIfNeeded: $0)) }
  }

  /// The value of `field` as a number; nil when it was not loaded.
  public subscript(field: CommonCfg.Field) -> UInt64? { number(at: field.offset) }

  private func number(at offset: Int) -> UInt64? {
    CommonCfg.fields.firstIndex { $0.offset == offset }.flatMap { numbers[$0] }
  }

  /// Whether three registers that are never so together are all ones: nothing answers, so that
  /// nothing else that was loaded means anything.
  public var isAllOnes: Bool {
    self[CommonCfg.numQueues] == .max && self[CommonCfg.configGeneration] == .max
      && self[CommonCfg.deviceStatus]?.rawValue == .max
  }

  /// Whether every register that was loaded is 0: no device reads so, since it has at least a queue.
  public var isAllZero: Bool { numbers.allSatisfy { $0 ?? 0 == 0 } }

  /// The 32 of the offered features that `device_feature` shows; the empty set when it shows none
  /// that could be.
  public var visibleDeviceFeatures: FeatureSet {
    Self.group(self[CommonCfg.deviceFeatureSelect], self[CommonCfg.deviceFeature])
  }

  /// The same of the features that the driver accepted.
  public var visibleDriverFeatures: FeatureSet {
    Self.group(self[CommonCfg.driverFeatureSelect], self[CommonCfg.driverFeature])
  }

  private static func group(_ select: UInt32?, _ word: UInt32?) -> FeatureSet {
    var features = FeatureSet()
    if let select, let word { features.setGroup(at: Int(truncatingIfNeeded: select), to: word) }
    return features
  }
}

extension CommonCfg.Field {
  /// Whether it holds something when a device has these features.
  public func exists(with features: FeatureSet) -> Bool {
    self.features.isEmpty || !self.features.isDisjoint(with: features)
  }

  /// Loads it once, 64 bits as two halves; nil when the structure ends before it.
  func loadIfPresent<Source: RegisterSource & ~Copyable & ~Escapable>(
    from source: borrowing Source
  ) throws(Source.Failure) -> UInt64? {
    guard offset + size <= source.count else { return nil }
    switch size {
    case 1: return UInt64(try source.load8(at: offset))
    case 2: return UInt64(try source.load16(at: offset))
    case 4: return UInt64(try source.load32(at: offset))
    default: return try source.load(at: offset)
    }
  }
}
