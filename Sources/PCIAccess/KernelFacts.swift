public import VirtioPCI

/// What the kernel knows of a PCI function beside its config space.
public struct KernelFacts: Hashable, Sendable {
  /// The PCI driver that is bound: `virtio-pci`, `vfio-pci`.
  public var driver: String?
  /// Nil when the platform names none.
  public var numaNode: Int?
  public var iommuGroup: Int?
  /// As sysfs names it: `D0`, `D3hot`; nil when it was not asked for or is not known.
  public var powerState: String?
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
    public static let powerState = Self(rawValue: 16)
    /// The offered features, where the kernel shows them in debugfs. For the answer it selects one
    /// group after the other in the device.
    public static let offeredFeatures = Self(rawValue: 32)
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
  /// The features that the device offers; nil when they were not asked for, or the kernel does not
  /// say.
  public var offeredFeatures: FeatureSet?
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
