/// What was read of a virtio function: the values that rules judge.
public struct FunctionState: Hashable, Sendable {
  /// Who it says it is.
  public var identity: Identity
  /// Nil for an ID that stands for no type.
  public var type: DeviceType?
  /// Which interfaces it offers to drivers.
  public var interface: Interface
  /// The command register at 0x04; nil when it was not read, or says nothing: that of a virtual
  /// function of SR-IOV does not show what it decodes.
  public var command: UInt16?
  /// Whether a driver is bound, as far as is known: one of virtio, or one that hands the function to
  /// another program, which may be idle.
  public var isDriven: Bool
  /// Whether a virtio driver of the kernel is bound.
  public var hasVirtioDriver = false
  /// How many bytes of config space could be read.
  public var configSize: Int
  /// The BARs that are there, by index.
  public var bars: [BAR]
  /// Whether `bars` are all that the function has: false where only config space was asked, in
  /// which a BAR of 0 may be one without an address.
  public var barsAreComplete: Bool
  /// The PCI capability list, in its order.
  public var pciCapabilities: [PCICapability]
  /// How that list ended; nil when it was not read.
  public var listEnd: CapabilityListEnd?
  /// The virtio capabilities among them, in the same order.
  public var capabilities: [Capability]
  /// Whether there is an SR-IOV capability; nil when the extended config space was not read.
  public var hasSRIOV: Bool?
  /// What the device offers; nil where it is not known.
  public var offered: FeatureSet?
  /// What the driver accepted; nil where it is not known, or no driver has come so far.
  public var negotiated: FeatureSet?
  /// `device_status`, as the registers or the kernel show it.
  public var status: DeviceStatus?
  /// The same as the kernel shows it.
  public var kernelStatus: DeviceStatus?
  /// The common configuration, where it was read.
  public var common: CommonValues?
  /// Whether it read all ones, so that there is no `common`: nothing answers there.
  public var commonIsAllOnes = false
  /// The queues that were read: all, or the one that was selected.
  public var queues: [QueueState]?
  /// Whether `queues` are all that there are.
  public var queuesAreComplete = false
  /// The device-specific configuration, where it was read.
  public var deviceConfig: DeviceConfig?

  /// What every reader knows; what only some do is set afterwards, and is nil until then.
  public init(
    identity: Identity, type: DeviceType?, interface: Interface, command: UInt16? = nil,
    isDriven: Bool = false, configSize: Int = 0, bars: [BAR] = [], barsAreComplete: Bool = false,
    pciCapabilities: [PCICapability] = [], listEnd: CapabilityListEnd? = nil,
    capabilities: [Capability] = []
  ) {
    self.identity = identity
    self.type = type
    self.interface = interface
    self.command = command
    self.isDriven = isDriven
    self.configSize = configSize
    self.bars = bars
    self.barsAreComplete = barsAreComplete
    self.pciCapabilities = pciCapabilities
    self.listEnd = listEnd
    self.capabilities = capabilities
  }

  /// Whether a driver is at work, in the kernel or elsewhere, as far as is known.
  var isInUse: Bool { hasVirtioDriver || status?.contains(.driver) == true }

  /// What the `bar` byte of a capability refers to.
  public func bar(_ number: UInt8) -> BARReference {
    guard Int(number) < BAR.count else { return .reserved }
    if let bar = bars.first(where: { $0.index == Int(number) }) { return .bar(bar) }
    if let lower = bars.first(where: { $0.is64Bit && $0.index + 1 == Int(number) }) {
      return .upperHalf(of: lower)
    }
    return barsAreComplete ? .absent : .unknown
  }

  /// The physical address of a structure: that of its BAR plus its offset. Nil for the window and
  /// for vendor data, which are no places, when the BAR has no address, or when the sum lies
  /// beyond 2^64.
  public func address(of capability: Capability) -> UInt64? {
    guard capability.locatesStructure, let data = capability.data,
      case .bar(let bar) = bar(data.bar), let base = bar.address
    else { return nil }
    let (address, overflow) = base.addingReportingOverflow(data.offset)
    return overflow ? nil : address
  }
}

extension FunctionState {
  /// Where drivers find the structure of this type: by the first capability that names a BAR which
  /// is there (VIRTIO 1.4 §4.1.4: they stand in the device's order of preference).
  public func place(of type: CapCfgType) -> LocatedStructure? {
    for capability in capabilities where capability.locatesStructure {
      if let data = capability.data, data.cfgType == type, case .bar(let bar) = bar(data.bar),
        let place = LocatedStructure(data, in: bar)
      {
        return place
      }
    }
    return nil
  }
}

/// What a `bar` byte refers to.
public enum BARReference: Hashable, Sendable {
  /// A BAR of the function.
  case bar(BAR)
  /// The second register of a 64-bit BAR.
  case upperHalf(of: BAR)
  /// The function has no such BAR.
  case absent
  /// Not implemented, or without an address: config space alone does not say.
  case unknown
  /// A number above 5.
  case reserved
}
