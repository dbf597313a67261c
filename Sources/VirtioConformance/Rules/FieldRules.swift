import VirtioPCI

extension Rule.Check {
  /// What a number in the device-specific configuration has to be.
  enum FieldTest: Sendable {
    case range(ClosedRange<UInt64>)
    case oneOf([UInt64])
    /// No other bits than these.
    case bits(UInt64)
    case powerOfTwo(atLeast: UInt64)

    static let nonzero = Self.range(1...UInt64.max)

    func holds(for number: UInt64) -> Bool {
      switch self {
      case .range(let range): range.contains(number)
      case .oneOf(let numbers): numbers.contains(number)
      case .bits(let bits): number & ~bits == 0
      case .powerOfTwo(let least): number >= least && number & (number &- 1) == 0
      }
    }

    /// What is wrong with a number that does not pass: `max_target 300 is not 0 to 255`.
    func failure(of name: String, _ number: UInt64) -> String {
      if case .range(1...UInt64.max) = self { return "\(name) is 0" }
      return "\(name) \(number) \(reason)"
    }

    private var reason: String {
      switch self {
      case .range(let range) where range.upperBound == .max: "is below \(range.lowerBound)"
      case .range(let range): "is not \(range.lowerBound) to \(range.upperBound)"
      case .oneOf(let numbers) where numbers.count == 1: "is not \(numbers[0])"
      case .oneOf(let numbers):
        "is none of \(numbers.map { String($0) }.joined(separator: ", "))"
      case .bits(let bits): "has bits beyond \(Hex(bits))"
      case .powerOfTwo(let least): "is no power of two of at least \(least)"
      }
    }
  }

  /// Each of these fields of the device-specific configuration, where it exists, passes `test`; if
  /// a feature is given, once it was negotiated, or where it is offered.
  static func fields(
    _ names: String..., negotiated: Feature? = nil, offered: Feature? = nil, are test: FieldTest
  ) -> Self {
    .findings { function in
      guard negotiated.map({ function.hasNegotiated($0) }) ?? true,
        offered.map({ function.offers($0) }) ?? true
      else { return [] }
      return names.compactMap { name in
        guard let number = function.field(name), !test.holds(for: number) else { return nil }
        return Finding(test.failure(of: name, number))
      }
    }
  }
}

extension Function {
  /// A number in the device-specific configuration; nil when it was not read.
  func field(_ name: String) -> UInt64? { registers?.device?[name]?.number }

  /// The bytes of a field there; nil when they were not read.
  func fieldBytes(_ name: String) -> [UInt8]? {
    if case .bytes(let bytes) = registers?.device?[name]?.content { bytes } else { nil }
  }

  /// Whether no driver has touched the device since its reset.
  var isReset: Bool { status?.rawValue == 0 }

  /// How many queues there are, by the common configuration.
  var queueCount: UInt64? { registers?.common[CommonCfg.numQueues].map { UInt64($0) } }

  /// A finding if there are fewer queues than `count`.
  func fewerQueues(than count: UInt64?) -> [Finding] {
    guard let count, let queueCount, queueCount < count else { return [] }
    return [Finding("num_queues \(queueCount) is below \(count)")]
  }

  /// What `message` says of each queue: of those that were read where no others are given.
  func eachQueue(of some: [QueueState]? = nil, _ message: (QueueState) -> String?) -> [Finding] {
    (some ?? registers?.queues ?? []).compactMap { queue in
      message(queue).map { Finding("queue \(queue.index): \($0)") }
    }
  }

  /// The queues that were read, and that which is selected.
  var readQueues: [QueueState] {
    let queues = registers?.queues ?? []
    guard let selected = registers.flatMap({ QueueState($0.common) }),
      !queues.contains(where: { $0.index == selected.index })
    else { return queues }
    return queues + [selected]
  }

  /// Whether the device offers a feature; where nothing says that, a driver that accepted it shows it.
  /// False where that is not known.
  func offers(_ feature: Feature) -> Bool { shownOffered.contains(feature) }

  /// Whether the device does not offer a feature; false where that is not known.
  func withholds(_ feature: Feature) -> Bool { offered != nil && !has(feature, in: offered) }

  /// Whether the driver accepted a feature; false where that is not known.
  func hasNegotiated(_ feature: Feature) -> Bool { has(feature, in: negotiated) }

  /// Whether a driver that has come so far did not accept a feature that it could.
  func refused(_ feature: Feature) -> Bool {
    offers(feature) && negotiated != nil && !hasNegotiated(feature)
      && status?.contains(.featuresOK) ?? true
  }

  private func has(_ feature: Feature, in set: FeatureSet?) -> Bool {
    set?.contains(feature) ?? false
  }

  /// What `finding` says of each structure of one type.
  func structures(
    _ type: CapCfgType, _ finding: (UInt8, CapData) -> Finding?
  ) -> [Finding] {
    structures { position, data in data.cfgType == type ? finding(position, data) : nil }
  }

  /// Where and what each shared memory region is that a driver would look at.
  var regions: [(position: UInt8, data: CapData)] {
    capabilities.compactMap { capability in
      guard capability.head.cfgType == .sharedMemory, !capability.isIgnored,
        let data = capability.data
      else { return nil }
      return (capability.position, data)
    }
  }

  /// What the capability window shows.
  var windows: [(position: UInt8, data: CapData)] {
    capabilities.compactMap { capability in
      guard capability.head.cfgType == .pci, let data = capability.data else { return nil }
      return (capability.position, data)
    }
  }

  /// A finding if the whole list has no capability of `type` that a driver would look at.
  func lacks(_ type: CapCfgType, consequence: String? = nil) -> [Finding] {
    let isThere = capabilities.contains { $0.head.cfgType == type && !$0.isIgnored }
    guard !isThere, inputs.contains(.capabilities), let key = type.key else { return [] }
    return [Finding("there is no \(key) capability", consequence: consequence)]
  }

  /// The least length of the device-specific configuration that holds every field that always
  /// exists, or exists with a feature that is offered.
  var neededConfigLength: Int {
    configLength(with: shownOffered)
  }

  /// The same where these features are offered.
  func configLength(with offered: FeatureSet) -> Int {
    guard let type else { return 0 }
    let fields = type.configFields
    return fields.filter { field in
      !field.isPadding
        && field.conditions.allSatisfy { condition in
          switch condition {
          case .exists(let features): !offered.isDisjoint(with: features)
          case .negotiated(let feature):
            // Of two layouts there is the one that was negotiated.
            hasNegotiated(feature)
              || offered.contains(feature)
                && !fields.contains { $0.conditions.contains(.without(feature)) }
          case .without, .means, .status, .selected, .writeOnly: true
          }
        }
    }.map { $0.leastEnd }.max() ?? 0
  }
}

extension Capability {
  /// Whether drivers look at it no further: a structure whose BAR is above 5, VIRTIO 1.4 §4.1.4.1.
  var isIgnored: Bool { locatesStructure && data?.bar ?? 0 >= UInt8(BAR.count) }
}

extension ConfigField {
  /// How long the structure must be at least: a device may have filled in nothing of an extent.
  fileprivate var leastEnd: Int { extent?.start ?? end }
}

extension DeviceType {
  /// Whether anything is known of the type but its number.
  var isDescribed: Bool { section != nil || !features.isEmpty }
}
