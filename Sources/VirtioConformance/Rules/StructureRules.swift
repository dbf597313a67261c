import VirtioPCI

extension Rule {
  /// Alignment and length of the structures, VIRTIO 1.4 §4.1.4.
  static let structureRules: [Rule] = [
    Rule(
      "cap-common-offset-aligned", .must, .normative, "4.1.4.3.1",
      "The common configuration offset is a multiple of 4.",
      example: "offset 0x1002", given: .list
    ) { list, found in
      list.eachStructure(.common) { position, data in
        guard data.offset % 4 != 0 else { return }
        found.add(at: position, "offset \(Hex(data.offset)) is not a multiple of 4")
      }
    },
    Rule(
      "cap-notify-offset-aligned", .must, .normative, "4.1.4.4.1",
      "The notification offset is a multiple of 2, or of 4 if VIRTIO_F_NOTIFICATION_DATA is "
        + "offered.",
      example: "offset 0x3002 with bit 38 offered", given: .list, .doorbellWidth
    ) { list, unit, found in
      list.eachStructure(.notify) { position, data in
        guard data.offset % unit != 0 else { return }
        found.add(at: position, "offset \(Hex(data.offset)) is not a multiple of \(unit)")
      }
    },
    Rule(
      "cap-device-cfg-offset-aligned", .must, .normative, "4.1.4.6.1",
      "The device-specific configuration offset is a multiple of 4.",
      example: "offset 0x2002", given: .list
    ) { list, found in
      list.eachStructure(.device) { position, data in
        guard data.offset % 4 != 0 else { return }
        found.add(at: position, "offset \(Hex(data.offset)) is not a multiple of 4")
      }
    },
    Rule(
      "cap-isr-length", .must, .descriptive, "4.1.4.5",
      "The ISR structure is at least one byte.",
      example: "length 0 on cfg_type 3", given: .list
    ) { list, found in
      list.eachStructure(.isr) { position, data in
        if data.length == 0 { found.add(at: position, "length 0: there is no byte to read") }
      }
    },
    Rule(
      "cap-common-length-base", .must, .inferred, "4.1.4.3",
      "The common configuration length covers the 1.0 structure.",
      example: "length 48", given: .list
    ) { list, found in
      list.eachStructure(.common) { position, data in
        guard data.length < UInt64(CommonCfg.baseSize) else { return }
        found.add(at: position, "length \(data.length) is below \(CommonCfg.baseSize)")
      }
    },
    Rule(
      "cap-common-length-notif-config-data", .must, .inferred, "4.1.4.3",
      "With VIRTIO_F_NOTIF_CONFIG_DATA the common configuration reaches queue_notif_config_data.",
      example: "bit 39 offered, length 56", given: .list, .shownOffered
    ) { list, offered, found in
      guard offered.contains(.notifConfigData) else { return }
      list.findShortCommon(upTo: CommonCfg.queueNotifConfigData.end, for: .notifConfigData, &found)
    },
    Rule(
      "cap-common-length-ring-reset", .must, .inferred, "4.1.4.3",
      "With VIRTIO_F_RING_RESET the common configuration reaches queue_reset.",
      example: "bit 40 offered, length 56", given: .list, .shownOffered
    ) { list, offered, found in
      guard offered.contains(.ringReset) else { return }
      list.findShortCommon(upTo: CommonCfg.queueReset.end, for: .ringReset, &found)
    },
    Rule(
      "cap-common-length-admin-vq", .must, .inferred, "4.1.4.3",
      "With VIRTIO_F_ADMIN_VQ the common configuration reaches the admin queue fields.",
      example: "bit 41 offered, length 60", given: .list, .shownOffered
    ) { list, offered, found in
      // Without VERSION_1 the bit may be another feature.
      guard offered.isSuperset(of: [.adminVQ, .version1]) else { return }
      list.findShortCommon(upTo: CommonCfg.adminQueueNum.end, for: .adminVQ, &found)
    },
    Rule(
      "notify-length-min", .must, .normative, "4.1.4.4.1",
      "The notification length is at least 2, or 4 if VIRTIO_F_NOTIFICATION_DATA is offered.",
      example: "length 2 with bit 38 offered", given: .list, .doorbellWidth
    ) { list, width, found in
      list.eachStructure(.notify) { position, data in
        guard data.length < width else { return }
        found.add(at: position, "length \(data.length) is below \(width)")
      }
    },
    Rule(
      "notify-multiplier", .must, .normative, "4.1.4.4.1",
      "notify_off_multiplier is 0 or a power of two that is even; with "
        + "VIRTIO_F_NOTIFICATION_DATA offered it is 0 or a power of two that is a multiple of 4.",
      example: "multiplier 1, 3 or 6; multiplier 2 with bit 38 offered", given: .list,
      .doorbellWidth
    ) { list, width, found in
      list.eachStructure(.notify) { position, data in
        guard let multiplier = data.notifyOffMultiplier.map({ UInt64($0) }), multiplier != 0,
          multiplier < width || multiplier & (multiplier - 1) != 0
        else { return }
        found.add(
          at: position,
          "notify_off_multiplier \(multiplier) is neither 0 nor a power of two of at least"
            + " \(width)")
      }
    },
    Rule(
      "notify-offset-fits-every-queue", .must, .normative, "4.1.4.4.1",
      "For every queue the doorbell lies inside the notification structure.",
      example: "queue_notify_off 64, multiplier 4, length 256", given: .place(.notify), .queues,
      .doorbellWidth
    ) { notify, queues, width, found in
      for queue in queues
      where queue.size > 0 && notify.doorbell(notifyOff: queue.notifyOff, width: Int(width)) == nil
      {
        found.add(
          queue, "queue_notify_off \(queue.notifyOff) leads out of the notify structure")
      }
    },
    Rule(
      "devcfg-length-covers-offered-fields", .must, .inferred, "2.5.2",
      "The device-specific structure reaches every field whose feature is offered.",
      example: "VIRTIO_BLK_F_MQ offered, length 32", given: .list, .neededConfigLength
    ) { list, needed, found in
      list.eachStructure(.device) { position, data in
        if data.length == 0 {
          found.add(
            at: position, "length 0: the device configuration has no bytes")
        } else if data.length < UInt64(needed) {
          found.add(
            at: position, "length \(data.length) is below \(needed), where the last field ends")
        }
      }
    },
  ]
}

extension ListedCapabilities {
  /// The common configurations that end before a register which is there with a feature.
  fileprivate func findShortCommon(
    upTo end: Int, for feature: Feature, _ found: inout Findings
  ) {
    for capability in capabilities where capability.head.cfgType == .common {
      guard let data = capability.data, data.length < UInt64(end) else { continue }
      found.add(
        at: capability.position,
        "length \(data.length) is below \(end), and \(feature.name) is offered")
    }
  }
}
