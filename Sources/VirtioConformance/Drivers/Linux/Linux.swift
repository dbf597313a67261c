import VirtioPCI

extension Driver {
  /// The virtio drivers of Linux, from the PCI core to the driver of the device type.
  public static let linux = Driver(
    "linux", "Linux", for: "Every function with the vendor ID 0x1af4.",
    source: Source(
      "torvalds/linux", "Debian's linux-source 7.2.13, 6.12.117 and 6.1.176",
      heldAgainst: "7.2.13, 6.12.117 and 6.1.192"),
    isKernel: true, where: { $0.identity.vendorID == Identity.virtioVendorID },
    deviceType: { $0.linuxType },
    linuxPCISteps + linuxCapabilitySteps + linuxLegacySteps + linuxStartSteps
      + linuxValidationSteps + linuxConfigSteps + linuxInterruptSteps + linuxQueueSteps
      + linuxLimitSteps + linuxSharedMemorySteps)
}

extension Driver.Citation {
  static let linuxProbe = Self("drivers/virtio/virtio_pci_modern_dev.c", "vp_modern_probe")
  static let linuxMap = Self(
    "drivers/virtio/virtio_pci_modern_dev.c", "vp_modern_map_capability")
  static let linuxFind = Self(
    "drivers/virtio/virtio_pci_modern_dev.c", "virtio_pci_find_capability")
}

/// The structures that Linux uses: those of the first capability whose BAR is usable.
extension Choice {
  static let linuxCommon = linux(.common, "common configuration")
  static let linuxISR = linux(.isr, "ISR")
  static let linuxNotify = linux(.notify, "notify")
  static let linuxDevice = linux(.device, "device-specific configuration")

  private static func linux(_ type: CapCfgType, _ name: String) -> Choice {
    Choice(name: name, type: type, passesOverBARs: true) { $0.linuxUsability(of: $1) }
  }
}

/// What Linux makes of a function.
extension Function {
  /// The virtio device ID: that of a transitional function is its subsystem ID.
  var linuxType: DeviceType? {
    guard identity.isVirtio else { return nil }
    return DeviceType(
      rawValue: identity.hasModernID ? identity.deviceID - 0x1040 : identity.subsystemID)
  }

  /// What Linux makes of a BAR: usable is one that it knows, and that is not empty. One without an
  /// address may be one that it has given up.
  func linuxUsability(of number: UInt8) -> Usability {
    guard Int(number) < linuxBARCount else { return .unusable }
    if let kernelBARs = kernel.bars, !kernelBARs.knows(Int(number)) { return .unusable }
    return switch bar(number) {
    case .bar(let bar) where bar.address == nil && kernel.bars == nil: .unknown
    case .bar(let bar): bar.size == 0 ? .unusable : .usable(bar)
    case .upperHalf, .absent, .reserved: .unusable
    case .unknown: .unknown
    }
  }

  /// How many BARs there are in a header of this type.
  private var linuxBARCount: Int {
    switch headerType {
    case 1: 2
    case 2: 1
    default: BAR.count
    }
  }

  /// A field of the device-specific configuration, when it was read as that of the type that Linux
  /// takes the function for.
  func linuxConfig<Value, Access>(_ register: Register<Value, Access>) -> Value? {
    type == linuxType ? registers?.device?[register] : nil
  }
}
