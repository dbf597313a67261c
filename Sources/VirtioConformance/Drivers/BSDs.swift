import VirtioPCI

/// virtio_pci of OpenBSD and of NetBSD, which have one origin.
extension Driver {
  /// virtio_pci of OpenBSD.
  public static let openbsd = Driver(
    "openbsd", "OpenBSD", for: "Every function with the vendor ID 0x1af4.",
    source: Source(
      "openbsd/src", "a copy of sys/dev/pci/virtio_pci.c without a date; release unknown"),
    where: { $0.identity.isVirtio },
    [
      Step(
        "revision", "The revision of a transitional or legacy function is 0.",
        else: "the revision is {0}; with the device ID {1x} it has to be 0",
        at: Citation(bsd, "virtio_pci_match"), needs: []
      ) { function in
        .require(
          function.identity.hasModernID || function.identity.revision == 0,
          UInt64(function.identity.revision), UInt64(function.identity.deviceID))
      }
    ] + found(.leavesModern)
      + [
        Step(
          "legacy-id", effect: .hasNoLegacy, on: .legacy, "The device ID is 0x1000 to 0x103f.",
          else: "the device ID {0x} is not that of a legacy function",
          at: Citation(bsd, "virtio_pci_attach"), logs: "Cannot attach", needs: []
        ) { .require(!$0.identity.hasModernID, UInt64($0.identity.deviceID)) },
        .legacyBAR(at: Citation(bsd, "virtio_pci_attach_09"), logs: "can't map i/o space"),
        .reset(at: Citation(bsd, "virtio_pci_set_status")),
        .featuresOK(
          at: Citation(bsd, "virtio_pci_negotiate_features_10"),
          logs: "Feature negotiation failed"),
        .version1(at: Citation(bsd, "virtio_pci_negotiate_features_10")),
        .queueExists(
          at: Citation("sys/dev/pv/virtio.c", "virtio_alloc_vq"),
          logs: "virtqueue not exist, index %d", of: QueueDemand.leastOfType),
        .queueSize(
          effect: .isFatal, at: Citation("sys/dev/pv/virtio.c", "virtio_alloc_vq"),
          logs: "vq_size not power of two: %d", of: QueueDemand.leastOfType),
        .legacyQueues(at: Citation("sys/dev/pv/virtio.c", "virtio_alloc_vq")),
      ])

  /// virtio_pci of NetBSD.
  public static let netbsd = Driver(
    "netbsd", "NetBSD", for: "Every function with the vendor ID 0x1af4.",
    source: Source("NetBSD/src", "virtio_pci.c 1.37 of 2022-04-13; release unknown"),
    where: { $0.identity.isVirtio },
    [
      Step(
        "revision",
        "The revision of a modern function is 1, and that of any other is 0.",
        else: "the revision is {0}, which does not go with the device ID {1x}",
        at: Citation(bsd, "virtio_pci_match"), needs: []
      ) { function in
        .require(
          function.identity.revision == (function.identity.hasModernID ? 1 : 0),
          UInt64(function.identity.revision), UInt64(function.identity.deviceID))
      },
      .modernID(
        at: Citation(bsd, "virtio_pci_attach"),
        "The device ID is 0x1040 to 0x107f; a transitional function is driven as a legacy one."),
    ] + found(.refuses)
      + [
        .inBAR("notify-in-bar", notify, at: attach10, logs: "can't map notify i/o space"),
        .inBAR("device-in-bar", device, at: attach10, logs: "can't map devcfg i/o space"),
        .inBAR("isr-in-bar", isr, at: attach10, logs: "can't map isr i/o space"),
        .inBAR("common-in-bar", common, at: attach10, logs: "can't map common i/o space"),
        .legacyBAR(
          isIO: true, at: Citation(bsd, "virtio_pci_attach_09"), logs: "can't map i/o space"),
        .featuresOK(
          at: Citation(bsd, "virtio_pci_negotiate_features_10"),
          logs: "feature negotiation failed"),
        .version1(
          at: Citation(bsd, "virtio_pci_negotiate_features_10"), logs: "host rejected version 1"),
      ])

  /// The capabilities that both look for, and their BARs.
  private static func found(_ effect: Effect) -> [Step] {
    [
      .listEnds(
        [common, notify, isr, device],
        at: Citation("sys/dev/pci/virtio_pci.c", "virtio_pci_find_cap")),
      .present("common", effect: effect, common, at: attach10, logs: "Cannot attach"),
      .bsdCapLen("common-cap-len", effect, common, atMost: 16),
      .present("notify", effect: effect, notify, at: attach10, logs: "Cannot attach"),
      .bsdCapLen("notify-cap-len", effect, notify, atMost: 20),
      .present("isr", effect: effect, isr, at: attach10, logs: "Cannot attach"),
      .bsdCapLen("isr-cap-len", effect, isr, atMost: 16),
      .bar("common-bar", effect: effect, common, at: attach10, logs: "can't map bar %u"),
      .bar("notify-bar", effect: effect, notify, at: attach10, logs: "can't map bar %u"),
      .bar("isr-bar", effect: effect, isr, at: attach10, logs: "can't map bar %u"),
      .bar("device-bar", effect: effect, device, at: attach10, logs: "can't map bar %u"),
    ]
  }

  private static let bsd = "sys/dev/pci/virtio_pci.c"
  private static let attach10 = Citation(bsd, "virtio_pci_attach_10")
  private static let common = Choice(name: "common configuration", type: .common)
  private static let notify = Choice(name: "notify", type: .notify)
  private static let isr = Choice(name: "ISR", type: .isr)
  private static let device = Choice(name: "device-specific configuration", type: .device)
}

extension Driver.Step {
  /// The drivers have room for the structure alone: a longer capability is an error.
  fileprivate static func bsdCapLen(
    _ key: String, _ effect: Driver.Effect, _ choice: Choice, atMost limit: UInt8
  ) -> Self {
    structure(
      key, effect: effect, choice, "The \(choice.name) capability has at most \(limit) bytes.",
      else: "the \(choice.name) capability has {0} bytes; at most {1} are allowed",
      at: Driver.Citation("sys/dev/pci/virtio_pci.c", "virtio_pci_find_cap"),
      logs: "cap too large", needs: .capabilities
    ) { capability, _, _ in
      guard capability.capLen > limit else { return .passes }
      return .fails(at: capability.position, UInt64(capability.capLen), UInt64(limit))
    }
  }
}
