public import VirtioPCI

/// What the kernel knows of a PCI function beside its config space.
public struct KernelFacts: Hashable, Sendable {
  /// The PCI driver that is bound: `virtio-pci`, `vfio-pci`.
  public var driver: String?
  /// Nil when the platform names none.
  public var numaNode: Int?
  public var iommuGroup: Int?
  public var virtio: KernelVirtioDevice?
  /// What was asked for and could not be read.
  public var errors: [AccessError] = []

  /// What can be asked for; the PCI driver and the virtio device's name and driver always come.
  public struct Parts: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The device status: the kernel reads it from the device's register.
    public static let status = Self(rawValue: 1)
    public static let features = Self(rawValue: 2)
    public static let nodes = Self(rawValue: 4)
    /// NUMA node and IOMMU group.
    public static let placement = Self(rawValue: 8)
  }

  public init(
    driver: String? = nil, numaNode: Int? = nil, iommuGroup: Int? = nil,
    virtio: KernelVirtioDevice? = nil
  ) {
    self.driver = driver
    self.numaNode = numaNode
    self.iommuGroup = iommuGroup
    self.virtio = virtio
  }
}

/// The kernel's virtio device under a PCI function.
public struct KernelVirtioDevice: Hashable, Sendable {
  /// `virtio3`.
  public var name: String
  /// The virtio driver that is bound: `virtio_net`.
  public var driver: String?
  /// The device status register, as the kernel read it.
  public var status: DeviceStatus?
  /// The negotiated features; nil when they were not asked for, or the kernel does not say.
  public var features: FeatureSet?
  /// What the driver made: network interfaces, block devices and the like.
  public var nodes: [String]

  public init(
    name: String, driver: String? = nil, status: DeviceStatus? = nil,
    features: FeatureSet? = nil, nodes: [String] = []
  ) {
    self.name = name
    self.driver = driver
    self.status = status
    self.features = features
    self.nodes = nodes
  }
}
