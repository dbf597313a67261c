import VirtioPCI

extension Rule {
  /// Which capabilities there are, and what they hold beside a place, VIRTIO 1.4 §4.1.4.
  static let presenceRules: [Rule] = [
    Rule(
      "cap-common-present", .must, .normative, "4.1.4.3.1", needs: .capabilities,
      "At least one common configuration capability.",
      example: "no cfg_type 1 capability on 0x1AF4:0x1042",
      consequence: "Linux refuses this function: leaving for legacy driver"
    ) { $0.lacks(.common) },
    Rule(
      "cap-notify-present", .must, .normative, "4.1.4.4.1", needs: .capabilities,
      "At least one notification capability.",
      example: "no cfg_type 2 capability",
      consequence: "Linux refuses this function: missing capabilities"
    ) { $0.lacks(.notify) },
    Rule(
      "cap-isr-present", .must, .normative, "4.1.4.5.1", needs: .capabilities,
      "At least one ISR capability, even when MSI-X is used.",
      example: "modern device that omits cfg_type 3 because it only uses MSI-X",
      consequence: "Linux refuses this function: missing capabilities"
    ) { $0.lacks(.isr) },
    Rule(
      "cap-pci-cfg-present", .must, .normative, "4.1.4.9.1", needs: .capabilities,
      "At least one PCI configuration access capability.",
      example: "vendor hardware without cfg_type 5 (common in practice: report it, but it is "
        + "rarely harmful)"
    ) { $0.lacks(.pci) },
    Rule(
      "cap-device-cfg-present", .must, .normative, "4.1.4.6",
      for: .types(DeviceType.defined.filter { $0.section != nil && $0.hasDeviceConfig == true }),
      needs: .capabilities,
      "At least one device-specific configuration capability for every type that has such a "
        + "structure.",
      example: "block device without cfg_type 4; DPDK refuses a network device without it"
    ) { function in
      // It has a driver of network devices only.
      function.lacks(
        .device, consequence: function.type == .net ? "DPDK refuses this function" : nil)
    },
    Rule(
      "cap-device-cfg-optional-for-types-without-config", .may, .descriptive, "4.1.4.6",
      for: .types([.rng, .i2c, .scmi, .rtc]),
      "Types without device configuration need no device-specific capability; one that is "
        + "present is harmless.",
      .undecidable("it allows something and demands nothing")),
    Rule(
      "cap-multiple-of-same-type", .may, .normative, "4.1.4",
      "Several capabilities of one type may exist; list order is preference order.",
      .undecidable("it allows something and demands nothing")),
    Rule(
      "cap-order-by-preference", .should, .normative, "4.1.4.2",
      "Several structures of one type are listed best first.",
      .undecidable("what a device prefers is not visible")),
    Rule(
      "cap-vendor-data-optional", .may, .normative, "4.1.4.8.1",
      "Vendor data capabilities are optional, may repeat, and may carry any vendor ID except "
        + "0x1AF4.",
      .undecidable("it allows something and demands nothing")),
    Rule(
      "cap-vendor-data-vendor-id", .must, .normative, "4.1.4.8.1", needs: .capabilities,
      "vendor_id of a vendor data capability is not 0x1AF4.",
      example: "vendor_id 0x1AF4"
    ) { function in
      function.capabilities.compactMap { capability in
        guard capability.vendor?.vendorID == Identity.virtioVendorID else { return nil }
        return Finding(at: capability.position, "the vendor ID of vendor data is 0x1af4")
      }
    },
    Rule(
      "cap-vendor-data-read-safe", .must, .normative, "4.1.4.8.1",
      "Reading vendor data has no side effect.",
      .undecidable("a side effect of reading is not visible")),
    Rule(
      "cap-len-larger-accepted", .must, .normative, "4.1.4.1", subject: .driver,
      "A cap_len larger than needed is valid.",
      .undecidable("it binds whoever reads a device; this program keeps it")),
    Rule(
      "cap-cfg-type-reserved-ignored", .must, .normative, "4.1.4.1", subject: .driver,
      "Vendor capabilities with a reserved cfg_type are ignored.",
      .undecidable("it binds whoever reads a device; this program keeps it")),
    Rule(
      "cap-cfg-type-defined", .should, .descriptive, "4.1.4",
      needs: .capabilities, severity: .note,
      "A device built to this version presents only defined cfg_type values.",
      example: "cfg_type 7"
    ) { function in
      function.capabilities.compactMap { capability in
        guard capability.head.cfgType.key == nil else { return nil }
        return Finding(
          at: capability.position,
          "cfg_type \(capability.head.cfgType.rawValue) is not defined in VIRTIO 1.4")
      }
    },
    Rule(
      "cap-bar-reserved-ignored", .must, .normative, "4.1.4.1", subject: .driver,
      "A structure capability with bar above 5 is ignored.",
      .undecidable("it binds whoever reads a device; this program keeps it")),
    Rule(
      "cap-id-unspecified-outside-shared-memory", .may, .descriptive, "4.1.4",
      "The id byte of other capability types has no defined content.",
      .undecidable("it allows something and demands nothing")),
  ]
}
