import VirtioPCI

extension Driver {
  /// The virtio framework of illumos.
  public static let illumos = Driver(
    "illumos", "illumos", for: "Every function with the vendor ID 0x1af4.",
    source: Source("illumos/illumos-gate", "commit 2576e7a56bb1; release unknown"),
    where: { $0.identity.isVirtio },
    [
      Step(
        "revision", "The revision of a transitional or legacy function is 0.",
        else: "the revision is {0}", at: initialise,
        logs: "PCI Revision %u incorrect for transitional or legacy virtio device", needs: []
      ) { function in
        .require(
          function.identity.hasModernID || function.identity.revision == 0,
          UInt64(function.identity.revision))
      }
    ]
      + choices.map { key, choice in
        .present(
          key, effect: .leavesModern, choice, at: initialise,
          logs: "Did not find required PCI capabilities")
      }
      + choices.flatMap { key, choice -> [Step] in
        [
          .bar(key + "-bar", choice, at: map, logs: "Failed to map CAP"),
          .inBAR(key + "-in-bar", choice, at: map, logs: "Failed to map CAP"),
        ]
      } + [
        Step(
          "legacy-id", effect: .hasNoLegacy, on: .legacy, "The device ID is 0x1000 to 0x103f.",
          else: "the device ID {0x} is not that of a legacy function", at: initialise, needs: []
        ) { .require(!$0.identity.hasModernID, UInt64($0.identity.deviceID)) },
        .legacyBAR(at: initialise, logs: "Failed to map BAR0"),
        .featuresOK(at: Citation(file, "virtio_init_features"), logs: "feature negotiation failed"),
        .queueExists(
          at: allocate, logs: "does not exist on device", of: QueueDemand.leastOfType),
        .queues(
          "queue-doorbell",
          "The doorbell of a queue and two bytes more lie in the notify structure.",
          else: "the doorbell {0x} of queue {2} lies beyond a notify structure of {1x} bytes",
          at: allocate, logs: "invalid notification offset 0x%x for notify region of size 0x%x",
          of: QueueDemand.leastOfType
        ) { queue, function in
          switch choices[1].choice.result(in: function) {
          case .capability(let capability, _):
            guard let length = capability.length, let multiplier = capability.multiplier else {
              return .notRead
            }
            let doorbell = UInt64(queue.notifyOff) * multiplier
            // As the driver counts: of a structure of less than four bytes the bound wraps.
            return length < 4 || doorbell <= length - 4
              ? .passes : .fails(at: capability.position, doorbell, length, UInt64(queue.index))
          case .none: return .passes
          case .unknown: return .notRead
          }
        },
        .legacyQueues(at: allocate),
      ])

  private static let choices: [(key: String, choice: Choice)] = [
    ("common", Choice(name: "common configuration", type: .common, leastCapLen: 16)),
    ("notify", Choice(name: "notify", type: .notify, leastCapLen: 20)),
    ("isr", Choice(name: "ISR", type: .isr, leastCapLen: 16)),
    ("device", Choice(name: "device-specific configuration", type: .device, leastCapLen: 16)),
  ]
  private static let file = "usr/src/uts/common/io/virtio/virtio_main.c"
  private static let initialise = Citation(file, "virtio_init")
  private static let map = Citation(file, "virtio_map_cap")
  private static let allocate = Citation(file, "virtio_queue_alloc")
}
