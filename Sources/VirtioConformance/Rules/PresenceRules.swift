import VirtioPCI

extension Rule {
  /// Which capabilities there are, and what they hold beside a place, VIRTIO 1.4 §4.1.4.
  static let presenceRules: [Rule] = [
    Rule(
      "cap-common-present", .must, .normative, "4.1.4.3.1",
      "At least one common configuration capability.",
      example: "no cfg_type 1 capability on 0x1AF4:0x1042", given: .wholeList
    ) { list, found in
      if !list.has(.common) { found.add("there is no common capability") }
    },
    Rule(
      "cap-notify-present", .must, .normative, "4.1.4.4.1",
      "At least one notification capability.",
      example: "no cfg_type 2 capability", given: .wholeList
    ) { list, found in
      if !list.has(.notify) { found.add("there is no notify capability") }
    },
    Rule(
      "cap-isr-present", .must, .normative, "4.1.4.5.1",
      "At least one ISR capability, even when MSI-X is used.",
      example: "modern device that omits cfg_type 3 because it only uses MSI-X", given: .wholeList
    ) { list, found in
      if !list.has(.isr) { found.add("there is no isr capability") }
    },
    Rule(
      "cap-pci-cfg-present", .must, .normative, "4.1.4.9.1",
      "At least one PCI configuration access capability.",
      example:
        "vendor hardware without cfg_type 5 (common in practice: report it, but it is rarely "
        + "harmful)",
      given: .wholeList
    ) { list, found in
      if !list.has(.pci) { found.add("there is no pci capability") }
    },
    Rule(
      "cap-device-cfg-present", .must, .normative, "4.1.4.6", of: .configured,
      "At least one device-specific configuration capability for every type that has such a "
        + "structure.",
      example: "block device without cfg_type 4; DPDK refuses a network device without it",
      given: .wholeList
    ) { list, found in
      if !list.has(.device) { found.add("there is no device capability") }
    },
    Rule(
      "cap-vendor-data-vendor-id", .must, .normative, "4.1.4.8.1",
      "vendor_id of a vendor data capability is not 0x1AF4.",
      example: "vendor_id 0x1AF4", given: .list
    ) { list, found in
      for capability in list.capabilities
      where capability.vendor?.vendorID == Identity.virtioVendorID {
        found.add(at: capability.position, "the vendor ID of vendor data is 0x1af4")
      }
    },
    Rule(
      "cap-cfg-type-defined", .should, .descriptive, "4.1.4", severity: .note,
      "A device built to this version presents only defined cfg_type values.",
      example: "cfg_type 7", given: .list
    ) { list, found in
      for capability in list.capabilities where capability.head.cfgType.key == nil {
        found.add(
          at: capability.position,
          "cfg_type \(capability.head.cfgType.rawValue) is not defined in VIRTIO 1.4")
      }
    },
  ]
}
