import VirtioPCI

extension Driver {
  /// virtio_pci of FreeBSD: one driver for the modern interface, and one for transitional and
  /// legacy functions.
  public static let freebsd = Driver(
    "freebsd", "FreeBSD", for: "Every function with the vendor ID 0x1af4.",
    source: Source(
      "freebsd/freebsd-src", "commits 03ccfdd2ecf3 and 0360e293b3fd; release unknown"),
    where: { $0.identity.isVirtio },
    [
      .modernID(
        at: Citation(modern, "vtpci_modern_probe"),
        "The device ID is 0x1040 to 0x107f; a transitional function is driven as a legacy one"
          + " unless hw.virtio.pci.transitional is set."),
      .listEnds([common, notify, isr, device], at: Citation(modern, "vtpci_modern_find_cap")),
      .present(
        "common", common, at: configs, logs: "cannot find COMMON_CFG capability"),
      .present("notify", notify, at: configs, logs: "cannot find NOTIFY_CFG capability"),
      .present("isr", isr, at: configs, logs: "cannot find ISR_CFG capability"),
      .capLen("common-cap-len", common), .length("common-length", common, atLeast: 56, at: find),
      .aligned("common-aligned", common, to: 4, at: find),
      .bar("common-bar", common, at: map, logs: "cannot alloc resource for COMMON_CFG"),
      .capLen("notify-cap-len", notify), .aligned("notify-aligned", notify, to: 2, at: find),
      .bar("notify-bar", notify, at: map, logs: "cannot alloc resource for NOTIFY_CFG"),
      .capLen("isr-cap-len", isr), .length("isr-length", isr, atLeast: 1, at: find),
      .bar("isr-bar", isr, at: map, logs: "cannot alloc resource for ISR_CFG"),
      .capLen("device-cap-len", device), .aligned("device-aligned", device, to: 4, at: find),
      .bar("device-bar", device, at: map, logs: "cannot alloc resource for DEVICE_CFG"),
      Step(
        "device", effect: .isFatal, on: .modern, of: .blk,
        "A block device has a device-specific configuration.",
        else: "there is no device-specific configuration, and the driver that reads it panics",
        at: Citation(modern, "vtpci_modern_read_dev_config"),
        logs: "vtpci_modern_read_dev_config: attempt to read dev config but not present",
        needs: .capabilities
      ) { function in
        switch device.result(in: function) {
        case .capability: .passes
        case .none: .fails()
        case .unknown: .notRead
        }
      },
      .legacyRevision(at: Citation(legacy, "vtpci_legacy_probe")),
      .legacyBAR(
        at: Citation(legacy, "vtpci_legacy_alloc_resources"),
        logs: "cannot map I/O space nor memory space"),
      .reset(at: Citation(modern, "vtpci_modern_reset")),
      .featuresOK(
        at: Citation(modern, "vtpci_modern_finalize_features"),
        logs: "desired features were not accepted"),
      .numQueues(
        at: Citation(modern, "vtpci_modern_alloc_virtqueues"),
        logs: "requested virtqueue count %d exceeds max %d", QueueDemand.leastOfType),
      .queueExists(
        at: Citation("sys/dev/virtio/virtqueue.c", "virtqueue_alloc"),
        logs: "does not exist (size is zero)", of: QueueDemand.leastOfType),
      .queueSize(
        at: Citation("sys/dev/virtio/virtqueue.c", "virtqueue_alloc"),
        logs: "size is not a power of 2: %d", of: QueueDemand.leastOfType),
      .legacyQueues(at: Citation("sys/dev/virtio/virtqueue.c", "virtqueue_alloc")),
    ])

  private static let modern = "sys/dev/virtio/pci/virtio_pci_modern.c"
  private static let legacy = "sys/dev/virtio/pci/virtio_pci_legacy.c"
  private static let configs = Citation(modern, "vtpci_modern_probe_configs")
  fileprivate static let find = Citation(modern, "vtpci_modern_find_cap_resource")
  private static let map = Citation(modern, "vtpci_modern_alloc_resource_map")
  private static let common = Choice(
    name: "common configuration", type: .common, skipsReservedBARs: true)
  private static let notify = Choice(name: "notify", type: .notify, skipsReservedBARs: true)
  private static let isr = Choice(name: "ISR", type: .isr, skipsReservedBARs: true)
  private static let device = Choice(
    name: "device-specific configuration", type: .device, skipsReservedBARs: true)
}

extension Driver.Step {
  /// A capability that is too short is not passed over.
  fileprivate static func capLen(_ key: String, _ choice: Choice) -> Self {
    structure(
      key, choice, "The \(choice.name) capability has at least 16 bytes.",
      else: "the \(choice.name) capability has {1} bytes", at: Driver.find,
      logs: "cap %u length %d less than expected", needs: .capabilities
    ) { capability, _, _ in
      guard capability.capLen < 16 else { return .passes }
      return .fails(
        at: capability.position, UInt64(choice.type.rawValue), UInt64(capability.capLen))
    }
  }
}

extension QueueDemand {
  /// What the specification asks of the device type; a driver may set up more.
  @Sendable static func leastOfType(_ function: Function) -> Self {
    Self(function.leastQueues)
  }
}
