import VirtioPCI

extension Function {
  /// Whether it is known which queues are for administration, or that none is.
  var knowsAdminQueues: Bool {
    let count = CommonCfg.adminQueueNum
    return answered?.common[count] != nil || offered.map { !count.exists(with: $0) } == true
      || negotiated.map { !count.exists(with: $0) } == true
  }

  /// Whether a feature was negotiated, or before a driver has done so that it cannot be, since it is not
  /// offered; nil where neither is known.
  func hasNegotiated(_ feature: Feature) -> Bool? {
    if let negotiated { return negotiated.contains(feature) }
    return offered?.contains(feature) == false ? false : nil
  }

  /// The queues that were read, and that which is selected.
  var readQueues: [QueueState] {
    guard let registers = answered else { return [] }
    guard let selected = QueueState(registers.common),
      !registers.queues.contains(where: { $0.index == selected.index })
    else { return registers.queues }
    return registers.queues + [selected]
  }

  /// Whether a queue that was read is none that the device has: it lies beyond `num_queues`, and is
  /// none of administration, as far as the registers say.
  func isAbsent(_ queue: QueueState) -> Bool {
    guard let common = answered?.common, let count = common[CommonCfg.numQueues],
      queue.index >= count
    else { return false }
    let first = Int(common[CommonCfg.adminQueueIndex] ?? 0)
    let admin = first..<first + Int(common[CommonCfg.adminQueueNum] ?? 0)
    return !admin.contains(Int(queue.index))
  }

  /// The features with which a network device has more than a pair of queues. QEMU makes the others
  /// when one of these is accepted.
  static let pairFeatures: FeatureSet = [Feature.Net.mq, Feature.Net.rss]

  /// The least length of the device-specific configuration that holds every field that always
  /// exists, or exists with one of these features.
  func configLength(with offered: FeatureSet) -> Int {
    guard let type else { return 0 }
    let negotiated = negotiated ?? []
    let fields = type.configFields
    var length = 0
    for field in fields where !field.isPadding {
      let exists = field.conditions.allSatisfy { condition in
        switch condition {
        case .exists(let features): !offered.isDisjoint(with: features)
        case .negotiated(let feature):
          // Of two layouts there is the one that was negotiated.
          negotiated.contains(feature)
            || offered.contains(feature)
              && !fields.contains { $0.conditions.contains(.without(feature)) }
        case .without, .means, .status, .selected, .writeOnly: true
        }
      }
      // A device may have filled in nothing of an extent.
      if exists { length = max(length, field.extent?.start ?? field.end) }
    }
    return length
  }
}

extension [BAR] {
  /// Whether BAR 0 is I/O ports.
  var isBAR0IO: Bool { first { $0.index == 0 }?.isIO ?? false }
}

extension DeviceType {
  /// Whether anything is known of the type but its number.
  var isDescribed: Bool { isIn(Self.described) }

  /// Whether VIRTIO 1.4 has a device-specific configuration for it.
  var isConfigured: Bool { isIn(Self.configured) }

  private func isIn(_ types: UInt64) -> Bool {
    rawValue < 64 && types & 1 << UInt64(rawValue) != 0
  }

  /// Types by their numbers.
  private static let described = mask { $0.section != nil || !$0.features.isEmpty }
  private static let configured = mask { $0.section != nil && $0.hasDeviceConfig == true }

  private static func mask(_ isMember: (DeviceType) -> Bool) -> UInt64 {
    defined.filter(isMember).reduce(0) { $0 | 1 << UInt64($1.rawValue) }
  }
}

extension UInt64 {
  /// Whether `count` bytes from here on end beyond 2^64, rather than there.
  func overflows(by count: UInt64) -> Bool { count > 0 && self > .max - (count - 1) }
}
