import VirtioPCI

extension Rule {
  /// What has to be known of a function before a rule can be said to hold.
  public struct Inputs: OptionSet, Hashable, Sendable {
    public let rawValue: UInt16

    public init(rawValue: UInt16) { self.rawValue = rawValue }

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

    /// Each with what is said where it was not read.
    static let reasons: [(input: Self, reason: String)] = [
      (.capabilities, "needs the whole capability list"),
      (.msix, "needs the MSI-X capability"),
      (.bars, "needs the BAR sizes, which config space does not tell"),
      (.kernel, "needs the kernel of the machine"),
      (.status, "needs the device status: a bound driver, or --registers"),
      (.common, "needs --registers"),
      (.negotiated, "needs the negotiated features: a driver that has come so far"),
      (.deviceConfig, "needs --registers"),
      (.offered, "needs the offered features: --probe"),
      (.queues, "needs --probe"),
      (.adminQueues, "needs to know whether there are administration queues: --probe"),
      (.absentQueue, "needs a queue to be selected that does not exist"),
      (.extended, "needs the extended config space"),
      (.queuePairs, "needs to know whether MQ or RSS is negotiated: a driver that has come so far"),
      (.describedType, "VIRTIO 1.4 does not describe this device type"),
      (.modernDriver, "a driver may use the legacy interface, of which the registers say nothing"),
    ]

    /// Why it cannot be said that a rule with these needs holds, when `inputs` are what was read; nil
    /// when all of them were.
    func reason(whyMissingFrom inputs: Self) -> String? {
      let missing = subtracting(inputs)
      return Self.reasons.first { missing.contains($0.input) }?.reason
    }

    /// How a rule with these needs is checked.
    public var summary: String {
      if !isDisjoint(with: [.offered, .queues]) { return "--probe" }
      if !isDisjoint(with: [.common, .deviceConfig]) { return "--registers" }
      if !isDisjoint(with: [.status, .negotiated, .kernel]) { return "kernel" }
      return "config space"
    }
  }
}

extension Function {
  /// What was read of it.
  var inputs: Rule.Inputs {
    var inputs: Rule.Inputs = []
    let isListWhole = listWasRead
    if isListWhole { inputs.insert(.capabilities) }
    if isListWhole, pciCapabilities.allSatisfy({ $0.id != .msix || $0.msix != nil }) {
      inputs.insert(.msix)
    }
    if barsAreComplete { inputs.insert(.bars) }
    if offered != nil { inputs.insert(.offered) }
    if negotiated != nil { inputs.insert(.negotiated) }
    if status != nil { inputs.insert(.status) }
    if registers != nil { inputs.insert(.common) }
    if registers?.queuesAreComplete == true { inputs.insert(.queues) }
    if registers?.device != nil { inputs.insert(.deviceConfig) }
    if hasSRIOV != nil { inputs.insert(.extended) }
    if kernel.virtio?.status != nil { inputs.insert(.kernel) }
    let count = CommonCfg.adminQueueNum
    let hasNone = [offered, negotiated].contains { $0.map { !count.exists(with: $0) } ?? false }
    if hasNone || registers?.common[count] != nil { inputs.insert(.adminQueues) }
    if readQueues.contains(where: { isAbsent($0) }) { inputs.insert(.absentQueue) }
    if negotiated != nil || Function.pairFeatures.allSatisfy({ withholds($0) }) {
      inputs.insert(.queuePairs)
    }
    if type?.isDescribed == true { inputs.insert(.describedType) }
    if !mayBeDrivenAsLegacy { inputs.insert(.modernDriver) }
    return inputs
  }
}
