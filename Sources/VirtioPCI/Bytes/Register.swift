/// A register of a structure: `Value` is its width, `Access` what the driver may do with it.
///
///     let size = try CommonCfg.queueSize.load(from: bar)
///     try CommonCfg.queueSelect.store(3, to: bar)
///     try CommonCfg.deviceStatus.update(in: bar) { $0.insert(.driverOK) }
///
/// A read-only register has no `store`. An access compiles to a single load or store of the source,
/// from another module too.
public struct Register<Value: RegisterValue, Access: RegisterAccess>: Hashable, Sendable {
  /// What the specification calls it.
  public let name: String
  /// Where it is in its structure, in bytes.
  public let offset: Int
  /// The features of which one has to be there for it to hold anything; none when it always does.
  public let features: FeatureSet

  /// A register of any structure; nothing checks that it lies in one.
  @inlinable public init(
    _ name: String, at offset: Int, needs feature: Feature? = nil, or other: Feature? = nil
  ) {
    self.name = name
    self.offset = offset
    var features = FeatureSet()
    if let feature { features.insert(bit: feature.bit) }
    if let other { features.insert(bit: other.bit) }
    self.features = features
  }

  /// Whether it holds something when a device has these features.
  public func exists(with features: FeatureSet) -> Bool {
    self.features.isEmpty || !self.features.isDisjoint(with: features)
  }

  /// The first byte after it.
  @inlinable public var end: Int { offset + Value.size }

  /// Loads it once; a 64-bit register as its two halves.
  @inlinable public func load<Source: RegisterSource & ~Copyable & ~Escapable>(
    from source: borrowing Source
  ) throws(Source.Failure) -> Value {
    try Value.load(from: source, at: offset)
  }

  /// The same, or nil when the structure ends before it.
  @inlinable public func loadIfPresent<Source: RegisterSource & ~Copyable & ~Escapable>(
    from source: borrowing Source
  ) throws(Source.Failure) -> Value? {
    end <= source.count ? try load(from: source) : nil
  }
}

extension Register where Access == ReadWrite {
  /// Stores to it once; to a 64-bit register as its two halves.
  @inlinable public func store<Target: RegisterTarget & ~Copyable & ~Escapable>(
    _ value: Value, to target: borrowing Target
  ) throws(Target.Failure) {
    try value.store(to: target, at: offset)
  }

  /// Loads it, lets `change` make another value of it, and stores that: one load and one store, between
  /// which the device may change it.
  @inlinable public func update<Target: RegisterTarget & ~Copyable & ~Escapable>(
    in target: borrowing Target, _ change: (inout Value) -> Void
  ) throws(Target.Failure) {
    var value = try load(from: target)
    change(&value)
    try store(value, to: target)
  }
}

/// What the driver may do with a register: `ReadOnly` or `ReadWrite`.
public protocol RegisterAccess {
  /// Whether there is a `store`.
  static var isWritable: Bool { get }
}

/// The driver may only load it.
public enum ReadOnly: RegisterAccess {
  public static var isWritable: Bool { false }
}

/// The driver may load it and store to it.
public enum ReadWrite: RegisterAccess {
  public static var isWritable: Bool { true }
}

/// What a register holds: 8, 16, 32 or 64 bits, or flags over as many.
public protocol RegisterValue: Hashable, Sendable {
  /// An unsigned integer of the register's width.
  associatedtype Bits: FixedWidthInteger & UnsignedInteger
  /// The value that these bits are; every pattern is one.
  init(bits: Bits)
  /// The bits as the register holds them.
  var bits: Bits { get }
}

extension UInt8: RegisterValue {}
extension UInt16: RegisterValue {}
extension UInt32: RegisterValue {}
extension UInt64: RegisterValue {}

extension RegisterValue where Self: FixedWidthInteger & UnsignedInteger {
  /// The number as it is.
  @inlinable public init(bits: Self) { self = bits }
  /// The number as it is.
  @inlinable public var bits: Self { self }
}

extension RegisterValue where Self: OptionSet, RawValue: FixedWidthInteger & UnsignedInteger {
  /// The flags that are set in `bits`.
  @inlinable public init(bits: RawValue) { self.init(rawValue: bits) }
  /// The flags as the register holds them.
  @inlinable public var bits: RawValue { rawValue }
}

extension RegisterValue {
  /// How many bytes the register has.
  @usableFromInline @inline(__always) static var size: Int { Bits.bitWidth / 8 }

  @inlinable static func load<Source: RegisterSource & ~Copyable & ~Escapable>(
    from source: borrowing Source, at offset: Int
  ) throws(Source.Failure) -> Self {
    switch size {
    case 1: Self(bits: Bits(truncatingIfNeeded: try source.load8(at: offset)))
    case 2: Self(bits: Bits(truncatingIfNeeded: try source.load16(at: offset)))
    case 4: Self(bits: Bits(truncatingIfNeeded: try source.load32(at: offset)))
    default: Self(bits: Bits(truncatingIfNeeded: try source.load(at: offset) as UInt64))
    }
  }

  @inlinable func store<Target: RegisterTarget & ~Copyable & ~Escapable>(
    to target: borrowing Target, at offset: Int
  ) throws(Target.Failure) {
    switch Self.size {
    case 1: try target.store8(UInt8(truncatingIfNeeded: bits), at: offset)
    case 2: try target.store16(UInt16(truncatingIfNeeded: bits), at: offset)
    case 4: try target.store32(UInt32(truncatingIfNeeded: bits), at: offset)
    default: try target.store(UInt64(truncatingIfNeeded: bits), at: offset)
    }
  }
}
