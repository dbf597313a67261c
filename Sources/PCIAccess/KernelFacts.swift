public import VirtioConformance

/// What the kernel knows of a PCI function beside its config space, and what could not be read of it.
public struct KernelFacts: Hashable, Sendable {
  /// What it says.
  public var kernel = Function.Kernel()
  /// What was asked for and could not be read.
  public var errors: [AccessError] = []

  /// What can be asked for; the PCI driver and the virtio device's name and driver always come.
  public struct Parts: OptionSet, Hashable, Sendable {
    public let rawValue: UInt16

    public init(rawValue: UInt16) { self.rawValue = rawValue }

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
    /// The interrupt of the function's pin.
    public static let interrupt = Self(rawValue: 64)
    /// What the function is to SR-IOV.
    public static let sriov = Self(rawValue: 128)
    /// What lets the kernel bind a driver; nothing is read where one is bound.
    public static let binding = Self(rawValue: 256)
  }

  public init() {}

  public init(
    driver: String? = nil, numaNode: Int? = nil, iommuGroup: Int? = nil,
    virtio: KernelVirtioDevice? = nil
  ) {
    kernel = Function.Kernel(
      driver: driver, numaNode: numaNode, iommuGroup: iommuGroup, virtio: virtio)
  }
}

/// The kernel's virtio device under a PCI function.
public typealias KernelVirtioDevice = Function.VirtioDevice

extension KernelFacts {
  public var driver: String? {
    get { kernel.driver }
    set { kernel.driver = newValue }
  }

  public var numaNode: Int? {
    get { kernel.numaNode }
    set { kernel.numaNode = newValue }
  }

  public var iommuGroup: Int? {
    get { kernel.iommuGroup }
    set { kernel.iommuGroup = newValue }
  }

  public var powerState: String? {
    get { kernel.powerState }
    set { kernel.powerState = newValue }
  }

  public var virtio: KernelVirtioDevice? {
    get { kernel.virtio }
    set { kernel.virtio = newValue }
  }
}
