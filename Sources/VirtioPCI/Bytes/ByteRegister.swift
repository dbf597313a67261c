/// Single bytes of a structure: an address, a text.
///
///     let mac = try Net.mac.load(from: device)
public struct ByteRegister: Hashable, Sendable {
  /// What the specification calls it.
  public let name: String
  /// Where it is in its structure, in bytes.
  public let offset: Int
  /// How many bytes it has at most.
  public let count: Int
  /// The features of which one has to be there for it to hold anything; none when it always does.
  public let features: FeatureSet

  /// Bytes of any structure; nothing checks that they lie in one.
  public init(_ name: String, at offset: Int, count: Int, needs feature: Feature? = nil) {
    self.name = name
    self.offset = offset
    self.count = count
    var features = FeatureSet()
    if let feature { features.insert(bit: feature.bit) }
    self.features = features
  }

  /// The first byte after them.
  public var end: Int { offset + count }

  /// Whether they hold something when a device has these features.
  public func exists(with features: FeatureSet) -> Bool {
    self.features.isEmpty || !self.features.isDisjoint(with: features)
  }

  /// Loads each byte once.
  public func load<Source: RegisterSource & ~Copyable & ~Escapable>(
    from source: borrowing Source
  ) throws(Source.Failure) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    for index in 0..<count { bytes.append(try source.load8(at: offset + index)) }
    return bytes
  }
}
