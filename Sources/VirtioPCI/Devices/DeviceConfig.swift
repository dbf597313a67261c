/// The device-specific configuration of a device, as far as it may be read, VIRTIO 1.4 §2.5.
public struct DeviceConfig: Hashable, Sendable {
  /// Every field of the type but padding, in order, each name once.
  public let fields: [DecodedField]

  /// Loads each field that exists once, at its width: 64 bits as two halves, bytes one by one.
  ///
  /// A field is there when the device offers its feature. Pass nil for `offered` where that is not
  /// known: then only what was negotiated counts. To get values that belong together, call it in
  /// `CommonCfg.whileUnchanged`.
  public init<Source: RegisterSource & ~Copyable & ~Escapable>(
    of type: DeviceType, from source: borrowing Source,
    offered: FeatureSet? = nil, negotiated: FeatureSet, status: DeviceStatus
  ) throws(Source.Failure) {
    try self.init(
      of: type.configFields, from: source, offered: offered, negotiated: negotiated,
      status: status)
  }

  /// The same of a device of one type that is known when the program is made, such as
  /// `DeviceDefinition.blk.config`: nothing of other types is linked.
  public init<Source: RegisterSource & ~Copyable & ~Escapable>(
    of table: [ConfigField], from source: borrowing Source,
    offered: FeatureSet? = nil, negotiated: FeatureSet, status: DeviceStatus
  ) throws(Source.Failure) {
    let state = DriverState(
      offered: offered ?? negotiated, negotiated: negotiated, status: status)
    var fields: [DecodedField] = []
    for field in table where !field.isPadding {
      let content = try field.read(from: source, state: state, after: fields)
      let decoded = DecodedField(field: field, content: content)
      // Two layouts may place one field: the second counts where the first does not hold.
      if let index = fields.firstIndex(where: { $0.field.key.hasName(of: field.key) }) {
        if case .absent(.unmet) = fields[index].content { fields[index] = decoded }
      } else {
        fields.append(decoded)
      }
    }
    self.fields = fields
  }

  /// The field of that name, when the type has one; for a name that was read somewhere.
  public subscript(name: String) -> DecodedField? { fields.first { $0.field.name == name } }

  /// The value of `register`; nil when it was not read.
  public subscript<Value, Access>(register: Register<Value, Access>) -> Value? {
    number(at: ConfigField.Key(register)).map { Value(bits: Value.Bits(truncatingIfNeeded: $0)) }
  }

  /// The bytes of `register`, as far as the device filled them in; nil when they were not read.
  public subscript(register: ByteRegister) -> [UInt8]? {
    if case .bytes(let bytes) = fields.at(ConfigField.Key(register))?.content { bytes } else { nil }
  }

  /// The number in a field; nil when it was not read or holds bytes.
  public func number(at key: ConfigField.Key) -> UInt64? { fields.at(key)?.number }
}

/// A field and what was found in it.
public struct DecodedField: Hashable, Sendable {
  /// The field, of the layout of the device type.
  public let field: ConfigField
  /// What was found in it.
  public let content: Content

  /// What was found.
  public enum Content: Hashable, Sendable {
    /// A field of 8 to 64 bits.
    case number(UInt64)
    /// A field of single bytes, as far as the device filled it in.
    case bytes([UInt8])
    /// Nothing: it was not read.
    case absent(Absence)
  }

  /// Why a field was not read.
  public enum Absence: Hashable, Sendable {
    /// This does not hold.
    case unmet(ConfigField.Condition)
    /// The structure, or what the device filled in of it, ends after so many bytes.
    case beyondEnd(Int)
  }

  /// The value of a field that holds a number; nil when it holds bytes or was not read.
  public var number: UInt64? {
    if case .number(let number) = content { number } else { nil }
  }
}

/// How far the driver has come: what decides whether a field exists.
private struct DriverState {
  let offered: FeatureSet
  let negotiated: FeatureSet
  let status: DeviceStatus

  func allows(_ condition: ConfigField.Condition, after fields: [DecodedField]) -> Bool {
    switch condition {
    case .exists(let features), .means(let features): !offered.isDisjoint(with: features)
    case .without(let feature): !negotiated.contains(feature)
    case .negotiated(let feature): negotiated.contains(feature)
    case .status(let bits): status.isSuperset(of: bits)
    case .selected(let key, let values):
      if let number = fields.at(key)?.number { values.contains(number) } else { false }
    case .writeOnly: false
    }
  }
}

extension ConfigField {
  fileprivate func read<Source: RegisterSource & ~Copyable & ~Escapable>(
    from source: borrowing Source, state: DriverState, after fields: [DecodedField]
  ) throws(Source.Failure) -> DecodedField.Content {
    if let unmet = conditions.first(where: { !state.allows($0, after: fields) }) {
      return .absent(.unmet(unmet))
    }
    // The most that an extent can say is 2^16: it is a field of 8 or 16 bits.
    let filled = extent.map { $0.start + Int(fields.at($0.lengthField)?.number ?? 0) }
    let limit = min(filled ?? source.count, source.count)
    if case .bytes(let count) = kind {
      let wanted = min(count, (filled ?? end) - offset)
      guard offset + wanted <= source.count else { return .absent(.beyondEnd(source.count)) }
      return .bytes(try bytes(wanted, from: source))
    }
    guard end <= limit else { return .absent(.beyondEnd(limit)) }
    return .number(try number(from: source))
  }

  private func number<Source: RegisterSource & ~Copyable & ~Escapable>(
    from source: borrowing Source
  ) throws(Source.Failure) -> UInt64 {
    // Bluetooth's first layout is packed; an unaligned register is read byte by byte.
    guard offset % min(size, 4) == 0 else {
      var number: UInt64 = 0
      for byte in try bytes(size, from: source).reversed() {
        number = number << 8 | UInt64(byte)
      }
      return number
    }
    switch kind {
    case .le16: return UInt64(try source.load16(at: offset))
    case .le32: return UInt64(try source.load32(at: offset))
    case .le64: return try source.load(at: offset)
    default: return UInt64(try source.load8(at: offset))
    }
  }

  private func bytes<Source: RegisterSource & ~Copyable & ~Escapable>(
    _ count: Int, from source: borrowing Source
  ) throws(Source.Failure) -> [UInt8] {
    var bytes: [UInt8] = []
    for index in 0..<count {
      bytes.append(try source.load8(at: offset + index))
    }
    return bytes
  }
}

extension [DecodedField] {
  fileprivate func at(_ key: ConfigField.Key) -> DecodedField? {
    first { $0.field.key == key }
  }
}
