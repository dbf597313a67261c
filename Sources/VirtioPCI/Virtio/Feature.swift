/// A feature that device and driver may agree on, VIRTIO 1.4 §2.2.
public struct Feature: Hashable, Sendable {
  /// The number of its bit.
  public let bit: Int
  /// What the specification calls it.
  public let name: String
  /// What it is called elsewhere: in older versions, in Linux.
  public let otherNames: [String]
  /// Whether it is defined for the legacy interface only.
  public let isLegacyOnly: Bool
  /// Whether it is not to be offered through the legacy interface, although its bit could be.
  public let isModernOnly: Bool

  init(
    _ bit: Int, _ name: String, also otherNames: String..., legacyOnly: Bool = false,
    modernOnly: Bool = false
  ) {
    self.bit = bit
    self.name = name
    self.otherNames = otherNames
    isLegacyOnly = legacyOnly
    isModernOnly = modernOnly
  }

  /// Whether `name` is one of its names.
  public func isCalled(_ name: String) -> Bool {
    name == self.name || otherNames.contains(name)
  }
}

extension Feature {
  /// The features that are not of one device type, VIRTIO 1.4 §6.
  public static let generic = [
    Feature(24, "VIRTIO_F_NOTIFY_ON_EMPTY", legacyOnly: true),
    Feature(27, "VIRTIO_F_ANY_LAYOUT", legacyOnly: true),
    Feature(
      28, "VIRTIO_F_INDIRECT_DESC",
      also: "VIRTIO_RING_F_INDIRECT_DESC", "VIRTIO_F_RING_INDIRECT_DESC"),
    Feature(29, "VIRTIO_F_EVENT_IDX", also: "VIRTIO_RING_F_EVENT_IDX", "VIRTIO_F_RING_EVENT_IDX"),
    // Offered to see which drivers accept everything; the specification has no name for it.
    Feature(30, "VIRTIO_F_UNUSED_30", also: "VIRTIO_F_BAD_FEATURE", legacyOnly: true),
    Feature(32, "VIRTIO_F_VERSION_1"),
    Feature(33, "VIRTIO_F_ACCESS_PLATFORM", also: "VIRTIO_F_IOMMU_PLATFORM"),
    Feature(34, "VIRTIO_F_RING_PACKED"),
    Feature(35, "VIRTIO_F_IN_ORDER"),
    Feature(36, "VIRTIO_F_ORDER_PLATFORM"),
    Feature(37, "VIRTIO_F_SR_IOV"),
    Feature(38, "VIRTIO_F_NOTIFICATION_DATA"),
    Feature(39, "VIRTIO_F_NOTIF_CONFIG_DATA"),
    Feature(40, "VIRTIO_F_RING_RESET"),
    Feature(41, "VIRTIO_F_ADMIN_VQ"),
    Feature(43, "VIRTIO_F_SUSPEND"),
  ]

  /// The feature that `name` is a name of; of a device type that is not known only a generic one.
  static func named(_ name: String, for type: DeviceType?) -> Feature? {
    generic.first { $0.isCalled(name) } ?? type?.features.first { $0.isCalled(name) }
  }

  /// The bit that says that device or driver follows VIRTIO 1.0 or later.
  public static let version1 = 32
  /// The bit that says that doorbells take 32 bits, VIRTIO 1.4 §4.1.5.2.
  public static let notificationData = 38
}

extension DeviceType {
  /// The feature that `bit` is for a device of this type, or nil.
  ///
  /// Bit 41 has two meanings: `VIRTIO_F_ADMIN_VQ`, and for a network device that has not
  /// `VIRTIO_F_VERSION_1` the legacy `VIRTIO_NET_F_GUEST_RSC4`. Everywhere else the tables do not
  /// overlap, so that without VERSION_1 the device's own table may always come first.
  public func feature(_ bit: Int, hasVersion1: Bool = true) -> Feature? {
    let generic = Feature.generic.first { $0.bit == bit }
    let own = features.first { $0.bit == bit }
    return hasVersion1 ? generic ?? own : own ?? generic
  }

  /// What `bit` is called for a device of this type, or nil; see `feature(_:hasVersion1:)`.
  public func featureName(_ bit: Int, hasVersion1: Bool = true) -> String? {
    feature(bit, hasVersion1: hasVersion1)?.name
  }

  /// The feature of a device of this type that `name` is a name of, or nil.
  public func feature(named name: String) -> Feature? { Feature.named(name, for: self) }
}
