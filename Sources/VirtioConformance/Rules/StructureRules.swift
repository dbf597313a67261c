import VirtioPCI

extension Rule {
  /// Alignment and length of the structures, VIRTIO 1.4 §4.1.4.
  static let structureRules: [Rule] = [
    Rule(
      "cap-common-offset-aligned", .must, .normative, "4.1.4.3.1", needs: .capabilities,
      "The common configuration offset is a multiple of 4.",
      example: "offset 0x1002",
      consequence: "Linux refuses this function: offset not aligned"
    ) { function in
      function.structures(.common) { position, data in
        guard data.offset % 4 != 0 else { return nil }
        return Finding(at: position, "offset \(Hex(data.offset)) is no multiple of 4")
      }
    },
    Rule(
      "cap-notify-offset-aligned", .must, .normative, "4.1.4.4.1",
      needs: [.capabilities, .offered],
      "The notification offset is a multiple of 2, or of 4 if VIRTIO_F_NOTIFICATION_DATA is "
        + "offered.",
      example: "offset 0x3002 with bit 38 offered"
    ) { function in
      let unit = UInt64(function.doorbellWidth)
      return function.structures(.notify) { position, data in
        guard data.offset % unit != 0 else { return nil }
        return Finding(at: position, "offset \(Hex(data.offset)) is no multiple of \(unit)")
      }
    },
    Rule(
      "cap-device-cfg-offset-aligned", .must, .normative, "4.1.4.6.1", needs: .capabilities,
      "The device-specific configuration offset is a multiple of 4.",
      example: "offset 0x2002",
      consequence: "Linux refuses this function: offset not aligned"
    ) { function in
      function.structures(.device) { position, data in
        guard data.offset % 4 != 0 else { return nil }
        return Finding(at: position, "offset \(Hex(data.offset)) is no multiple of 4")
      }
    },
    Rule(
      "cap-isr-offset-unconstrained", .may, .descriptive, "4.1.4.5",
      "The ISR offset may have any alignment.",
      .undecidable("it allows something and demands nothing")),
    Rule(
      "cap-shared-memory-offset-unconstrained", .may, .descriptive, "4.1.4.7",
      "No alignment is required for shared memory regions by the transport.",
      .undecidable("it allows something and demands nothing")),
    Rule(
      "cap-isr-length", .must, .descriptive, "4.1.4.5", needs: .capabilities, severity: .error,
      "The ISR structure is at least one byte.",
      example: "length 0 on cfg_type 3",
      consequence: "Linux refuses this function: bad capability len"
    ) { function in
      function.structures(.isr) { position, data in
        data.length == 0 ? Finding(at: position, "length 0: there is no byte to read") : nil
      }
    },
    Rule(
      "cap-common-length-base", .must, .inferred, "4.1.4.3",
      needs: .capabilities, severity: .error,
      "The common configuration length covers the 1.0 structure.",
      example: "length 48",
      consequence: "Linux refuses this function: bad capability len"
    ) { function in
      function.structures(.common) { position, data in
        guard data.length < UInt64(CommonCfg.baseSize) else { return nil }
        return Finding(
          at: position, "length \(data.length) is below \(CommonCfg.baseSize)")
      }
    },
    Rule(
      "cap-common-length-notif-config-data", .must, .inferred, "4.1.4.3",
      needs: [.capabilities, .offered],
      "With VIRTIO_F_NOTIF_CONFIG_DATA the common configuration reaches queue_notif_config_data.",
      example: "bit 39 offered, length 56"
    ) { function in
      guard function.offers(.notifConfigData) else { return [] }
      return function.structures(.common) { position, data in
        guard data.length < 58 else { return nil }
        return Finding(
          at: position,
          "length \(data.length) is below 58, and VIRTIO_F_NOTIF_CONFIG_DATA is offered")
      }
    },
    Rule(
      "cap-common-length-ring-reset", .must, .inferred, "4.1.4.3",
      needs: [.capabilities, .offered],
      "With VIRTIO_F_RING_RESET the common configuration reaches queue_reset.",
      example: "bit 40 offered, length 56"
    ) { function in
      guard function.offers(.ringReset) else { return [] }
      return function.structures(.common) { position, data in
        guard data.length < 60 else { return nil }
        return Finding(
          at: position, "length \(data.length) is below 60, and VIRTIO_F_RING_RESET is offered")
      }
    },
    Rule(
      "cap-common-length-admin-vq", .must, .inferred, "4.1.4.3", needs: [.capabilities, .offered],
      "With VIRTIO_F_ADMIN_VQ the common configuration reaches the admin queue fields.",
      example: "bit 41 offered, length 60"
    ) { function in
      guard function.offers(.adminVQ), function.offers(.version1)
      else { return [] }
      return function.structures(.common) { position, data in
        guard data.length < 64 else { return nil }
        return Finding(
          at: position, "length \(data.length) is below 64, and VIRTIO_F_ADMIN_VQ is offered")
      }
    },
    Rule(
      "cap-length-larger-accepted", .must, .normative, "4.1.4.1", subject: .driver,
      "An unexpectedly large length is valid.",
      .undecidable("it binds whoever reads a device; this program keeps it")),
    Rule(
      "cap-bar-any-type", .may, .descriptive, "4.1.4",
      "A structure may sit in a 32-bit or 64-bit, memory or I/O BAR.",
      .undecidable("it allows something and demands nothing")),
    Rule(
      "notify-length-min", .must, .normative, "4.1.4.4.1", needs: [.capabilities, .offered],
      "The notification length is at least 2, or 4 if VIRTIO_F_NOTIFICATION_DATA is offered.",
      example: "length 2 with bit 38 offered",
      consequence: "Linux refuses a function with less than 2: bad capability len"
    ) { function in
      function.structures(.notify) { position, data in
        guard data.length < function.doorbellWidth else { return nil }
        return Finding(
          at: position, "length \(data.length) is below \(function.doorbellWidth)")
      }
    },
    Rule(
      "notify-multiplier", .must, .normative, "4.1.4.4.1", needs: [.capabilities, .offered],
      "notify_off_multiplier is 0 or a power of two that is even; with "
        + "VIRTIO_F_NOTIFICATION_DATA offered it is 0 or a power of two that is a multiple of 4.",
      example: "multiplier 1, 3 or 6; multiplier 2 with bit 38 offered",
      consequence: "rcore refuses odd ones"
    ) { function in
      function.structures(.notify) { position, data in
        guard let multiplier = data.notifyOffMultiplier.map({ UInt64($0) }), multiplier != 0,
          multiplier < function.doorbellWidth || multiplier & (multiplier - 1) != 0
        else { return nil }
        return Finding(
          at: position,
          "notify_off_multiplier \(multiplier) is neither 0 nor a power of two of at least"
            + " \(function.doorbellWidth)")
      }
    },
    Rule(
      "notify-offset-fits-every-queue", .must, .normative, "4.1.4.4.1",
      needs: [.offered, .queues],
      "For every queue the doorbell lies inside the notification structure.",
      example: "queue_notify_off 64, multiplier 4, length 256",
      consequence: "Linux refuses this queue: bad notification offset"
    ) { function in
      guard let notify = function.place(of: .notify) else { return [] }
      return function.eachQueue { queue in
        guard queue.size > 0,
          notify.doorbell(notifyOff: queue.notifyOff, width: function.doorbellWidth) == nil
        else { return nil }
        return "queue_notify_off \(queue.notifyOff) leads out of the notify structure"
      }
    },
    Rule(
      "notify-preferred-capability-used", .should, .normative, "4.1.4.1", subject: .driver,
      "The first usable structure of each type is the one to use.",
      .undecidable("it binds whoever reads a device; this program keeps it")),
    Rule(
      "devcfg-length-covers-offered-fields", .must, .inferred, "2.5.2",
      needs: [.capabilities, .offered, .describedType],
      "The device-specific structure reaches every field whose feature is offered.",
      example: "VIRTIO_BLK_F_MQ offered, length 32",
      consequence: "Linux refuses this function: bad capability len 0"
    ) { function in
      let needed = function.neededConfigLength
      return function.structures(.device) { position, data in
        if data.length == 0 {
          return Finding(
            at: position, severity: .error, "length 0: the device configuration has no bytes")
        }
        guard data.length < UInt64(needed) else { return nil }
        return Finding(
          at: position, "length \(data.length) is below \(needed), where the last field ends")
      }
    },
    Rule(
      "devcfg-length-larger-accepted", .must, .normative, "2.5.1", subject: .driver,
      "Tail padding in the device configuration is valid.",
      .undecidable("it binds whoever reads a device; this program keeps it")),
  ]
}
