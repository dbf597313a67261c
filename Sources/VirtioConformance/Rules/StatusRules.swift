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
      guard status.contains(.featuresOK), !status.isSuperset(of: [.acknowledge, .driver]) else {
        return
      }
      found.add("FEATURES_OK without ACKNOWLEDGE and DRIVER: status \(Hex(status.rawValue))")
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
      "status-needs-reset", .should, .normative, "2.1.1", of: .everyFunction,
      "DEVICE_NEEDS_RESET means the device is in an error state; the driver cannot rely on "
        + "completion of requests and recovers by reset.",
      example: "status 0x4F", given: .status
    ) { status, found in
      guard status.contains(.deviceNeedsReset) else { return }
      found.add("the device asks for a reset: status \(Hex(status.rawValue))")
    },
    Rule(
      "status-failed", .must, .normative, "2.1.1", by: .driver, of: .everyFunction,
      "FAILED means the driver gave up; it has to reset the device before trying again.",
      example: "status 0x83", given: .status
    ) { status, found in
      guard status.contains(.failed) else { return }
      found.add("the driver has given up: status \(Hex(status.rawValue))")
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
      "status-suspended-state", .must, .normative, "3.4.1", severity: .note,
      "A suspended device shows SUSPEND set and DRIVER_OK clear.",
      example: "status 0x1F long after the suspend request", given: .status
    ) { status, found in
      guard status.isSuperset(of: [.suspend, .driverOK]) else { return }
      found.add("SUSPEND beside DRIVER_OK, so suspending goes on: status \(Hex(status.rawValue))")
    },
    Rule(
      "status-zero-while-bound", .should, .inferred, "3.1.1", by: .driver, of: .everyFunction,
      severity: .note,
      "A device with a bound driver has a non-zero status.",
      example: "status 0 with virtio_net bound", given: .status, .isDriven
    ) { status, isDriven, found in
      guard isDriven, status.rawValue == 0 else { return }
      found.add("a driver is bound and the device is reset: status \(Hex(status.rawValue))")
    },
    Rule(
      "status-common-matches-sysfs", .should, .inferred, "4.1.4.3",
      "device_status in the common configuration equals the status shown by the kernel.",
      example: "0x0F in sysfs and 0x00 in the BAR (wrong BAR or wrong capability decoded)",
      given: .commonStatus, .kernelStatus
    ) { status, kernel, found in
      guard status != kernel else { return }
      found.add(
        "device_status is \(Hex(status.rawValue)), and the kernel shows \(Hex(kernel.rawValue))")
    },
  ]
}
