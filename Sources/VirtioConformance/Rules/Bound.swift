import VirtioPCI

/// What a number in the device-specific configuration has to be.
enum Bound: Sendable {
  case range(ClosedRange<UInt64>)
  case oneOf([UInt64])
  /// No other bits than these.
  case bits(UInt64)
  /// No bits but those that have a name.
  case namedBits
  /// Only values that have a name.
  case namedValues
  case powerOfTwo(atLeast: UInt64)

  static let nonzero = Self.range(1...UInt64.max)

  static func atLeast(_ number: UInt64) -> Self { .range(number...UInt64.max) }

  /// The same with what the names in the table of `field` say.
  fileprivate func resolved(for field: ConfigField?) -> Self {
    switch self {
    case .namedBits:
      .bits((field?.bits.entries ?? []).reduce(0) { $0 | 1 << $1.number })
    case .namedValues:
      .oneOf((field?.values.entries ?? []).map(\.number))
    default: self
    }
  }

  fileprivate func holds(for number: UInt64) -> Bool {
    switch self {
    case .range(let range): range.contains(number)
    case .oneOf(let numbers): numbers.contains(number)
    case .bits(let bits): number & ~bits == 0
    case .powerOfTwo(let least): number >= least && number & (number &- 1) == 0
    case .namedBits, .namedValues: true
    }
  }

  /// What it demands of a number: `68 to 65535`.
  fileprivate var demand: String {
    switch self {
    case .range(1...UInt64.max): "is not 0"
    case .range(let range) where range.upperBound == .max: "is at least \(range.lowerBound)"
    case .range(let range): "is \(range.lowerBound) to \(range.upperBound)"
    case .oneOf(let numbers): "is \(Self.list(numbers))"
    case .bits(let bits): "has no bits beyond \(Hex(bits))"
    case .powerOfTwo(let least): "is a power of two of at least \(least)"
    case .namedBits, .namedValues: ""
    }
  }

  /// The smallest number that it does not hold for.
  fileprivate var example: UInt64 {
    switch self {
    case .range(let range): range.lowerBound > 0 ? range.lowerBound - 1 : range.upperBound + 1
    case .oneOf(let numbers): (0...255).first { !numbers.contains($0) } ?? 256
    case .bits(let bits): 1 << UInt64((~bits).trailingZeroBitCount)
    case .powerOfTwo(let least): least > 1 ? least - 1 : 3
    case .namedBits, .namedValues: 0
    }
  }

  /// What is wrong with a number for which it does not hold: `max_target 300 is not 0 to 255`.
  fileprivate func failure(of name: String, _ number: UInt64) -> String {
    if case .range(1...UInt64.max) = self { return "\(name) is 0" }
    return "\(name) \(text(of: number)) \(reason)"
  }

  /// A number as it is read: made of bits, in hex.
  fileprivate func text(of number: UInt64) -> String {
    if case .bits = self { return "\(Hex(number))" }
    return "\(number)"
  }

  private var reason: String {
    switch self {
    case .range(let range) where range.upperBound == .max: "is below \(range.lowerBound)"
    case .range(let range): "is not \(range.lowerBound) to \(range.upperBound)"
    case .oneOf(let numbers): "is not \(Self.list(numbers))"
    case .bits(let bits): "has bits beyond \(Hex(bits))"
    case .powerOfTwo(let least): "is not a power of two of at least \(least)"
    case .namedBits, .namedValues: ""
    }
  }

  private static func list(_ numbers: [UInt64]) -> String {
    let words = numbers.map { String($0) }
    return words.count < 2
      ? words.joined()
      : words.dropLast().joined(separator: ", ") + " or " + words[words.count - 1]
  }
}

/// A register of the device-specific configuration that a bound is on.
struct BoundField: Sendable {
  let key: ConfigField.Key
  let features: FeatureSet

  init<Value, Access>(_ register: Register<Value, Access>) {
    key = ConfigField.Key(register)
    features = register.features
  }
}

extension Rule {
  /// A bound on registers: what it demands, what would break it and what it needs are made from the
  /// row. With a feature it counts once that was negotiated, or where it is offered; else where the
  /// register exists.
  static func bound(
    _ id: String, _ type: DeviceType, _ fields: BoundField..., is bound: Bound,
    _ level: Level, _ basis: Basis, _ section: String, but leniency: Leniency? = nil,
    negotiated: Feature? = nil, offered: Feature? = nil
  ) -> Rule {
    let table = type.configFields
    let bound = bound.resolved(for: table.first { $0.key == fields[0].key })
    let features = fields.reduce(into: FeatureSet()) { $0.formUnion($1.features) }
    var needs: Inputs = .deviceConfig
    if negotiated != nil {
      needs.insert(.negotiated)
    } else if offered != nil || !features.isEmpty {
      needs.insert(.offered)
    }
    let names = fields.map(\.key.name).joined(separator: " and ")
    let condition =
      negotiated.map { "With \($0.name) negotiated " }
      ?? (offered.map { [$0.name] } ?? features.names(for: type, hasVersion1: true))
      .joined(separator: " or ").nonempty.map { "With \($0) offered " } ?? ""
    let example = "\(fields[0].key.name) \(bound.text(of: bound.example))"
    return Rule(
      id, level, basis, section, of: .type(type), but: leniency,
      "\(condition)\(names) \(fields.count > 1 ? "each " : "")\(bound.demand).", example: example,
      needs: needs
    ) { function, found in
      guard let device = function.answered?.device else { return }
      if let negotiated, function.negotiated?.contains(negotiated) != true { return }
      if let offered, !function.shownOffered.contains(offered) { return }
      for field in fields {
        guard let number = device.number(at: field.key), !bound.holds(for: number) else { continue }
        found.add(bound.failure(of: field.key.name, number))
      }
    }
  }
}

extension String {
  fileprivate var nonempty: String? { isEmpty ? nil : self }
}
