import VirtioPCI

extension Rule {
  /// Who a function says it is, VIRTIO 1.4 §4.1.2.
  static let identityRules: [Rule] = [
    Rule(
      "pci-vendor-id", .must, .normative, "4.1.2.1", for: .everyFunction,
      "A virtio PCI function uses PCI vendor ID 0x1AF4.",
      consequence: "drivers do not look at this function",
      .undecidable("a function of another vendor is not taken for a virtio function")),
    Rule(
      "pci-device-id-valid", .must, .normative, "4.1.2.1", for: .everyFunction,
      "The device ID is either 0x1040 plus the virtio type or one of the seven transitional IDs.",
      example: "0x1AF4:0x1006"
    ) { function in
      let id = function.identity.deviceID
      let isAssigned =
        function.identity.hasModernID || DeviceType(transitionalID: id) != nil
      return .when(!isAssigned, "the device ID \(Hex(id)) is not assigned")
    },
    Rule(
      "pci-device-id-type-assigned", .must, .descriptive, "5", for: .everyFunction,
      "The virtio type the ID stands for is an assigned number and not 0.",
      example: "0x1AF4:0x1040 (type 0)"
    ) { function in
      guard let type = function.type else {
        return [
          Finding(
            function.identity.hasModernID
              ? "the device ID stands for type 0, which is invalid"
              : "neither the device ID nor the subsystem ID stands for a type")
        ]
      }
      return .when(type.key == nil, "type \(type.rawValue) is not assigned in VIRTIO 1.4")
    },
    Rule(
      "pci-id-transitional-only-if-transitional", .should, .normative, "4.1.2.1",
      for: .modern, needs: .bars,
      "A device without a legacy interface has a device ID in 0x1040..0x107F.",
      example: "0x1AF4:0x1000 revision 1 with memory BAR0 only"
    ) { function in
      .when(
        !function.identity.hasModernID,
        "the device ID \(Hex(function.identity.deviceID)) is that of a transitional device,"
          + " which this is not")
    },
    Rule(
      "pci-modern-revision", .should, .normative, "4.1.2.1", for: .modern, severity: .error,
      "A non-transitional device has revision ID 1 or higher.",
      example: "0x1AF4:0x1041 revision 0",
      consequence: "OVMF does not take it for a modern device"
    ) { function in
      .when(
        function.identity.hasModernID && function.identity.revision == 0,
        "the revision is 0; a modern device has 1 or higher")
    },
    Rule(
      "pci-modern-subsystem-id", .should, .normative, "4.1.2.1", for: .modern, severity: .error,
      "A non-transitional device has subsystem device ID 0x40 or higher.",
      example: "0x1AF4:0x1041 with subsystem device ID 0x0001",
      consequence: "OVMF does not take it for a modern device"
    ) { function in
      .when(
        function.identity.hasModernID && function.identity.subsystemID < 0x40,
        "the subsystem ID \(Hex(function.identity.subsystemID)) is below 0x40")
    },
    Rule(
      "pci-transitional-revision", .must, .normative, "4.1.2.3", for: .transitional, needs: .bars,
      "A transitional device has revision ID 0.",
      example: "0x1AF4:0x1000 revision 1 with I/O BAR0"
    ) { function in
      .when(
        !function.identity.hasModernID && function.isBAR0IO && function.identity.revision != 0,
        "the revision is \(function.identity.revision); a transitional device has 0")
    },
    Rule(
      "pci-transitional-subsystem-matches-type", .must, .normative, "4.1.2.3", for: .transitional,
      "The subsystem device ID of a transitional device equals the virtio type.",
      example: "0x1AF4:0x1000 with subsystem device ID 2",
      consequence: "Linux takes the device for another type"
    ) { function in
      guard
        let type = DeviceType(transitionalID: function.identity.deviceID),
        type.rawValue != function.identity.subsystemID
      else { return [] }
      return [
        Finding(
          "the subsystem ID \(function.identity.subsystemID) is not the device type"
            + " \(type.rawValue)")
      ]
    },
    Rule(
      "pci-transitional-id-range", .must, .normative, "4.1.2.3", for: .transitional, needs: .bars,
      "A transitional device uses an ID in 0x1000..0x103F.",
      example: "0x1AF4:0x1041 revision 0, subsystem ID 1, I/O BAR0"
    ) { function in
      .when(
        function.identity.hasModernID && function.isBAR0IO && function.identity.revision == 0
          && function.identity.subsystemID == function.type?.rawValue,
        "all but the device ID \(Hex(function.identity.deviceID)) says transitional")
    },
    Rule(
      "pci-subsystem-ids-are-informational", .may, .normative, "4.1.2.1",
      "Subsystem vendor and device IDs may show the environment (for example the board or "
        + "hypervisor vendor).",
      .undecidable("any value is allowed")),
    Rule(
      "pci-nonvirtio-ids-of-vendor", .must, .descriptive, "4.1.2",
      subject: .driver, for: .everyFunction,
      "Only IDs 0x1000..0x107F of vendor 0x1AF4 are virtio.",
      .undecidable("it binds whoever reads a device; this program keeps it")),
    Rule(
      "pci-any-revision-accepted", .must, .normative, "4.1.2.2",
      subject: .driver, for: .everyFunction,
      "Any revision ID is matched.",
      .undecidable("it binds whoever reads a device; this program keeps it")),
    Rule(
      "pci-express-optional", .may, .descriptive, "4.1",
      "A virtio device may be a conventional PCI or a PCI Express function.",
      .undecidable("it allows something and demands nothing")),
    Rule(
      "pci-legacy-only-device", .may, .normative, "4.1.5.1.1.1",
      subject: .driver, for: .transitional,
      "A function with ID 0x1000..0x103F and no virtio vendor capability is a legacy device, "
        + "outside this specification.",
      .undecidable("it binds whoever reads a device; this program keeps it")),
    Rule(
      "pci-gpu-class", .should, .descriptive, "5.7.7", for: .types([.gpu]),
      "A GPU with VGA compatibility has class VGA display (0x0300), any other GPU has class "
        + "other display (0x0380).",
      example: "virtio GPU with class 0xFF00"
    ) { function in
      let display = function.identity.classCode >> 8
      return .when(
        display != 0x0300 && display != 0x0380,
        "the class is \(Hex(UInt64(display), digits: 4)), neither 0x0300 nor 0x0380")
    },
  ]
}
