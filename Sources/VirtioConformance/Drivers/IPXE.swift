import VirtioPCI

extension Driver {
  /// The driver of iPXE for network devices.
  public static let ipxe = Driver(
    "ipxe", "iPXE", for: "Network devices with the device ID 0x1000 or 0x1041.",
    source: Source("ipxe/ipxe", "commit 0ab2277c40f1 of 2026-08-21; release unknown"),
    where: { [0x1000, 0x1041].contains($0.identity.deviceID) },
    [
      .listEnds([common, notify, device], at: find),
      .present("common", effect: .leavesModern, common, at: map),
      .present("notify", effect: .leavesModern, notify, at: map),
      .structure(
        "notify-cap-len", effect: .leavesModern, notify,
        "The notify capability has at least 20 bytes.",
        else: "the notify capability has {0} bytes", at: map
      ) { capability, _, _ in
        capability.capLen >= 20
          ? .passes : .fails(at: capability.position, UInt64(capability.capLen))
      },
      .present("device", effect: .leavesModern, device, at: map),
      .legacyBAR(at: Citation(file, "virtio_pci_map_cap")),
      .reset(
        effect: .refuses, at: Citation(file, "virtio_pci_reset"),
        logs: "could not reset device"),
      .featuresOK(at: Citation(file, "virtio_init"), logs: "did not accept features"),
      .queues(
        "queue-size", "The lesser of 256 and the size of a queue is a power of 2.",
        else: "the size {1} of queue {0} is not a power of 2", at: Citation(file, "virtio_enable"),
        logs: "Q%d invalid size %d", of: { _ in QueueDemand(2) }
      ) { queue, _ in
        let size = min(queue.size, 256)
        return size != 0 && size & (size - 1) == 0
          ? .passes : .fails(UInt64(queue.index), UInt64(queue.size))
      },
      .queues(
        "queue-doorbell", effect: .ignores,
        "The doorbell of a queue is that of its index: the driver does not read queue_notify_off.",
        else: "queue_notify_off {0} of queue {1}, instead of which it uses the index of the queue",
        at: Citation(file, "virtio_enable"), of: { _ in QueueDemand(2) }
      ) { queue, function in
        switch notify.result(in: function) {
        case .capability(let capability, _):
          guard let multiplier = capability.multiplier else { return .notRead }
          return multiplier == 0 || queue.notifyOff == queue.index
            ? .passes : .fails(UInt64(queue.notifyOff), UInt64(queue.index))
        case .none: return .passes
        case .unknown: return .notRead
        }
      },
      .legacyQueues(at: Citation(file, "virtio_legacy_size")),
    ])

  private static let file = "src/drivers/bus/virtio.c"
  private static let find = Citation(file, "virtio_pci_cap")
  private static let map = Citation(file, "virtio_pci_map")
  private static let common = Choice(
    name: "common configuration", type: .common, leastCapLen: 16, passesOverBARs: true)
  private static let notify = Choice(
    name: "notify", type: .notify, leastCapLen: 16, passesOverBARs: true)
  private static let device = Choice(
    name: "device-specific configuration", type: .device, leastCapLen: 16, passesOverBARs: true)
}
