public import VirtioPCI

extension Function {
  /// What the kernel says of a function beside its config space.
  public struct Kernel: Hashable, Sendable {
    /// The PCI driver that is bound: `virtio-pci`, `vfio-pci`.
    public var driver: String?
    /// Nil when the platform names none.
    public var numaNode: Int?
    /// Nil when it is in none.
    public var iommuGroup: Int?
    /// As sysfs names it: `D0`, `D3hot`; nil when it was not asked for or is not known.
    public var powerState: String?
    /// The interrupt of its pin, 0 for none; nil when it was not asked for.
    public var irq: UInt32?
    /// What lets the kernel bind a driver where one lacks; nil where none does, or it was not asked for.
    public var binding: Binding?
    /// What it is to SR-IOV; nil for nothing, or when it was not asked for.
    public var sriovRole: SRIOVRole?
    /// What the kernel made of its BARs; nil when it was not asked for.
    public var bars: BARPlacement?
    /// The kernel's vDPA device, where its driver made one; nil when there is none.
    public var vdpa: VDPADevice?
    /// The kernel's virtio device, of the function or of its vDPA device; nil when there is none.
    public var virtio: VirtioDevice?

    /// The kernel says nothing.
    public init() {}

    /// The kernel says this.
    public init(
      driver: String? = nil, numaNode: Int? = nil, iommuGroup: Int? = nil,
      virtio: VirtioDevice? = nil
    ) {
      self.driver = driver
      self.numaNode = numaNode
      self.iommuGroup = iommuGroup
      self.virtio = virtio
    }

    /// Network interfaces, disks and other nodes of its drivers.
    public var nodes: [String] { (virtio?.nodes ?? []) + (vdpa?.nodes ?? []) }

    /// Its devices, as the kernel names them: `virtio3`, `vdpa0`.
    public var devices: [String] { [virtio?.name, vdpa?.name].compactMap(\.self) }

    /// Their drivers, and that of the function, the most particular first.
    public var drivers: [String] {
      [virtio?.driver, vdpa?.driver, driver].compactMap(\.self)
    }
  }

  /// What decides whether the kernel binds a driver, to a function or to its virtio device.
  public struct Binding: Hashable, Sendable {
    /// The only driver that may bind, as `driver_override` has it; nil for any.
    public var onlyDriver: String?
    /// Whether the bus binds drivers by itself; nil when that is not known.
    public var isAutomatic: Bool?
    /// Whether the kernel has the driver of virtio functions; nil when that is not known.
    public var hasDriver: Bool?

    /// Nothing is known.
    public init() {}
  }

  /// What the kernel made of the BARs of a function, by their indices. It knows nothing of one that is
  /// in neither set.
  public struct BARPlacement: Hashable, Sendable {
    /// Those that have an address.
    public private(set) var placed = BARSet()
    /// Those that it found no address for.
    public private(set) var unplaced = BARSet()

    /// All that the kernel lists: those without an address are not placed.
    public init(_ bars: [BAR]) {
      for bar in bars {
        if bar.address == nil { unplaced.insert(bar.index) } else { placed.insert(bar.index) }
      }
    }

    /// Whether the kernel knows the BAR.
    public func knows(_ index: Int) -> Bool {
      placed.contains(index) || unplaced.contains(index)
    }
  }

  /// Some of the six BARs.
  public struct BARSet: Hashable, Sendable {
    private var bits: UInt8 = 0

    mutating func insert(_ index: Int) { bits |= 1 << UInt8(truncatingIfNeeded: index) }

    /// Whether the BAR is one of them.
    public func contains(_ index: Int) -> Bool {
      0..<BAR.count ~= index && bits & 1 << UInt8(truncatingIfNeeded: index) != 0
    }

    /// The lowest of them; nil when there is none.
    public var first: Int? { (0..<BAR.count).first(where: contains) }
  }

  /// The kernel's vDPA device under a PCI function: a virtio device whose queues are served by hardware,
  /// for the kernel's own drivers or for a guest.
  public struct VDPADevice: Hashable, Sendable {
    /// `vdpa0`.
    public var name: String
    /// `virtio_vdpa`, which makes a virtio device of it, or `vhost_vdpa`, which gives it to a guest.
    public var driver: String?
    /// The character device of `vhost_vdpa`: `vhost-vdpa-0`.
    public var nodes: [String]

    /// A device of that name, and what is known of it.
    public init(name: String, driver: String? = nil, nodes: [String] = []) {
      self.name = name
      self.driver = driver
      self.nodes = nodes
    }
  }

  /// The kernel's virtio device under a PCI function.
  public struct VirtioDevice: Hashable, Sendable {
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
    /// Network interfaces, block devices and other nodes of its driver.
    public var nodes: [String]

    /// A device of that name, and what is known of it.
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
}
