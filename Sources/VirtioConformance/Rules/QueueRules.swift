import VirtioPCI

extension Rule {
  /// Queues, VIRTIO 1.4 §4.1.4.3 and §2.7.
  static let queueRules: [Rule] = [
    Rule(
      "queue-enable-zero-after-reset", .must, .normative, "4.1.4.3.1", needs: .queues,
      "After reset queue_enable is 0.",
      example: "status 0, queue_enable 1"
    ) { function in
      function.eachQueue { queue in
        function.isReset && queue.enable != 0 ? "queue_enable is not 0 after a reset" : nil
      }
    },
    Rule(
      "queue-enable-values", .must, .descriptive, "4.1.4.3", needs: .queues,
      "queue_enable is 0 or 1.",
      example: "queue_enable 0xFFFF"
    ) { function in
      function.eachQueue { queue in
        queue.enable > 1 ? "queue_enable is \(queue.enable), neither 0 nor 1" : nil
      }
    },
    Rule(
      "queue-enabled-exists", .must, .inferred, "4.1.4.3.1", needs: .queues,
      "An unavailable queue (size 0) is not enabled.",
      example: "queue_size 0 and queue_enable 1"
    ) { function in
      function.eachQueue { queue in
        queue.size == 0 && queue.isEnabled ? "it has size 0 and is enabled" : nil
      }
    },
    Rule(
      "queue-size-power-of-two", .must, .normative, "4.1.4.3.1", needs: [.negotiated, .queues],
      "Without VIRTIO_F_RING_PACKED negotiated queue_size is 0 or a power of two.",
      example: "queue_size 100 with the split ring"
    ) { function in
      guard function.negotiated != nil, !function.hasNegotiated(.ringPacked) else {
        return []
      }
      return function.eachQueue { queue in
        guard queue.size != 0, queue.size & (queue.size - 1) != 0 else { return nil }
        return "queue_size \(queue.size) is no power of two"
      }
    },
    Rule(
      "queue-size-max", .must, .descriptive, "2.7", needs: .queues,
      "queue_size is at most 32768 for both ring layouts.",
      example: "queue_size 0xFFFF"
    ) { function in
      function.eachQueue { queue in
        queue.size > 0x8000 ? "queue_size \(queue.size) is above 32768" : nil
      }
    },
    Rule(
      "queue-size-zero-beyond-num-queues", .must, .normative, "4.1.4.3.1",
      needs: [.common, .adminQueues, .absentQueue],
      "A queue that does not exist reads queue_size 0.",
      example: "queue_select 9, num_queues 3, queue_size 256"
    ) { function in
      guard let count = function.queueCount, function.inputs.contains(.adminQueues) else {
        return []
      }
      return function.eachQueue(of: function.readQueues) { queue in
        guard queue.size != 0, function.isAbsent(queue) else { return nil }
        return "it has size \(queue.size), and num_queues is \(count)"
      }
    },
    Rule(
      "queue-reset-zero-when-enabled", .must, .normative, "4.1.4.3.1",
      needs: [.negotiated, .queues],
      "queue_reset reads 0 after reset and after the queue is enabled.",
      example: "queue_enable 1, queue_reset 1 for a long time"
    ) { function in
      guard function.hasNegotiated(.ringReset) else { return [] }
      return function.eachQueue { queue in
        queue.isEnabled && queue.isInReset == true ? "it is enabled, and queue_reset is 1" : nil
      }
    },
    Rule(
      "queue-addresses-set-when-enabled", .must, .inferred, "4.1.4.3.2",
      subject: .driver, needs: .queues,
      "The ring addresses are configured before the queue is enabled.",
      example: "queue_enable 1 with queue_desc 0"
    ) { function in
      function.eachQueue { queue in
        guard queue.isEnabled, [queue.desc, queue.driver, queue.device].contains(0) else {
          return nil
        }
        return "it is enabled, and a part of its ring has address 0"
      }
    },
    Rule(
      "queue-desc-aligned", .must, .normative, "2.7.1",
      subject: .driver, needs: [.negotiated, .queues],
      "Ring parts are aligned: descriptor area 16; driver area 2 (split) or 4 (packed); "
        + "device area 4.",
      example: "queue_desc 0x1008"
    ) { function in
      guard function.negotiated != nil else { return [] }
      let driverUnit: UInt64 = function.hasNegotiated(.ringPacked) ? 4 : 2
      return function.eachQueue { queue in
        guard queue.isEnabled else { return nil }
        let parts: [(name: String, address: UInt64, unit: UInt64)] = [
          ("queue_desc", queue.desc, 16), ("queue_driver", queue.driver, driverUnit),
          ("queue_device", queue.device, 4),
        ]
        return parts.first { $0.address % $0.unit != 0 }.map {
          "\($0.name) \(Hex($0.address)) is no multiple of \($0.unit)"
        }
      }
    },
    Rule(
      "driver-ok-has-enabled-queue", .should, .inferred, "4.1.4.3.2",
      subject: .driver, needs: [.queues, .status, .modernDriver], severity: .note,
      "With DRIVER_OK at least one queue is normally enabled.",
      example: "DRIVER_OK with every queue disabled"
    ) { function in
      guard function.status?.contains(.driverOK) == true, let queues = function.registers?.queues,
        function.registers?.queuesAreComplete == true
      else { return [] }
      return .when(
        !queues.contains { $0.isEnabled }, "the driver is running, and no queue is enabled")
    },
    Rule(
      "num-queues-fits-type", .should, .inferred, "5", needs: [.common, .describedType],
      "num_queues covers the queues the type needs.",
      example: "socket device with num_queues 2"
    ) { function in
      function.fewerQueues(
        than: function.type.flatMap { DeviceDefinition(of: $0)?.leastQueues }.map { UInt64($0) })
    },
    Rule(
      "num-queues-net", .should, .inferred, "5.1.2",
      for: .types([.net]), needs: [.common, .deviceConfig, .offered, .queuePairs],
      "A network device has two queues, with MQ or RSS negotiated 2*max_virtqueue_pairs, plus one "
        + "with a control queue.",
      example: "max_virtqueue_pairs 8, MQ negotiated, CTRL_VQ offered, num_queues 16"
    ) { function in function.fewerQueues(than: function.netQueueCount) },
    Rule(
      "num-queues-blk", .should, .inferred, "5.2.2",
      for: .types([.blk]), needs: [.common, .deviceConfig, .offered],
      "With VIRTIO_BLK_F_MQ num_queues of the common configuration covers num_queues of the "
        + "device configuration.",
      example: "config num_queues 16, common num_queues 4"
    ) { $0.fewerQueues(than: $0.field("num_queues")) },
    Rule(
      "num-queues-scsi", .should, .inferred, "5.6.2",
      for: .types([.scsi]), needs: [.common, .deviceConfig],
      "A SCSI host has num_queues + 2 queues.",
      example: "config num_queues 4, common num_queues 4"
    ) { $0.fewerQueues(than: $0.field("num_queues").map { max($0, 1) + 2 }) },
    Rule(
      "num-queues-crypto", .should, .inferred, "5.9.2",
      for: .types([.crypto]), needs: [.common, .deviceConfig],
      "A crypto device has max_dataqueues + 1 queues.",
      example: "max_dataqueues 4, num_queues 4"
    ) { $0.fewerQueues(than: $0.field("max_dataqueues").map { $0 + 1 }) },
    Rule(
      "num-queues-fs", .should, .inferred, "5.11.2",
      for: .types([.fs]), needs: [.common, .deviceConfig, .offered],
      "A file system device has num_request_queues + 1 queues, one more with "
        + "VIRTIO_FS_F_NOTIFICATION.",
      example: "num_request_queues 2, num_queues 2"
    ) { function in
      let more: UInt64 = function.offers(Feature.FS.notification) ? 2 : 1
      return function.fewerQueues(than: function.field("num_request_queues").map { $0 + more })
    },
    Rule(
      "num-queues-console", .should, .inferred, "5.3.2",
      for: .types([.console]), needs: [.common, .deviceConfig, .offered],
      "A multiport console has 2*max_nr_ports + 2 queues.",
      example: "max_nr_ports 31, num_queues 2"
    ) { $0.fewerQueues(than: $0.field("max_nr_ports").map { 2 * $0 + 2 } ?? 2) },
    Rule(
      "num-queues-balloon", .should, .inferred, "5.5.2",
      for: .types([.balloon]), needs: [.common, .offered],
      "A balloon has one queue per offered optional queue on top of two.",
      example: "PAGE_REPORTING offered, num_queues 2"
    ) { function in
      let optional: [Feature] = [
        Feature.Balloon.statsVQ, Feature.Balloon.freePageHint,
        Feature.Balloon.pageReporting,
      ]
      return function.fewerQueues(than: 2 + UInt64(optional.count { function.offers($0) }))
    },
    Rule(
      "admin-queue-index", .must, .normative, "4.1.4.3.1", needs: [.common, .negotiated],
      "With VIRTIO_F_ADMIN_VQ negotiated admin_queue_index >= num_queues.",
      example: "num_queues 3, admin_queue_index 2"
    ) { function in
      guard let common = function.registers?.common, let index = common[CommonCfg.adminQueueIndex],
        let count = common[CommonCfg.numQueues], function.hasNegotiated(.adminVQ)
      else { return [] }
      return .when(index < count, "admin_queue_index \(index) is below num_queues \(count)")
    },
    Rule(
      "admin-queue-num-range", .must, .normative, "4.1.4.3.1", needs: [.common, .negotiated],
      "With VIRTIO_F_ADMIN_VQ negotiated admin_queue_num <= 0x10000 - admin_queue_index.",
      example: "admin_queue_index 0xFFFF, admin_queue_num 2"
    ) { function in
      guard let common = function.registers?.common, let index = common[CommonCfg.adminQueueIndex],
        let count = common[CommonCfg.adminQueueNum], function.hasNegotiated(.adminVQ)
      else { return [] }
      return .when(
        Int(index) + Int(count) > 0x10000,
        "admin_queue_index \(index) + admin_queue_num \(count) is above 65536")
    },
    Rule(
      "admin-queue-num-nonzero", .should, .descriptive, "2.13", needs: [.common, .negotiated],
      "A device that offers VIRTIO_F_ADMIN_VQ has at least one admin virtqueue.",
      example: "bit 41 negotiated, admin_queue_num 0"
    ) { function in
      .when(
        function.hasNegotiated(.adminVQ)
          && function.registers?.common[CommonCfg.adminQueueNum] == 0, "admin_queue_num is 0")
    },
    Rule(
      "config-generation-changes", .must, .normative, "4.1.4.3.1",
      "config_generation changes when the device configuration changed between two reads.",
      .undecidable("it takes two looks at different times")),
    Rule(
      "common-registers-not-all-ones", .must, .inferred, "4.1.3.2", needs: .common,
      "A live device does not read as all ones.",
      example: "every byte 0xFF"
    ) { .when($0.registersAreAllOnes, "the registers read all ones") },
    Rule(
      "device-feature-high-groups-zero", .must, .normative, "4.1.4.3.1",
      "Feature groups without defined bits read 0.",
      .undecidable("bits 128 and up are not read")),
    Rule(
      "driver-feature-readback", .must, .normative, "4.1.4.3.1",
      needs: [.common, .kernel, .negotiated, .modernDriver],
      "driver_feature shows every valid bit the driver wrote.",
      example: "the kernel shows bit 34 negotiated, and in group 1 driver_feature has bit 2 clear"
    ) { function in
      guard let common = function.registers?.common, let negotiated = function.negotiated,
        function.kernel.virtio?.status != nil, let group = common[CommonCfg.driverFeatureSelect],
        group < FeatureSet.groupCount
      else { return [] }
      let shown = common.visibleDriverFeatures
      return (32 * Int(group)..<32 * Int(group) + 32).compactMap { bit in
        switch (negotiated.contains(bit: bit), shown.contains(bit: bit)) {
        case (true, false): Finding("bit \(bit) is negotiated, and driver_feature does not show it")
        case (false, true) where function.offered?.contains(bit: bit) == true:
          Finding("driver_feature shows bit \(bit), which is not negotiated")
        default: nil
        }
      }
    },
  ]
}

extension Function {
  /// Whether a queue that was read is none that the device has: it lies beyond `num_queues`, and is
  /// none of administration, as far as the registers say.
  func isAbsent(_ queue: QueueState) -> Bool {
    guard let common = registers?.common, let count = common[CommonCfg.numQueues],
      queue.index >= count
    else {
      return false
    }
    let first = Int(common[CommonCfg.adminQueueIndex] ?? 0)
    let admin = first..<first + Int(common[CommonCfg.adminQueueNum] ?? 0)
    return !admin.contains(Int(queue.index))
  }

  /// The features with which a network device has more than a pair of queues. QEMU makes the others
  /// when one of these is accepted.
  static let pairFeatures: [Feature] = [Feature.Net.mq, Feature.Net.rss]

  /// How many queues a network device has at least.
  fileprivate var netQueueCount: UInt64 {
    let hasPairs = Self.pairFeatures.contains { hasNegotiated($0) }
    let pairs = hasPairs ? field("max_virtqueue_pairs") ?? 1 : 1
    return 2 * max(pairs, 1) + (offers(Feature.Net.ctrlVQ) ? 1 : 0)
  }
}
