import VirtioPCI

extension Driver {
  /// The drivers of U-Boot: one for the modern interface, and one for transitional and legacy
  /// functions.
  public static let uboot = Driver(
    "u-boot", "U-Boot", for: "Every function with the vendor ID 0x1af4.",
    source: Source("U-Boot", "Debian's u-boot 2023.01", heldAgainst: "2023.01 and 2025.01"),
    where: { $0.identity.isVirtio },
    [
      Step(
        "header-type", "The header type is 0: of a bridge only BARs 0 and 1 get addresses.",
        else: "the header type is {0x}",
        at: Citation("drivers/pci/pci_auto.c", "dm_pciauto_setup_device"), needs: .header
      ) { function in
        .require(function.headerType.map { $0 == 0 }, UInt64(function.headerType ?? 0))
      },
      .modernID(
        at: probe,
        "The device ID is 0x1040 to 0x107f; a transitional function is driven as a legacy one."),
      .listEnds([common, notify, device], at: find),
      .present("common", common, at: probe, logs: "leaving for legacy driver"),
      .length(
        "common-length", common, atLeast: 56, at: probe,
        logs: "virtio common config too small"),
      .present("notify", notify, at: probe, logs: "missing capabilities"),
      .bar("common-bar", common, isMemory: true, at: map, logs: "could not map common config"),
      .bar("notify-bar", notify, isMemory: true, at: map, logs: "could not map notify config"),
      .bar("device-bar", device, isMemory: true, at: map, logs: "could not map device config"),
      .inBAR("common-in-bar", common, first: 56, at: map),
      .legacyRevision(
        at: Citation("drivers/virtio/virtio_pci_legacy.c", "virtio_pci_probe"),
        logs: "virtio_pci expected ABI version %d, got %d"),
      .legacyBAR(
        isIO: true, at: Citation("drivers/virtio/virtio_pci_legacy.c", "virtio_pci_probe")),
      .legacySubsystem(
        types, at: Citation("drivers/virtio/virtio_pci_legacy.c", "virtio_pci_probe")),
      .driver(
        for: types,
        at: Citation("drivers/virtio/virtio-uclass.c", "virtio_uclass_post_probe")),
      .reset(at: Citation("drivers/virtio/virtio_pci_modern.c", "virtio_pci_reset")),
      .version1(at: Citation("drivers/virtio/virtio_pci_modern.c", "virtio_pci_set_features")),
      .featuresOK(
        at: Citation("drivers/virtio/virtio-uclass.c", "virtio_finalize_features"),
        logs: "device refuses features %x"),
      .numQueues(at: setUp, queues),
      .queueExists(at: setUp, of: queues), .queueIdle(at: setUp, of: queues),
      .queueSize(at: setUp, logs: "bad queue size %u", of: queues),
      .queues(
        "queue-holds-request",
        "The queue of a block device holds the three descriptors of a request.",
        else: "every request fails: queue {0} has {1} entries, of the 3 that one takes",
        at: Citation("drivers/virtio/virtio_ring.c", "virtqueue_add"), of: queues
      ) { queue, function in
        guard function.type == .blk, queue.size < 3 else { return .passes }
        return .fails(UInt64(queue.index), UInt64(queue.size))
      },
      .queues(
        "queue-doorbell", effect: .isFatal,
        "The doorbell of a queue, counted in 16 bits, lies in the notify structure and in its BAR:"
          + " else a request is waited for forever.",
        else: "the doorbell of queue {0} lies beyond the notify structure or its BAR, and U-Boot"
          + " waits forever",
        at: Citation("drivers/virtio/virtio_pci_modern.c", "virtio_pci_notify"), of: queues
      ) { queue, function in
        switch notify.result(in: function) {
        case .capability(let capability, let usability):
          guard let multiplier = capability.multiplier, let length = capability.length else {
            return .notRead
          }
          let offset = (UInt64(queue.notifyOff) * multiplier) & 0xFFFF
          // Of a structure of less than two bytes the bound wraps.
          guard length < 2 || offset <= length - 2 else { return .fails(UInt64(queue.index)) }
          guard case .usable(let bar) = usability, let size = bar.size,
            let start = capability.offset
          else { return .notRead }
          return start + offset + 2 <= size ? .passes : .fails(UInt64(queue.index))
        default: return .notRead
        }
      },
      .legacyQueues(at: Citation("drivers/virtio/virtio_pci_legacy.c", "virtio_pci_setup_vq")),
    ])

  private static let types: Set<DeviceType> = [.net, .blk, .rng]

  @Sendable private static func queues(_ function: Function) -> QueueDemand {
    QueueDemand(function.type == .net ? 2 : 1)
  }

  // Their BARs are from 0 to 5; whether one is there the driver sees when it maps it.
  private static let common = Choice(
    name: "common configuration", type: .common, skipsReservedBARs: true)
  private static let notify = Choice(name: "notify", type: .notify, skipsReservedBARs: true)
  private static let device = Choice(
    name: "device-specific configuration", type: .device, skipsReservedBARs: true)
  private static let probe = Citation("drivers/virtio/virtio_pci_modern.c", "virtio_pci_probe")
  private static let find = Citation(
    "drivers/virtio/virtio_pci_modern.c", "virtio_pci_find_capability")
  private static let map = Citation(
    "drivers/virtio/virtio_pci_modern.c", "virtio_pci_map_capability")
  private static let setUp = Citation(
    "drivers/virtio/virtio_pci_modern.c", "virtio_pci_setup_vq")
}
