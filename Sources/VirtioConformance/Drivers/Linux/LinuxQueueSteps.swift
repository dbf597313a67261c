import VirtioPCI

/// How Linux gets its interrupts and sets up the queues.
extension Driver {
  static let linuxInterruptSteps: [Step] = [
    Step(
      "interrupt", "There is MSI-X with two vectors, or an interrupt pin.",
      else: "there is neither MSI-X with two vectors nor an interrupt pin",
      at: Citation("drivers/virtio/virtio_pci_common.c", "vp_find_vqs"),
      needs: [.msix, .bars, .interrupt]
    ) { function in
      switch function.linuxVectors {
      case .usable(let count) where count >= 2: .passes
      case .unknown: .notRead
      default:
        function.hasLinuxPin.map { $0 ? .passes : .fails() } ?? .notRead
      }
    },
    Step(
      "msix-used", effect: .ignores, "MSI-X has its table in a BAR that exists.",
      else: "the table of MSI-X is in BAR {0}, which does not exist",
      at: Citation("drivers/pci/msi/msi.c", "msix_map_region"), needs: [.msix, .bars]
    ) { function in
      switch function.linuxVectors {
      case .unusable(let bar): .fails(at: function.msixPosition, UInt64(bar))
      case .unknown: .notRead
      case .none, .usable: .passes
      }
    },
    Step(
      "msix-vectors", effect: .ignores, "MSI-X has a vector for each queue and one for changes.",
      else: "MSI-X has {0} vectors; one for each queue and one for changes take {1}",
      at: Citation("drivers/virtio/virtio_pci_common.c", "vp_find_vqs"),
      needs: [.msix, .bars, .offered, .deviceConfig]
    ) { function in
      guard let demand = function.linuxQueueDemand else { return .passes }
      switch function.linuxVectors {
      case .usable(let count) where count >= 2:
        if count < demand.least + 1 {
          return .fails(
            at: function.msixPosition, UInt64(count), UInt64(demand.least + 1))
        }
        return demand.isExact && count > demand.most ? .passes : .notRead
      case .unknown: return .notRead
      default: return .passes
      }
    },
  ]

  static let linuxQueueSteps: [Step] = [
    Step(
      "admin-queue", on: .modern, since: "6.12",
      "With VIRTIO_F_ADMIN_VQ there is a queue for administration.",
      else: "VIRTIO_F_ADMIN_VQ is offered, and admin_queue_num is 0",
      at: Citation("drivers/virtio/virtio_pci_modern.c", "vp_avq_index"),
      needs: [.common, .offered]
    ) { function in
      .require(
        function.registers?.common[CommonCfg.adminQueueNum].map { $0 > 0 }, of: function,
        .adminVQ)
    },
    Step(
      "num-queues", on: .modern, "The device has every queue that the driver sets up.",
      else: "the device has {0} queues, and the driver sets up {1}", at: setUp,
      needs: [.common, .offered, .deviceConfig]
    ) { function in
      guard let demand = function.linuxQueueDemand else { return .passes }
      guard let count = function.numQueues else { return .notRead }
      if count < demand.least { return .fails(UInt64(count), UInt64(demand.least)) }
      return demand.isExact && count >= demand.most ? .passes : .notRead
    },
    queues(
      "queue-exists", "Every queue that the driver sets up has a size.",
      else: "queue {0} has size 0"
    ) { _, queue in
      queue.size > 0 ? .passes : .fails(UInt64(queue.index))
    },
    queues(
      "queue-idle", "No queue is enabled after a reset.",
      else: "queue {0} is enabled before a driver has started the device"
    ) { function, queue in
      function.isStarted || !queue.isEnabled ? .passes : .fails(UInt64(queue.index))
    },
    queues(
      "queue-size", "Without VIRTIO_F_RING_PACKED the size of a queue is a power of 2.",
      else: "the size {0} of queue {1} is not a power of 2",
      at: Citation("drivers/virtio/virtio_ring.c", "vring_alloc_queue_split"),
      logs: "Bad virtqueue length %u"
    ) { function, queue in
      guard queue.size & (queue.size &- 1) != 0 else { return .passes }
      return function.offers(.ringPacked).map {
        $0 ? .passes : .fails(UInt64(queue.size), UInt64(queue.index))
      } ?? .notRead
    },
    queues(
      "queue-doorbell", "The doorbell of a queue lies in the notify structure.",
      else: "the doorbell of queue {2}, queue_notify_off {0} times {1}, lies beyond the notify"
        + " structure of {3} bytes", at: mapDoorbell,
      logs: "bad notification offset %u (x %u) for queue %u > %zd"
    ) { function, queue in
      function.linuxDoorbell(queue, mappedAtOnce: true) { capability, _, start in
        guard let length = capability.length, let multiplier = capability.multiplier else {
          return .notRead
        }
        guard start + 2 > length else { return .passes }
        return .fails(
          at: capability.position, UInt64(queue.notifyOff), multiplier, UInt64(queue.index),
          length)
      }
    },
    queues(
      "queue-doorbell-length",
      "The doorbell of a queue that is mapped by itself lies in the notify structure.",
      else: "the doorbell of queue {2}, at {1x}, lies beyond the notify structure of {0} bytes",
      at: mapDoorbell, logs: "virtio_pci: bad capability len %u (>%u expected)"
    ) { function, queue in
      function.linuxDoorbell(queue, mappedAtOnce: false) { capability, _, start in
        guard let length = capability.length else { return .notRead }
        guard start + 2 > length else { return .passes }
        return .fails(at: capability.position, length, start, UInt64(queue.index))
      }
    },
    queues(
      "queue-doorbell-aligned",
      "The doorbell of a queue that is mapped by itself has an even offset.",
      else: "the doorbell of queue {2} has the odd offset {0x}", at: mapDoorbell,
      logs: "virtio_pci: offset %u not aligned to %u"
    ) { function, queue in
      function.linuxDoorbell(queue, mappedAtOnce: false) { capability, _, start in
        guard let offset = capability.offset else { return .notRead }
        guard (offset + start) % 2 != 0 else { return .passes }
        return .fails(at: capability.position, offset + start, 2, UInt64(queue.index))
      }
    },
    queues(
      "queue-doorbell-in-bar", "The doorbell of a queue that is mapped by itself lies in its BAR.",
      else: "a doorbell needs {0} bytes at {1x} of BAR {2}, which has {3x}", at: mapDoorbell,
      logs: "virtio_pci: map virtio %zu@%u out of range on bar %i length %lu"
    ) { function, queue in
      function.linuxDoorbell(queue, mappedAtOnce: false) { capability, bar, start in
        guard let offset = capability.offset, let size = bar.size else { return .notRead }
        guard offset + start + 2 > size else { return .passes }
        return .fails(at: capability.position, 2, offset + start, UInt64(bar.index), size)
      }
    },
    Step(
      "legacy-queues", on: .legacy,
      "Every queue that the driver sets up has a size, a power of 2, and no address yet.",
      else: "a queue is not as it should be after a reset",
      at: Citation("drivers/virtio/virtio_pci_legacy.c", "setup_vq"), needs: .legacyRegisters
    ) { _ in .notRead },
  ]

  private static func queues(
    _ key: String, _ demand: String, else failure: String, at citation: Citation = setUp,
    logs message: String? = nil,
    _ judge: @escaping @Sendable (Function, QueueState) -> Answer
  ) -> Step {
    Step(
      key, on: .modern, demand, else: failure, at: citation, logs: message,
      needs: [.capabilities, .bars, .queues, .offered, .deviceConfig]
    ) { function in
      guard let demand = function.linuxQueueDemand else { return .passes }
      return .queues(of: function, demand) { judge(function, $0) }
    }
  }

  private static let setUp = Citation("drivers/virtio/virtio_pci_modern.c", "setup_vq")
  private static let mapDoorbell = Citation(
    "drivers/virtio/virtio_pci_modern_dev.c", "vp_modern_map_vq_notify")
}

extension Function {
  /// What `judge` says of where in the notify structure the doorbell of a queue is, for one way of
  /// mapping it. Where each is mapped by itself, that is cut off at 32 bits.
  fileprivate func linuxDoorbell(
    _ queue: QueueState, mappedAtOnce: Bool,
    _ judge: (SeenCapability, BAR, UInt64) -> Driver.Answer
  ) -> Driver.Answer {
    Choice.linuxNotify.result(in: self).judged { capability, bar in
      guard let multiplier = capability.multiplier, let isMappedAtOnce = capability.isMappedAtOnce
      else { return .notRead }
      guard isMappedAtOnce == mappedAtOnce else { return .passes }
      let start = UInt64(queue.notifyOff) * multiplier
      return judge(capability, bar, isMappedAtOnce ? start : start & 0xFFFF_FFFF)
    }
  }
}

/// What there is of MSI-X.
enum Vectors {
  case none
  case unusable(bar: UInt8)
  case usable(Int)
  case unknown
}

extension Function {
  /// The vectors that Linux takes: their table is in a BAR that it knows. It does not look whether
  /// the table lies within that BAR, nor whether that is one of memory: of ports, no interrupt
  /// arrives.
  var linuxVectors: Vectors {
    guard let msix else {
      return listWasRead && msixPosition == nil ? .none : .unknown
    }
    return switch linuxUsability(of: msix.tableBAR) {
    case .usable: .usable(msix.tableSize)
    case .unusable: .unusable(bar: msix.tableBAR)
    case .unknown: .unknown
    }
  }

  /// Where the MSI-X capability is.
  var msixPosition: UInt8? { pciCapabilities.first { $0.id == .msix }?.position }

  /// Whether there is an interrupt pin; nil when that is not known.
  var hasLinuxPin: Bool? {
    if let interruptPin { return interruptPin != 0 }
    // Before the function is enabled its interrupt may not have been looked up yet.
    return kernel.irq.flatMap { $0 != 0 ? true : nil }
  }
}
