import VirtioPCI

extension Rule {
  /// Queues, VIRTIO 1.4 §4.1.4.3 and §2.7.
  static let queueRules: [Rule] = [
    Rule(
      "queue-enable-zero-after-reset", .must, .normative, "4.1.4.3.1",
      "After reset queue_enable is 0.",
      example: "status 0, queue_enable 1", given: .queuesAfterReset
    ) { queues, found in
      for queue in queues where queue.enable != 0 {
        found.add(queue, "queue_enable is not 0 after a reset")
      }
    },
    Rule(
      "queue-enable-values", .must, .descriptive, "4.1.4.3",
      "queue_enable is 0 or 1.",
      example: "queue_enable 0xFFFF", given: .queues
    ) { queues, found in
      for queue in queues where queue.enable > 1 {
        found.add(queue, "queue_enable is \(queue.enable), neither 0 nor 1")
      }
    },
    Rule(
      "queue-enabled-exists", .must, .inferred, "4.1.4.3.1",
      "An unavailable queue (size 0) is not enabled.",
      example: "queue_size 0 and queue_enable 1", given: .queues
    ) { queues, found in
      for queue in queues where queue.size == 0 && queue.isEnabled {
        found.add(queue, "it has size 0 and is enabled")
      }
    },
    Rule(
      "queue-size-power-of-two", .must, .normative, "4.1.4.3.1",
      "Without VIRTIO_F_RING_PACKED negotiated queue_size is 0 or a power of two.",
      example: "queue_size 100 with the split ring", given: .isRingPacked, .queues
    ) { isPacked, queues, found in
      guard !isPacked else { return }
      for queue in queues where queue.size != 0 && queue.size & (queue.size - 1) != 0 {
        found.add(queue, "queue_size \(queue.size) is not a power of two")
      }
    },
    Rule(
      "queue-size-max", .must, .descriptive, "2.7",
      "queue_size is at most 32768 for both ring layouts.",
      example: "queue_size 0xFFFF", given: .queues
    ) { queues, found in
      for queue in queues where queue.size > 0x8000 {
        found.add(queue, "queue_size \(queue.size) is above 32768")
      }
    },
    Rule(
      "queue-size-zero-beyond-num-queues", .must, .normative, "4.1.4.3.1",
      "A queue that does not exist reads queue_size 0.",
      example: "queue_select 9, num_queues 3, queue_size 256", given: .absentQueues, .queueCount
    ) { queues, count, found in
      for queue in queues where queue.size != 0 {
        found.add(queue, "it has size \(queue.size), and num_queues is \(count)")
      }
    },
    Rule(
      "queue-reset-zero-when-enabled", .must, .normative, "4.1.4.3.1",
      but: .note("one look cannot tell whether the reset of the queue goes on"),
      "queue_reset reads 0 after reset and after the queue is enabled.",
      example: "queue_enable 1, queue_reset 1 for a long time", given: .negotiated, .queues
    ) { negotiated, queues, found in
      guard negotiated.contains(.ringReset) else { return }
      for queue in queues where queue.isEnabled && queue.isInReset == true {
        found.add(queue, "it is enabled, and queue_reset is 1")
      }
    },
    Rule(
      "queue-addresses-set-when-enabled", .must, .inferred, "4.1.4.3.2", by: .driver,
      but: .note("behind an IOMMU 0 is an address as good as any"),
      "The ring addresses are configured before the queue is enabled.",
      example: "queue_enable 1 with queue_desc 0", given: .queues
    ) { queues, found in
      for queue in queues
      where queue.isEnabled && (queue.desc == 0 || queue.driver == 0 || queue.device == 0) {
        found.add(queue, "it is enabled, and a part of its ring has address 0")
      }
    },
    Rule(
      "queue-desc-aligned", .must, .normative, "2.7.1", by: .driver,
      "Parts of a split ring are aligned: descriptor area 16; driver area 2; device area 4.",
      example: "queue_desc 0x1008", given: .negotiated, .queues
    ) { negotiated, queues, found in
      guard !negotiated.contains(.ringPacked) else { return }
      for queue in queues where queue.isEnabled { found.addMisaligned(queue, driverUnit: 2) }
    },
    Rule(
      "queue-packed-desc-aligned", .must, .normative, "2.8.11", by: .driver,
      "Parts of a packed ring are aligned: descriptor area 16; driver area 4; device area 4.",
      example: "queue_driver 0x1002 with VIRTIO_F_RING_PACKED", given: .negotiated, .queues
    ) { negotiated, queues, found in
      guard negotiated.contains(.ringPacked) else { return }
      for queue in queues where queue.isEnabled { found.addMisaligned(queue, driverUnit: 4) }
    },
    Rule(
      "driver-ok-has-enabled-queue", .should, .inferred, "4.1.4.3.2", by: .driver,
      but: .note("a driver may enable its queues later"),
      "With DRIVER_OK at least one queue is normally enabled.",
      example: "DRIVER_OK with every queue disabled", given: .allQueues, .modernStatus
    ) { queues, status, found in
      guard status.contains(.driverOK), !queues.contains(where: { $0.isEnabled }) else { return }
      found.add("the driver is running, and no queue is enabled")
    },
    Rule(
      "num-queues-fits-type", .should, .inferred, "5",
      "num_queues covers the queues the type needs.",
      example: "socket device with num_queues 2", given: .queueCount, .describedType
    ) { count, type, found in
      guard let least = DeviceDefinition(of: type)?.leastQueues else { return }
      found.addIfFewer(count, than: UInt64(least))
    },
    Rule(
      "num-queues-net", .should, .inferred, "5.1.2", of: .type(.net),
      "A network device has two queues, with MQ or RSS negotiated 2*max_virtqueue_pairs, plus "
        + "one with a control queue.",
      example: "max_virtqueue_pairs 8, MQ negotiated, CTRL_VQ offered, num_queues 16",
      given: .queueCount, .netQueues
    ) { count, least, found in
      found.addIfFewer(count, than: least, of: .net)
    },
    Rule(
      "num-queues-blk", .should, .inferred, "5.2.2", of: .type(.blk),
      "With VIRTIO_BLK_F_MQ num_queues of the common configuration covers num_queues of the "
        + "device configuration.",
      example: "config num_queues 16, common num_queues 4", given: .queueCount,
      .config(Blk.numQueues)
    ) { count, queues, found in
      found.addIfFewer(count, than: UInt64(queues), of: .blk)
    },
    Rule(
      "num-queues-scsi", .should, .inferred, "5.6.2", of: .type(.scsi),
      "A SCSI host has num_queues + 2 queues.",
      example: "config num_queues 4, common num_queues 4", given: .queueCount,
      .config(SCSI.numQueues)
    ) { count, queues, found in
      found.addIfFewer(count, than: max(UInt64(queues), 1) + 2, of: .scsi)
    },
    Rule(
      "num-queues-crypto", .should, .inferred, "5.9.2", of: .type(.crypto),
      "A crypto device has max_dataqueues + 1 queues.",
      example: "max_dataqueues 4, num_queues 4", given: .queueCount, .config(Crypto.maxDataqueues)
    ) { count, queues, found in
      found.addIfFewer(count, than: UInt64(queues) + 1, of: .crypto)
    },
    Rule(
      "num-queues-fs", .should, .inferred, "5.11.2", of: .type(.fs),
      "A file system device has num_request_queues + 1 queues, one more with "
        + "VIRTIO_FS_F_NOTIFICATION.",
      example: "num_request_queues 2, num_queues 2", given: .queueCount,
      .config(FS.numRequestQueues), .shownOffered
    ) { count, queues, offered, found in
      let others: UInt64 = offered.contains(Feature.FS.notification) ? 2 : 1
      found.addIfFewer(count, than: UInt64(queues) + others, of: .fs)
    },
    Rule(
      "num-queues-console", .should, .inferred, "5.3.2", of: .type(.console),
      "A multiport console has 2*max_nr_ports + 2 queues.",
      example: "max_nr_ports 31, num_queues 2", given: .queueCount, .consoleQueues
    ) { count, least, found in
      found.addIfFewer(count, than: least, of: .console)
    },
    Rule(
      "num-queues-balloon", .should, .inferred, "5.5.2", of: .type(.balloon),
      "A balloon has one queue per offered optional queue on top of two.",
      example: "PAGE_REPORTING offered, num_queues 2", given: .queueCount, .shownOffered
    ) { count, offered, found in
      let optional: FeatureSet = [
        Feature.Balloon.statsVQ, Feature.Balloon.freePageHint, Feature.Balloon.pageReporting,
      ]
      found.addIfFewer(count, than: 2 + UInt64(offered.intersection(optional).count), of: .balloon)
    },
    .queues(
      "num-queues-gpio", of: .gpio, "5.18.2", "A GPIO device", oneMoreWith: Feature.GPIO.irq),
    .queues(
      "num-queues-scmi", of: .scmi, "5.17.2", "An SCMI device",
      oneMoreWith: Feature.SCMI.p2aChannels),
    .queues(
      "num-queues-rtc", of: .rtc, "5.23.2", "A real time clock", oneMoreWith: Feature.RTC.alarm),
    Rule(
      "admin-queue-index", .must, .normative, "4.1.4.3.1",
      "With VIRTIO_F_ADMIN_VQ negotiated admin_queue_index >= num_queues.",
      example: "num_queues 3, admin_queue_index 2", given: .common, .negotiated
    ) { common, negotiated, found in
      guard negotiated.contains(.adminVQ), let index = common[CommonCfg.adminQueueIndex],
        let count = common[CommonCfg.numQueues], index < count
      else { return }
      found.add("admin_queue_index \(index) is below num_queues \(count)")
    },
    Rule(
      "admin-queue-num-range", .must, .normative, "4.1.4.3.1",
      "With VIRTIO_F_ADMIN_VQ negotiated admin_queue_num <= 0x10000 - admin_queue_index.",
      example: "admin_queue_index 0xFFFF, admin_queue_num 2", given: .common, .negotiated
    ) { common, negotiated, found in
      guard negotiated.contains(.adminVQ), let index = common[CommonCfg.adminQueueIndex],
        let count = common[CommonCfg.adminQueueNum], Int(index) + Int(count) > 0x10000
      else { return }
      found.add("admin_queue_index \(index) + admin_queue_num \(count) is above 65536")
    },
    Rule(
      "admin-queue-num-nonzero", .should, .descriptive, "2.13",
      "A device that offers VIRTIO_F_ADMIN_VQ has at least one admin virtqueue.",
      example: "bit 41 negotiated, admin_queue_num 0", given: .common, .negotiated
    ) { common, negotiated, found in
      guard negotiated.contains(.adminVQ), common[CommonCfg.adminQueueNum] == 0 else { return }
      found.add("admin_queue_num is 0")
    },
    Rule(
      "driver-feature-readback", .must, .normative, "4.1.4.3.1",
      "driver_feature shows every valid bit the driver wrote.",
      example: "the kernel shows bit 34 negotiated, and in group 1 driver_feature has bit 2 clear",
      given: .common, .kernelNegotiated, .offeredIfKnown
    ) { common, negotiated, offered, found in
      guard let select = common[CommonCfg.driverFeatureSelect],
        let group = Int(exactly: select), group < FeatureSet.groupCount
      else { return }
      let shown = common.visibleDriverFeatures
      for bit in 32 * group..<32 * group + 32 {
        switch (negotiated.contains(bit: bit), shown.contains(bit: bit)) {
        case (true, false):
          found.add("bit \(bit) is negotiated, and driver_feature does not show it")
        case (false, true) where offered?.contains(bit: bit) == true:
          found.add("driver_feature shows bit \(bit), which is not negotiated")
        default: break
        }
      }
    },
  ]

  /// A queue that a feature adds to those which a type always has.
  private static func queues(
    _ id: String, of type: DeviceType, _ section: String, _ name: String,
    oneMoreWith feature: Feature
  ) -> Rule {
    let least = DeviceDefinition(of: type)?.leastQueues ?? 0
    return Rule(
      id, .should, .inferred, section, of: .type(type),
      "\(name) that offers \(feature.name) has \(least + 1) queues.",
      example: "bit \(feature.bit) offered, num_queues \(least)", given: .queueCount, .shownOffered
    ) { count, offered, found in
      guard offered.contains(feature) else { return }
      found.addIfFewer(count, than: UInt64(least) + 1, of: type)
    }
  }
}

extension Findings {
  /// Something that is wrong with a queue.
  mutating func add(_ queue: QueueState, _ message: @autoclosure () -> String) {
    add("queue \(queue.index): \(message())")
  }

  /// That a part of the ring of a queue is not where it may be.
  fileprivate mutating func addMisaligned(_ queue: QueueState, driverUnit: UInt64) {
    if queue.desc % 16 != 0 {
      add(queue, "queue_desc \(Hex(queue.desc)) is not a multiple of 16")
    } else if queue.driver % driverUnit != 0 {
      add(queue, "queue_driver \(Hex(queue.driver)) is not a multiple of \(driverUnit)")
    } else if queue.device % 4 != 0 {
      add(queue, "queue_device \(Hex(queue.device)) is not a multiple of 4")
    }
  }

  /// That there are fewer queues than `least`.
  fileprivate mutating func addIfFewer(_ count: UInt16, than least: UInt64) {
    if UInt64(count) < least { add("num_queues \(count) is below \(least)") }
  }

  /// The same of a type of which fewer may be enough for some devices: where there are fewer than all
  /// need, `num-queues-fits-type` says so.
  fileprivate mutating func addIfFewer(
    _ count: UInt16, than least: UInt64, of type: DeviceType
  ) {
    guard UInt64(count) < least, Int(count) >= DeviceDefinition(of: type)?.leastQueues ?? 0 else {
      return
    }
    addIfFewer(count, than: least)
  }
}

extension Given where Value == Bool {
  /// Whether queues are packed rings, if that is known (VIRTIO 1.4 §4.1.4.3.1).
  fileprivate static var isRingPacked: Self {
    Self(.ringLayout) { $0.hasNegotiated(.ringPacked) }
  }
}

extension Given where Value == UInt64 {
  /// How many queues a network device has at least.
  fileprivate static var netQueues: Self {
    Self([.deviceConfig, .offered, .queuePairs]) { function in
      let hasPairs = function.negotiated?.isDisjoint(with: Function.pairFeatures) == false
      let pairs = hasPairs ? function.answered?.device?[Net.maxVirtqueuePairs] ?? 1 : 1
      let control: UInt64 = function.shownOffered.contains(Feature.Net.ctrlVQ) ? 1 : 0
      return 2 * UInt64(max(pairs, 1)) + control
    }
  }

  /// How many queues a console has at least.
  fileprivate static var consoleQueues: Self {
    Self([.deviceConfig, .offered]) { function in
      function.answered?.device?[Console.maxNrPorts].map { 2 * UInt64($0) + 2 } ?? 2
    }
  }
}
