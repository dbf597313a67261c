/// A feature that device and driver may agree on, VIRTIO 1.4 §2.2.
///
/// Each one is a constant: `Feature.version1` of all devices, `Feature.Net.mac` of one type.
public struct Feature: Hashable, Sendable {
  /// The number of its bit, 0 to 127.
  public let bit: Int
  /// What the specification calls it.
  public let name: String
  /// The section of VIRTIO 1.4 that defines it (`5.1.3`); nil for one that Linux alone defines.
  public let section: String?
  /// What has to be offered, or accepted, together with it.
  public let requirement: Requirement
  /// Whether it is defined for the legacy interface only.
  public let isLegacyOnly: Bool
  /// Whether it is not to be offered through the legacy interface, although its bit could be.
  public let isModernOnly: Bool
  // No array, so that a feature is a constant in the program and not made when it runs.
  private let firstOtherName, secondOtherName: String?

  /// A feature; `section` is that of VIRTIO 1.4, `others` are its names elsewhere.
  public init(
    _ bit: Int, _ name: String, _ section: String?, also other: String? = nil,
    _ second: String? = nil, requires requirement: Requirement = Requirement(),
    legacyOnly: Bool = false, modernOnly: Bool = false
  ) {
    self.bit = bit
    self.name = name
    self.section = section
    firstOtherName = other
    secondOtherName = second
    self.requirement = requirement
    isLegacyOnly = legacyOnly
    isModernOnly = modernOnly
  }

  /// What it is called elsewhere: in older versions, in Linux.
  public var otherNames: [String] { [firstOtherName, secondOtherName].compactMap { $0 } }

  /// Whether `name` is one of its names.
  public func isCalled(_ name: String) -> Bool {
    name == self.name || name == firstOtherName || name == secondOtherName
  }

  /// What a feature cannot be without, VIRTIO 1.4 §2.2.
  public struct Requirement: Hashable, Sendable {
    /// Every one of these.
    public var all: FeatureSet
    /// One of these at least; empty when there is no such choice.
    public var any: FeatureSet

    /// No feature, or those of two sets.
    public init(all: FeatureSet = FeatureSet(), any: FeatureSet = FeatureSet()) {
      self.all = all
      self.any = any
    }

    /// Every one of these features.
    public static func all(
      _ first: Feature, _ second: Feature? = nil, _ third: Feature? = nil,
      _ fourth: Feature? = nil
    ) -> Self {
      Self(all: FeatureSet(first, second, third, fourth))
    }

    /// One of these features at least.
    public static func any(_ first: Feature, _ second: Feature) -> Self {
      Self(any: FeatureSet(first, second))
    }

    /// The same, and one of two others at least.
    public func any(_ first: Feature, _ second: Feature) -> Self {
      Self(all: all, any: FeatureSet(first, second))
    }

    /// Whether nothing is required.
    public var isEmpty: Bool { all.isEmpty && any.isEmpty }

    /// Whether `features` have what is required.
    public func isMet(by features: FeatureSet) -> Bool {
      all.isSubset(of: features) && (any.isEmpty || !any.isDisjoint(with: features))
    }
  }
}

extension FeatureSet {
  /// A few features; the compiler makes a constant of it, which it does of no array literal.
  fileprivate init(
    _ first: Feature, _ second: Feature?, _ third: Feature? = nil, _ fourth: Feature? = nil
  ) {
    self = FeatureSet(bit: first.bit)
    if let second { formUnion(FeatureSet(bit: second.bit)) }
    if let third { formUnion(FeatureSet(bit: third.bit)) }
    if let fourth { formUnion(FeatureSet(bit: fourth.bit)) }
  }
}

/// The features that are not of one device type, VIRTIO 1.4 §6.
extension Feature {
  /// The device interrupts when a queue runs empty although interrupts are suppressed.
  public static let notifyOnEmpty = Feature(
    24, "VIRTIO_F_NOTIFY_ON_EMPTY", "6.3", legacyOnly: true)
  /// The device takes messages that are split over descriptors in any way.
  public static let anyLayout = Feature(27, "VIRTIO_F_ANY_LAYOUT", "6.3", legacyOnly: true)
  /// A descriptor may lead to a table of descriptors.
  public static let indirectDesc = Feature(
    28, "VIRTIO_F_INDIRECT_DESC", "6", also: "VIRTIO_RING_F_INDIRECT_DESC",
    "VIRTIO_F_RING_INDIRECT_DESC")
  /// Each side says after which entry it wants to be notified.
  public static let eventIdx = Feature(
    29, "VIRTIO_F_EVENT_IDX", "6", also: "VIRTIO_RING_F_EVENT_IDX", "VIRTIO_F_RING_EVENT_IDX")
  /// Offered to see which drivers accept everything; the specification has no name for it.
  public static let unused30 = Feature(
    30, "VIRTIO_F_UNUSED_30", "6.3", also: "VIRTIO_F_BAD_FEATURE", legacyOnly: true)
  /// Device or driver follows VIRTIO 1.0 or later.
  public static let version1 = Feature(32, "VIRTIO_F_VERSION_1", "6")
  /// Addresses go through the platform's translation, if it has one.
  public static let accessPlatform = Feature(
    33, "VIRTIO_F_ACCESS_PLATFORM", "6", also: "VIRTIO_F_IOMMU_PLATFORM")
  /// Queues are packed rings.
  public static let ringPacked = Feature(34, "VIRTIO_F_RING_PACKED", "6")
  /// The device uses buffers in the order in which they were made available.
  public static let inOrder = Feature(35, "VIRTIO_F_IN_ORDER", "6")
  /// Memory accesses are ordered as the platform orders them.
  public static let orderPlatform = Feature(36, "VIRTIO_F_ORDER_PLATFORM", "6")
  /// The function has an SR-IOV capability.
  public static let srIOV = Feature(37, "VIRTIO_F_SR_IOV", "6")
  /// Doorbells take 32 bits, VIRTIO 1.4 §4.1.5.2.
  public static let notificationData = Feature(38, "VIRTIO_F_NOTIFICATION_DATA", "6")
  /// A doorbell takes `queue_notif_config_data` in place of the queue's index.
  public static let notifConfigData = Feature(39, "VIRTIO_F_NOTIF_CONFIG_DATA", "6")
  /// A queue can be reset alone.
  public static let ringReset = Feature(40, "VIRTIO_F_RING_RESET", "6")
  /// There are administration queues.
  public static let adminVQ = Feature(41, "VIRTIO_F_ADMIN_VQ", "6")
  /// The driver may suspend the device.
  public static let suspend = Feature(43, "VIRTIO_F_SUSPEND", "6")

  /// Every one of them, ascending.
  public static let generic = [
    notifyOnEmpty, anyLayout, indirectDesc, eventIdx, unused30, version1, accessPlatform,
    ringPacked, inOrder, orderPlatform, srIOV, notificationData, notifConfigData, ringReset,
    adminVQ, suspend,
  ]

  /// The feature that `name` is a name of; of a device type that is not known only a generic one.
  static func named(_ name: String, for type: DeviceType?) -> Feature? {
    generic.first { $0.isCalled(name) } ?? type?.features.first { $0.isCalled(name) }
  }

  /// The feature that `bit` is; of a device type that is not known only a generic one.
  public static func of(_ type: DeviceType?, bit: Int, hasVersion1: Bool) -> Feature? {
    of(type?.features ?? [], bit: bit, hasVersion1: hasVersion1)
  }

  /// The feature that `bit` is for a device of the type whose features these are.
  static func of(_ own: [Feature], bit: Int, hasVersion1: Bool) -> Feature? {
    let generic = generic.first { $0.bit == bit }
    let own = own.first { $0.bit == bit }
    return hasVersion1 ? generic ?? own : own ?? generic
  }
}

extension DeviceType {
  /// The feature that `bit` is for a device of this type, or nil.
  ///
  /// Bit 41 has two meanings: `VIRTIO_F_ADMIN_VQ`, and for a network device that has not
  /// `VIRTIO_F_VERSION_1` the legacy `VIRTIO_NET_F_GUEST_RSC4`. Everywhere else the tables do not
  /// overlap, so that without VERSION_1 the device's own table may always come first.
  public func feature(_ bit: Int, hasVersion1: Bool = true) -> Feature? {
    Feature.of(features, bit: bit, hasVersion1: hasVersion1)
  }

  /// What `bit` is called for a device of this type, or nil; see `feature(_:hasVersion1:)`.
  public func featureName(_ bit: Int, hasVersion1: Bool = true) -> String? {
    feature(bit, hasVersion1: hasVersion1)?.name
  }

  /// The feature of a device of this type that `name` is a name of, or nil.
  public func feature(named name: String) -> Feature? { Feature.named(name, for: self) }
}
