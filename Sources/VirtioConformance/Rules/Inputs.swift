import VirtioPCI

extension Rule {
  /// What has to be known of a function before a rule can be said to hold.
  public struct Inputs: OptionSet, Hashable, Sendable {
    public let rawValue: UInt32

    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// The whole list, and each virtio capability in it.
    public static let capabilities = Self(rawValue: 1 << 0)
    /// The MSI-X capability, where there is one.
    public static let msix = Self(rawValue: 1 << 1)
    /// Every BAR with its size.
    public static let bars = Self(rawValue: 1 << 2)
    /// What the device offers.
    public static let offered = Self(rawValue: 1 << 3)
    /// What the driver accepted.
    public static let negotiated = Self(rawValue: 1 << 4)
    /// The device status.
    public static let status = Self(rawValue: 1 << 5)
    /// The common configuration.
    public static let common = Self(rawValue: 1 << 6)
    /// Every queue.
    public static let queues = Self(rawValue: 1 << 7)
    /// The device-specific configuration.
    public static let deviceConfig = Self(rawValue: 1 << 8)
    /// The capabilities of PCI Express beyond the first 256 bytes of config space.
    public static let extended = Self(rawValue: 1 << 9)
    /// What the kernel says of the function.
    public static let kernel = Self(rawValue: 1 << 10)
    /// Which queues are for administration, or that none is.
    public static let adminQueues = Self(rawValue: 1 << 11)
    /// A queue beyond those that there are.
    public static let absentQueue = Self(rawValue: 1 << 12)
    /// How many pairs of queues a network device has.
    public static let queuePairs = Self(rawValue: 1 << 13)
    /// What there is to know of the device type.
    public static let describedType = Self(rawValue: 1 << 14)
    /// That no driver uses the legacy interface, VIRTIO 1.4 §2.2.3: what it does there the other
    /// registers do not show. Without it nothing breaks a rule that needs it.
    public static let modernDriver = Self(rawValue: 1 << 15)
    /// The command register of the function.
    public static let command = Self(rawValue: 1 << 16)
    /// Whether queues can be packed rings: by what was negotiated, or that it is not offered.
    public static let ringLayout = Self(rawValue: 1 << 17)

    /// The one of them that is named where several were not read.
    var first: Self {
      let order = Self.order
      for index in order.indices where contains(order[index]) { return order[index] }
      return self
    }

    private static let order: [Self] = [
      .capabilities, .msix, .bars, .command, .kernel, .status, .common, .negotiated, .deviceConfig,
      .offered, .queues, .ringLayout, .adminQueues, .absentQueue, .extended, .queuePairs,
      .modernDriver,
    ]
  }
}

extension Function {
  /// What was read of it.
  var inputs: Rule.Inputs {
    var inputs: Rule.Inputs = []
    if listWasRead {
      inputs.insert(.capabilities)
      if pciCapabilities.allSatisfy({ $0.id != .msix || $0.msix != nil }) { inputs.insert(.msix) }
    }
    if barsAreComplete { inputs.insert(.bars) }
    let (offered, negotiated) = (offered, negotiated)
    if offered != nil { inputs.insert(.offered) }
    if negotiated != nil { inputs.insert(.negotiated) }
    if status != nil { inputs.insert(.status) }
    if command != nil { inputs.insert(.command) }
    if hasNegotiated(.ringPacked) != nil { inputs.insert(.ringLayout) }
    if kernel.virtio?.status != nil { inputs.insert(.kernel) }
    if answered != nil { inputs.insert(.common) }
    if answered?.queuesAreComplete == true { inputs.insert(.queues) }
    if answered?.device != nil { inputs.insert(.deviceConfig) }
    if hasSRIOV != nil { inputs.insert(.extended) }
    if knowsAdminQueues { inputs.insert(.adminQueues) }
    if readQueues.contains(where: { isAbsent($0) }) { inputs.insert(.absentQueue) }
    if negotiated != nil || offered?.isDisjoint(with: Self.pairFeatures) == true {
      inputs.insert(.queuePairs)
    }
    if type?.isDescribed == true { inputs.insert(.describedType) }
    if !mayBeDrivenAsLegacy { inputs.insert(.modernDriver) }
    return inputs
  }
}
