public import VirtioPCI

/// All that was read of a virtio function: what rules judge, and what a program prints.
///
/// It is filled front to back, and each thing stands in it once. What follows from what was read is
/// computed here: the interface, the status, what is offered and negotiated, where structures are.
public struct Function: Hashable, Sendable {
  /// Who it says it is.
  public var identity: Identity
  /// Nil for an ID that stands for no type.
  public var type: DeviceType?
  /// The command register at 0x04; nil when it was not read, or says nothing: that of a virtual
  /// function of SR-IOV does not show what it decodes.
  public var command: Command?
  /// The header type at 0x0E, without the bit for several functions; nil when it was not read.
  public var headerType: UInt8?
  /// The interrupt pin at 0x3D, 0 for none; nil when it was not read.
  public var interruptPin: UInt8?
  /// How many bytes of config space could be read.
  public var configSize = 0
  /// The BARs that are there, by index; nil when they were not read.
  public var implementedBARs: [BAR]?
  /// Whether these are all that the function has: false where only config space was asked, in which a
  /// BAR of 0 may be one without an address.
  public var barsAreComplete = false
  /// The PCI capability list, in its order.
  public var pciCapabilities: [PCICapability] = []
  /// How that list ended; nil when it was not read.
  public var listEnd: CapabilityListEnd?
  /// The virtio capabilities among them, in the same order.
  public var capabilities: [Capability] = []
  /// The extended capability list, in its order and as far as it was read.
  public var extendedCapabilities: [ExtendedCapability] = []
  /// Whether that is all of it: there may be none.
  public var extendedListWasRead = false
  /// Whether the IDs in config space read all ones, as those of a virtual function of SR-IOV do.
  public var hidesIDs = false
  /// What the kernel says of it.
  public var kernel = Kernel()
  /// What the structures behind the capabilities hold, where they were read.
  public var registers: Registers?
  /// Whether nothing answers there: the registers read all ones, and nothing of them was kept.
  public var registersAreAllOnes = false
  /// Whether config space reads all ones: the function is gone, or has no power.
  public var configIsAllOnes = false

  /// A function of which only the identity was read.
  public init(identity: Identity) {
    self.identity = identity
    type = DeviceType(identity: identity)
  }
}

/// What follows from the capability list and the BARs.
extension Function {
  /// The BARs that are there, by index; none when they were not read.
  public var bars: [BAR] { implementedBARs ?? [] }

  /// Whether the capability list was read to its end.
  public var listWasRead: Bool {
    switch listEnd {
    case nil, .truncated: false
    default: true
    }
  }

  /// Whether there is a common configuration capability; nil when the list was not read to its end.
  public var hasCommonCapability: Bool? {
    if capabilities.contains(where: { $0.head.cfgType == .common }) { return true }
    return listWasRead ? false : nil
  }

  /// Which interfaces it offers to drivers; nil when neither what was read nor a driver shows it.
  public var interface: Interface? {
    // Nothing that was read changes it. The legacy interface belongs to virtio's own IDs.
    if identity.hasModernID || !identity.isVirtio { return .modern }
    return interface(hasCommonCapability: hasCommonCapability ?? driverUsesCapabilities)
  }

  private func interface(hasCommonCapability: Bool?) -> Interface? {
    Interface(
      identity: identity, hasCommonCap: hasCommonCapability, hasCapabilityList: listEnd != .absent,
      isBAR0IO: implementedBARs == nil ? nil : isBAR0IO)
  }

  /// Whether a driver has found the common configuration; nil when no driver has negotiated. Linux
  /// looks for it first, and negotiates without VERSION_1 only through the legacy interface.
  private var driverUsesCapabilities: Bool? { negotiated?.contains(.version1) }

  /// Whether BAR 0 is I/O ports; false when it is not there, or was not read.
  public var isBAR0IO: Bool { bars.first { $0.index == 0 }?.isIO ?? false }

  /// What the `bar` byte of a capability refers to.
  public func bar(_ number: UInt8) -> BARReference {
    bars.reference(number, areComplete: barsAreComplete)
  }

  /// Whether the command register lets the function answer in the BAR's space; nil when that is not
  /// known.
  public func isDecoding(_ bar: BAR) -> Bool? {
    command.map { $0.contains(bar.isIO ? .io : .memory) }
  }

  /// What an MSI-X capability says, where it was read.
  public var msix: MSIX? {
    for capability in pciCapabilities {
      if let msix = capability.msix { return msix }
    }
    return nil
  }

  /// Whether there is an SR-IOV capability; nil when the extended config space was not read.
  public var hasSRIOV: Bool? {
    if extendedCapabilities.contains(where: { $0.id == SRIOV.id }) { return true }
    return extendedListWasRead ? false : nil
  }

  /// What it is to SR-IOV, by the kernel or else by config space; nil where neither shows anything.
  public var sriovRole: SRIOVRole? {
    if let role = kernel.sriovRole { return role }
    for case let sriov? in extendedCapabilities.lazy.map(\.sriov) { return SRIOVRole(sriov) }
    return hidesIDs ? .virtual(of: nil) : nil
  }

  /// The physical address of a structure; nil for the window and for vendor data, which are no places,
  /// when its BAR has no address, or when it lies beyond 2^64.
  public func address(of capability: Capability) -> UInt64? {
    place(of: capability)?.address
  }

  /// Where drivers find the structure of this type: by the first capability that names a BAR which
  /// is there (VIRTIO 1.4 §4.1.4: they stand in the device's order of preference).
  public func place(of type: CapCfgType) -> LocatedStructure? {
    for capability in capabilities where capability.head.cfgType == type {
      if let place = place(of: capability) { return place }
    }
    return nil
  }

  private func place(of capability: Capability) -> LocatedStructure? {
    guard capability.locatesStructure, let data = capability.data,
      case .bar(let bar) = bar(data.bar)
    else { return nil }
    return LocatedStructure(data, in: bar)
  }

  /// The physical address of a queue's doorbell; nil when it has none in the notify structure.
  public func doorbell(of queue: QueueState) -> UInt64? {
    place(of: .notify)?.doorbell(notifyOff: queue.notifyOff, width: doorbellWidth)
  }
}

/// What the device and its driver say, by the registers or by the kernel.
extension Function {
  /// Whether no virtio device answers where the registers are: they read all zeros, and a device has at
  /// least a queue.
  public var registersAreAllZero: Bool {
    guard let registers, registers.common.isAllZero else { return false }
    return registers.offered?.isEmpty ?? true
  }

  /// The registers, if a device answered.
  var answered: Registers? { registersAreAllZero ? nil : registers }

  /// Whether a driver is at work, in the kernel or elsewhere, as far as is known.
  public var isInUse: Bool {
    kernel.virtio?.driver != nil || status?.contains(.driver) == true
  }

  /// `device_status`, as the registers or the kernel show it; nil where nothing answers, which reads
  /// all ones.
  public var status: DeviceStatus? { statusIsAllOnes ? nil : statusRegister }

  /// Whether the status reads all ones, as it does where nothing answers.
  public var statusIsAllOnes: Bool { statusRegister?.rawValue == .max }

  private var statusRegister: DeviceStatus? {
    (registersAreAllZero ? nil : registers?.common[CommonCfg.deviceStatus]) ?? kernel.virtio?.status
  }

  /// What the device offers; nil where it is not known. Of a transitional function the kernel may see
  /// only what the legacy interface offers: that says nothing.
  public var offered: FeatureSet? {
    if let offered = registers?.offered, !registersAreAllZero { return offered }
    guard let offered = kernel.virtio?.offeredFeatures else { return nil }
    let maySeeLess = interface == .transitional || interface == nil
    return maySeeLess && !offered.contains(.version1) ? nil : offered
  }

  /// What the driver accepted, as far as the kernel or the registers show it; a driver that has not
  /// come to FEATURES_OK has accepted nothing yet.
  public var accepted: FeatureSet? {
    kernel.virtio?.features ?? (registersAreAllZero ? nil : registers?.accepted)
  }

  /// What was negotiated; nil if it is not known, or no driver has negotiated yet: until then the kernel
  /// shows the empty set.
  public var negotiated: FeatureSet? {
    guard let status, !status.isDisjoint(with: [.featuresOK, .driverOK]) else { return nil }
    return accepted
  }

  /// Whether a driver may be at work through the legacy interface, VIRTIO 1.4 §2.2.3: what it does
  /// there the other registers do not show.
  public var mayBeDrivenAsLegacy: Bool {
    interface != .modern && negotiated?.contains(.version1) != true
  }

  /// What the device offers; where nothing says that, a driver that accepted a feature shows it. Empty
  /// where neither is known.
  public var shownOffered: FeatureSet {
    offered ?? (mayBeDrivenAsLegacy ? nil : negotiated) ?? FeatureSet()
  }

  /// How many bytes a doorbell takes, VIRTIO 1.4 §4.1.4.4.1.
  public var doorbellWidth: Int { shownOffered.contains(.notificationData) ? 4 : 2 }
}

extension [BAR] {
  /// What a `bar` byte refers to, of a function with these BARs.
  func reference(_ number: UInt8, areComplete: Bool) -> BARReference {
    guard Int(number) < BAR.count else { return .reserved }
    for bar in self where bar.index == Int(number) { return .bar(bar) }
    for bar in self where bar.is64Bit && bar.index + 1 == Int(number) {
      return .upperHalf(of: bar)
    }
    return areComplete ? .absent : .unknown
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
