import VirtioPCI

extension Driver {
  /// The drivers of SeaBIOS for disks.
  public static let seabios = Driver(
    "seabios", "SeaBIOS",
    for: "Block devices and SCSI host adapters with the IDs 0x1001, 0x1042, 0x1004 and 0x1048.",
    source: Source("SeaBIOS", "Debian's seabios 1.16.2", heldAgainst: "1.16.2"),
    where: { [0x1001, 0x1042, 0x1004, 0x1048].contains($0.identity.deviceID) },
    [.listEnds([], at: initSimple), listAligned]
      + choices.map { key, choice in
        .seabiosBAR(key, choice, at: initSimple)
      }
      + choices.map { key, choice in
        .present(
          key, effect: .leavesModern, choice, at: initSimple,
          logs: "using legacy (0.9.5) virtio mode")
      } + [
        .inBAR("common-in-bar", choices[0].choice, first: 56, at: initSimple),
        .legacyBAR(isIO: true, at: initSimple),
        .version1(at: initBlock, logs: "modern device without virtio_1 feature bit"),
        .featuresOK(at: initBlock, logs: "device didn't accept features"),
        Step(
          "blk-block-size", on: .modern, of: .blk, "The block size is 512.",
          else: "the block size is {0}", at: initBlock,
          logs: "block size %d is unsupported", needs: [.deviceConfig, .offered]
        ) { function in
          let size = function.registers?.device?[Blk.blkSize]
          return .require(size.map { $0 == 512 }, of: function, Feature.Blk.blkSize) {
            UInt64(size ?? 0)
          }
        },
        .seabiosQueue("queue-exists", "The queue has a size.", else: "queue {0} has size 0") {
          queue, _ in queue.size > 0 ? .passes : .fails(UInt64(queue.index))
        },
        .seabiosQueue(
          "queue-idle", "The queue is not enabled after a reset.",
          else: "queue {0} is enabled before a driver has started the device"
        ) { queue, function in
          function.isStarted || !queue.isEnabled ? .passes : .fails(UInt64(queue.index))
        },
        .seabiosQueue(
          "queue-holds-request", effect: .isFatal,
          "The queue holds the three descriptors of a request: else it is waited for forever.",
          else: "queue {0} has {1} entries, of the 3 of a request, and SeaBIOS waits forever"
        ) { queue, _ in
          queue.size >= 3 ? .passes : .fails(UInt64(queue.index), UInt64(queue.size))
        },
        .seabiosQueue(
          "queue-doorbell", effect: .isFatal,
          "The doorbell of the queue lies within its BAR: else a request is waited for forever.",
          else: "the doorbell of queue {0} lies beyond BAR {1}, and SeaBIOS waits forever"
        ) { queue, function in
          switch choices[1].choice.result(in: function) {
          case .capability(let capability, .usable(let bar)):
            guard let offset = capability.offset, let multiplier = capability.multiplier,
              let size = bar.size
            else { return .notRead }
            let doorbell = offset + UInt64(queue.notifyOff) * multiplier
            return doorbell + 2 <= size ? .passes : .fails(UInt64(queue.index), UInt64(bar.index))
          default: return .notRead
          }
        },
        .legacyQueues(at: Citation("src/hw/virtio-pci.c", "vp_find_vq")),
      ])

  private static let listAligned = Step(
    "list-aligned", effect: .leavesModern, on: .modern,
    "The pointers of the list up to the last structure are multiples of 4, as it masks none.",
    else: "the pointer to the next capability at {0x} is {1x}, which is not a multiple of 4",
    at: Citation("src/hw/pci.c", "pci_find_capability"),
    logs: "using legacy (0.9.5) virtio mode", needs: .capabilities
  ) { function in
    let list = function.pciCapabilities
    guard let odd = list.firstIndex(where: { $0.next % 4 != 0 }) else { return .passes }
    let reached = Set(list[...odd].map(\.position))
    let isFound = choices.allSatisfy { _, choice in
      guard case .capability(let capability, _) = choice.result(in: function) else { return false }
      return reached.contains(capability.position)
    }
    if isFound { return .passes }
    return .fails(at: list[odd].position, UInt64(list[odd].position), UInt64(list[odd].next))
  }

  fileprivate static let choices: [(key: String, choice: Choice)] = [
    ("common", Choice(name: "common configuration", type: .common)),
    ("notify", Choice(name: "notify", type: .notify)),
    ("isr", Choice(name: "ISR", type: .isr)),
    ("device", Choice(name: "device-specific configuration", type: .device)),
  ]
  private static let initSimple = Citation("src/hw/virtio-pci.c", "vp_init_simple")
  private static let initBlock = Citation("src/hw/virtio-blk.c", "init_virtio_blk")
}

extension Driver.Step {
  /// The BAR of the first capability, whatever number it says; above 4 GiB only by the window.
  fileprivate static func seabiosBAR(
    _ key: String, _ choice: Choice, at citation: Driver.Citation
  ) -> Self {
    structure(
      key + "-bar", choice,
      "The BAR of the first \(choice.name) structure exists, below 4 GiB if there is no window.",
      else: "BAR {0} of the first \(choice.name) structure does not exist, or lies above 4 GiB"
        + " and there is no PCI configuration access capability", at: citation
    ) { capability, usability, function in
      let number = UInt64(capability.bar ?? 0)
      switch usability {
      case .unknown: return .notRead
      case .unusable: return .fails(at: capability.position, number)
      case .usable(let bar):
        guard let address = bar.address, address > 0xFFFF_FFFF, !bar.isIO else { return .passes }
        guard !function.capabilities.contains(where: { $0.head.cfgType == .pci }) else {
          return .passes
        }
        return function.listWasRead ? .fails(at: capability.position, number) : .notRead
      }
    }
  }

  fileprivate static func seabiosQueue(
    _ key: String, effect: Driver.Effect = .refuses, _ demand: String, else failure: String,
    _ judge: @escaping @Sendable (QueueState, Function) -> Driver.Answer
  ) -> Self {
    Self(
      key, effect: effect, on: .modern, demand, else: failure,
      at: Driver.Citation("src/hw/virtio-pci.c", "vp_find_vq"),
      logs: effect == .isFatal ? nil : "fail to find vq",
      needs: [.capabilities, .bars, .queues]
    ) { function in
      guard let queue = function.queue(function.type == .scsi ? 2 : 0) else { return .notRead }
      return judge(queue, function)
    }
  }
}
