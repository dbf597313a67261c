/// What the kernel knows of a PCI function beside its config space.
public struct KernelFacts: Hashable, Sendable {
  /// The PCI driver that is bound: `virtio-pci`, `vfio-pci`.
  public var driver: String?
  /// Nil when the platform names none.
  public var numaNode: Int?
  public var iommuGroup: Int?
  public var virtio: KernelVirtioDevice?

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
  public var status: UInt8?
  /// The negotiated features: the numbers of the bits that are set, ascending.
  public var features: [Int]
  /// What the driver made: network interfaces, block devices and the like.
  public var nodes: [String]

  public init(
    name: String, driver: String? = nil, status: UInt8? = nil, features: [Int] = [],
    nodes: [String] = []
  ) {
    self.name = name
    self.driver = driver
    self.status = status
    self.features = features
    self.nodes = nodes
  }
}
