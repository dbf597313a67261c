import VirtioPCI

extension Driver {
  /// The drivers of virtio-win.
  public static let windows = Driver(
    "windows", "Windows", for: "Every function with the vendor ID 0x1af4.",
    source: Source(
      "virtio-win/kvm-guest-drivers-windows",
      "commit fbcc19d763f9 of 2026-07-22; release unknown"),
    where: { $0.identity.isVirtio },
    [
      .driver(
        for: [
          .net, .blk, .console, .rng, .balloon, .scsi, .gpu, .input, .socket, .crypto, .mem, .fs,
        ], at: Citation("virtio-win.sln", "its projects")),
      .listEnds([], at: Citation(file, "find_pci_vendor_capabilities")),
      .present(
        "common", effect: .leavesModern, common, at: initialise,
        logs: "vio_modern_initialize: device not found"),
      .present("isr", isr, at: initialise, logs: "vio_modern_initialize: missing capabilities"),
      .present(
        "notify", notify, at: initialise, logs: "vio_modern_initialize: missing capabilities"),
      .length("common-length", common, atLeast: 56, at: map),
      .aligned("common-aligned", common, to: 4, at: map),
      .inBAR("common-in-bar", common, first: 56, at: map),
      .length("isr-length", isr, atLeast: 1, at: map),
      .inBAR("isr-in-bar", isr, first: 1, at: map),
      .windowsDoorbells(
        "notify-length", "Doorbells that lie in a page have at least 2 bytes.",
        else: "the notify structure has {0} bytes"
      ) { $1 >= 2 ? nil : ($1, 0) },
      .windowsDoorbells(
        "notify-aligned", "Doorbells that lie in a page have an even offset.",
        else: "the offset {0x} of the notify structure is odd"
      ) { offset, _ in offset % 2 == 0 ? nil : (offset, 0) },
      .aligned("device-aligned", device, to: 4, at: map),
      .inBAR("device-in-bar", device, first: 0, at: map),
      .legacyBAR(at: Citation("VirtIO/VirtIOPCILegacy.c", "vio_legacy_initialize")),
      .reset(at: Citation(file, "vio_modern_reset")),
      .version1(
        at: Citation(file, "vio_modern_set_features"),
        logs: "virtio: device uses modern interface but does not have VIRTIO_F_VERSION_1"),
      .featuresOK(at: Citation("VirtIO/VirtIOPCICommon.c", "virtio_set_features")),
      .numQueues(at: query, QueueDemand.leastOfType),
      .queueExists(at: query, of: QueueDemand.leastOfType),
      .queueSize(at: query, logs: "bad queue size %u", of: QueueDemand.leastOfType),
      .queues(
        "queue-doorbell", "The doorbell of a queue lies in the notify structure.",
        else: "the doorbell of queue {2}, queue_notify_off {0} times {1}, lies beyond the notify"
          + " structure of {3} bytes", at: Citation(file, "vio_modern_setup_vq"),
        logs: "bad notification offset %u (x %u) for queue %u > %zd", of: QueueDemand.leastOfType
      ) { queue, function in
        switch notify.result(in: function) {
        case .capability(let capability, _):
          guard let length = capability.length, let multiplier = capability.multiplier else {
            return .notRead
          }
          guard UInt64(queue.notifyOff) * multiplier + 2 > length else { return .passes }
          return .fails(
            at: capability.position, UInt64(queue.notifyOff), multiplier, UInt64(queue.index),
            length)
        case .none: return .passes
        case .unknown: return .notRead
        }
      },
      .legacyQueues(at: Citation("VirtIO/VirtIOPCILegacy.c", "vio_legacy_query_vq_alloc")),
    ])

  private static let file = "VirtIO/VirtIOPCIModern.c"
  private static let initialise = Citation(file, "vio_modern_initialize")
  fileprivate static let map = Citation(file, "vio_modern_map_capability")
  private static let query = Citation(file, "vio_modern_query_vq_alloc")
  private static let common = Choice(
    name: "common configuration", type: .common, isLast: true, passesOverBARs: true)
  fileprivate static let notify = Choice(
    name: "notify", type: .notify, isLast: true, passesOverBARs: true)
  private static let isr = Choice(name: "ISR", type: .isr, isLast: true, passesOverBARs: true)
  private static let device = Choice(
    name: "device-specific configuration", type: .device, isLast: true, passesOverBARs: true)
}

extension Driver.Step {
  /// Doorbells that lie in a page are mapped at once, else each with its queue.
  fileprivate static func windowsDoorbells(
    _ key: String, _ demand: String, else failure: String,
    _ fault: @escaping @Sendable (UInt64, UInt64) -> (UInt64, UInt64)?
  ) -> Self {
    structure(key, Driver.notify, demand, else: failure, at: Driver.map) { capability, _, _ in
      guard let offset = capability.offset, let length = capability.length else { return .notRead }
      guard capability.isMappedAtOnce == true, let fault = fault(offset, length) else {
        return .passes
      }
      return .fails(at: capability.position, fault.0, fault.1)
    }
  }
}
