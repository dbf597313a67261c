import VirtioPCI

extension Rule {
  /// The device status, VIRTIO 1.4 §2.1 and §3.1.1.
  static let statusRules: [Rule] = [
    Rule(
      "status-reserved-bit", .should, .inferred, "2.1", for: .everyFunction, needs: .status,
      "Bit 5 (0x20) of the status is not defined; bit 4 (0x10) is defined only since 1.4.",
      example: "status 0x2F"
    ) { function in
      guard let status = function.status else { return [] }
      return .when(
        status.rawValue & 0x20 != 0,
        "bit 5 is not defined: status \(Hex(status.rawValue))")
    },
    Rule(
      "status-sequence-driver", .must, .normative, "3.1.1",
      subject: .driver, for: .everyFunction, needs: .status,
      "DRIVER is set only after ACKNOWLEDGE.",
      example: "status 0x02"
    ) { function in
      guard let status = function.status else { return [] }
      return .when(
        status.contains(.driver) && !status.contains(.acknowledge),
        "DRIVER without ACKNOWLEDGE: status \(Hex(status.rawValue))")
    },
    Rule(
      "status-sequence-features-ok", .must, .normative, "3.1.1",
      subject: .driver, for: .everyFunction, needs: .status,
      "FEATURES_OK is set only after DRIVER.",
      example: "status 0x09"
    ) { function in
      guard let status = function.status else { return [] }
      return .when(
        status.contains(.featuresOK) && !status.isSuperset(of: [.acknowledge, .driver]),
        "FEATURES_OK without ACKNOWLEDGE and DRIVER: status \(Hex(status.rawValue))")
    },
    Rule(
      "status-sequence-driver-ok", .must, .normative, "3.1.1",
      subject: .driver, needs: [.status, .negotiated],
      "DRIVER_OK is set only after FEATURES_OK, unless the legacy interface is used.",
      example: "status 0x07 on a device with VERSION_1 negotiated"
    ) { function in
      guard let status = function.status else { return [] }
      return .when(
        function.hasNegotiated(.version1) && status.contains(.driverOK)
          && !status.contains(.featuresOK),
        "DRIVER_OK without FEATURES_OK: status \(Hex(status.rawValue))")
    },
    Rule(
      "status-needs-reset", .should, .normative, "2.1.1", for: .everyFunction, needs: .status,
      "DEVICE_NEEDS_RESET means the device is in an error state; the driver cannot rely on "
        + "completion of requests and recovers by reset.",
      example: "status 0x4F"
    ) { function in
      guard let status = function.status else { return [] }
      return .when(
        status.contains(.deviceNeedsReset),
        "the device asks for a reset: status \(Hex(status.rawValue))")
    },
    Rule(
      "status-failed", .must, .normative, "2.1.1",
      subject: .driver, for: .everyFunction, needs: .status,
      "FAILED means the driver gave up; it has to reset the device before trying again.",
      example: "status 0x83"
    ) { function in
      guard let status = function.status else { return [] }
      return .when(
        status.contains(.failed),
        "the driver has given up: status \(Hex(status.rawValue))")
    },
    Rule(
      "status-suspend-negotiated", .should, .normative, "3.4.1",
      subject: .driver, needs: [.status, .negotiated],
      "SUSPEND is set only if VIRTIO_F_SUSPEND is negotiated.",
      example: "status 0x1B without bit 43"
    ) { function in
      guard let status = function.status else { return [] }
      return .when(
        status.contains(.suspend) && function.negotiated != nil
          && !function.hasNegotiated(.suspend),
        "SUSPEND without VIRTIO_F_SUSPEND: status \(Hex(status.rawValue))")
    },
    Rule(
      "status-suspended-state", .must, .normative, "3.4.1", needs: .status, severity: .note,
      "A suspended device shows SUSPEND set and DRIVER_OK clear.",
      example: "status 0x1F long after the suspend request"
    ) { function in
      guard let status = function.status else { return [] }
      return .when(
        status.isSuperset(of: [.suspend, .driverOK]),
        "SUSPEND beside DRIVER_OK, so suspending goes on: status \(Hex(status.rawValue))")
    },
    Rule(
      "status-zero-while-bound", .should, .inferred, "3.1.1",
      subject: .driver, for: .everyFunction, needs: .status, severity: .note,
      "A device with a bound driver has a non-zero status.",
      example: "status 0 with virtio_net bound"
    ) { function in
      guard let status = function.status else { return [] }
      return .when(
        function.isDriven && status.rawValue == 0,
        "a driver is bound and the device is reset: status \(Hex(status.rawValue))")
    },
    Rule(
      "status-common-matches-sysfs", .should, .inferred, "4.1.4.3", needs: [.common, .kernel],
      "device_status in the common configuration equals the status shown by the kernel.",
      example: "0x0F in sysfs and 0x00 in the BAR (wrong BAR or wrong capability decoded)"
    ) { function in
      guard let kernel = function.kernel.virtio?.status,
        let status = function.registers?.common[CommonCfg.deviceStatus]
      else { return [] }
      return .when(
        status != kernel,
        "device_status is \(Hex(status.rawValue)), and the kernel shows \(Hex(kernel.rawValue))")
    },
  ]
}
