import VirtioPCI

extension Rule {
  /// The device status, VIRTIO 1.4 §2.1 and §3.1.1.
  static let statusRules: [Rule] = [
    Rule(
      "status-reserved-bit", .should, .inferred, "2.1", of: .everyFunction,
      "Bit 5 (0x20) of the status is not defined; bit 4 (0x10) is defined only since 1.4.",
      example: "status 0x2F", given: .status
    ) { status, found in
      guard status.rawValue & 0x20 != 0 else { return }
      found.add("bit 5 is not defined: status \(Hex(status.rawValue))")
    },
    Rule(
      "status-sequence-driver", .must, .normative, "3.1.1", by: .driver, of: .everyFunction,
      "DRIVER is set only after ACKNOWLEDGE.",
      example: "status 0x02", given: .status
    ) { status, found in
      guard status.contains(.driver), !status.contains(.acknowledge) else { return }
      found.add("DRIVER without ACKNOWLEDGE: status \(Hex(status.rawValue))")
    },
    Rule(
      "status-sequence-features-ok", .must, .normative, "3.1.1", by: .driver, of: .everyFunction,
      "FEATURES_OK is set only after DRIVER.",
      example: "status 0x09", given: .status
    ) { status, found in
      guard status.contains(.featuresOK), !status.contains(.driver) else { return }
      found.add("FEATURES_OK without DRIVER: status \(Hex(status.rawValue))")
    },
    Rule(
      "status-sequence-driver-ok", .must, .normative, "3.1.1", by: .driver,
      "DRIVER_OK is set only after FEATURES_OK, unless the legacy interface is used.",
      example: "status 0x07 on a device with VERSION_1 negotiated", given: .status, .negotiated
    ) { status, negotiated, found in
      guard negotiated.contains(.version1), status.contains(.driverOK),
        !status.contains(.featuresOK)
      else { return }
      found.add("DRIVER_OK without FEATURES_OK: status \(Hex(status.rawValue))")
    },
    Rule(
      "status-suspend-negotiated", .should, .normative, "3.4.1", by: .driver,
      "SUSPEND is set only if VIRTIO_F_SUSPEND is negotiated.",
      example: "status 0x1B without bit 43", given: .status, .negotiated
    ) { status, negotiated, found in
      guard status.contains(.suspend), !negotiated.contains(.suspend) else { return }
      found.add("SUSPEND without \(Feature.suspend.name): status \(Hex(status.rawValue))")
    },
    Rule(
      "status-suspended-state", .must, .normative, "3.4.2",
      but: .note("one look cannot tell how long suspending or resuming takes"),
      "A suspended device shows SUSPEND set and DRIVER_OK clear.",
      example: "status 0x1F long after the suspend request", given: .status
    ) { status, found in
      guard status.isSuperset(of: [.suspend, .driverOK]) else { return }
      found.add(
        "SUSPEND beside DRIVER_OK, as while suspending or resuming: status \(Hex(status.rawValue))")
    },
    Rule(
      "status-common-matches-sysfs", .should, .inferred, "4.1.4.3",
      "device_status in the common configuration equals the status shown by the kernel.",
      example: "0x0F in sysfs and 0x00 in the BAR",
      given: .commonStatus, .kernelStatus
    ) { status, kernel, found in
      guard status != kernel else { return }
      found.add(
        "device_status is \(Hex(status.rawValue)), and the kernel shows \(Hex(kernel.rawValue))")
    },
  ]
}
