import VirtioPCI

extension Rule {
  /// Which capabilities there are, and what they hold beside a place, VIRTIO 1.4 §4.1.4.
  static let presenceRules: [Rule] = [
    Rule(
      "cap-common-present", .must, .normative, "4.1.4.3.1",
      "At least one common configuration capability.",
      example: "no cfg_type 1 capability on 0x1AF4:0x1042", given: .wholeList
    ) { $0.findAbsent(.common, &$1) },
    Rule(
      "cap-notify-present", .must, .normative, "4.1.4.4.1",
      "At least one notification capability.",
      example: "no cfg_type 2 capability", given: .wholeList
    ) { $0.findAbsent(.notify, &$1) },
    Rule(
      "cap-isr-present", .must, .normative, "4.1.4.5.1",
      "At least one ISR capability, even when MSI-X is used.",
      example: "modern device that omits cfg_type 3 because it only uses MSI-X", given: .wholeList
    ) { $0.findAbsent(.isr, &$1) },
    Rule(
      "cap-pci-cfg-present", .must, .normative, "4.1.4.9.1",
      "At least one PCI configuration access capability.",
      example: "no cfg_type 5 capability", given: .wholeList
    ) { $0.findAbsent(.pci, &$1) },
    Rule(
      "cap-device-cfg-present", .must, .normative, "4.1.4.6", of: .configured,
      "At least one device-specific configuration capability for every type that has such a "
        + "structure.",
      example: "block device without cfg_type 4", given: .wholeList
    ) { $0.findAbsent(.device, &$1) },
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
      "cap-cfg-type-defined", .should, .descriptive, "4.1.4",
      but: .note("a later version may define the type"),
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

extension ListedCapabilities {
  /// That there is no capability of `type` that a driver would look at.
  fileprivate func findAbsent(_ type: CapCfgType, _ found: inout Findings) {
    guard !capabilities.contains(where: { $0.head.cfgType == type && !$0.isIgnored }) else {
      return
    }
    let name = type.key ?? "\(type.rawValue)"
    let ignored = capabilities.first { $0.head.cfgType == type }
    guard let ignored, let bar = ignored.data?.bar else {
      return found.add("there is no \(name) capability")
    }
    found.add(
      "there is no usable \(name) capability: the one at \(Hex(ignored.position)) names BAR"
        + " \(bar)")
  }
}
