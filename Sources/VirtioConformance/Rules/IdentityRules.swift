import VirtioPCI

extension Rule {
  /// Who a function says it is, VIRTIO 1.4 §4.1.2.
  static let identityRules: [Rule] = [
    Rule(
      "pci-device-id-valid", .must, .normative, "4.1.2.1", of: .everyFunction,
      "The device ID is either 0x1040 plus the virtio type or one of the seven transitional IDs.",
      example: "0x1AF4:0x1006", given: .identity
    ) { identity, found in
      let isAssigned =
        identity.hasModernID || DeviceType(transitionalID: identity.deviceID) != nil
      if !isAssigned { found.add("the device ID \(Hex(identity.deviceID)) is not assigned") }
    },
    Rule(
      "pci-device-id-type-assigned", .must, .descriptive, "5", of: .everyFunction,
      "The virtio type the ID stands for is an assigned number and not 0.",
      example: "0x1AF4:0x1040 (type 0)", given: .identity, .typeIfAny
    ) { identity, type, found in
      guard let type else {
        found.add(
          identity.hasModernID
            ? "the device ID stands for type 0, which is invalid"
            : "neither the device ID nor the subsystem ID stands for a type")
        return
      }
      if !type.isAssigned { found.add("type \(type.rawValue) is not assigned in VIRTIO 1.4") }
    },
    Rule(
      "pci-id-transitional-only-if-transitional", .should, .normative, "4.1.2.1", of: .modern,
      "A device without a legacy interface has a device ID in 0x1040..0x107F.",
      example: "0x1AF4:0x1000 revision 1 with memory BAR0 only", needs: .bars, given: .identity,
      .type
    ) { identity, type, found in
      // One that claims to be transitional in all has to have the legacy interface.
      guard !identity.hasModernID, !identity.isTransitional(of: type) else { return }
      found.add(
        "the device ID \(Hex(identity.deviceID)) is that of a transitional device,"
          + " which this is not")
    },
    Rule(
      "pci-modern-revision", .should, .normative, "4.1.2.1", of: .modern,
      "A non-transitional device has revision ID 1 or higher.",
      example: "0x1AF4:0x1041 revision 0", given: .identity
    ) { identity, found in
      guard identity.hasModernID, identity.revision == 0 else { return }
      found.add("the revision is 0; a modern device has 1 or higher")
    },
    Rule(
      "pci-modern-subsystem-id", .should, .normative, "4.1.2.1", of: .modern,
      "A non-transitional device has subsystem device ID 0x40 or higher.",
      example: "0x1AF4:0x1041 with subsystem device ID 0x0001", given: .identity
    ) { identity, found in
      guard identity.hasModernID, identity.subsystemID < 0x40 else { return }
      found.add("the subsystem ID \(Hex(identity.subsystemID)) is below 0x40")
    },
    Rule(
      "pci-transitional-revision", .must, .normative, "4.1.2.3", of: .transitional,
      "A transitional device has revision ID 0.",
      example: "0x1AF4:0x1000 revision 1 with I/O BAR0", given: .identity, .bars
    ) { identity, bars, found in
      guard !identity.hasModernID, bars.isBAR0IO, identity.revision != 0 else { return }
      found.add("the revision is \(identity.revision); a transitional device has 0")
    },
    Rule(
      "pci-transitional-subsystem-matches-type", .must, .normative, "4.1.2.3", of: .transitional,
      "The subsystem device ID of a transitional device equals the virtio type.",
      example: "0x1AF4:0x1000 with subsystem device ID 2", given: .identity
    ) { identity, found in
      guard
        let type = DeviceType(transitionalID: identity.deviceID),
        type.rawValue != identity.subsystemID
      else { return }
      found.add(
        "the subsystem ID \(Hex(identity.subsystemID)) is not \(Hex(type.rawValue)), the device"
          + " type of the device ID")
    },
    Rule(
      "pci-transitional-id-range", .must, .normative, "4.1.2.3", of: .transitional,
      "A transitional device uses an ID in 0x1000..0x103F.",
      example: "0x1AF4:0x1041 revision 0, subsystem ID 1, I/O BAR0", given: .identity, .bars, .type
    ) { identity, bars, type, found in
      guard identity.hasModernID, bars.isBAR0IO, identity.revision == 0,
        identity.subsystemID == type.rawValue
      else { return }
      found.add("all but the device ID \(Hex(identity.deviceID)) says transitional")
    },
    Rule(
      "pci-gpu-class", .should, .descriptive, "5.7.7", of: .type(.gpu),
      "A GPU with VGA compatibility has class VGA display (0x0300), any other GPU has class "
        + "other display (0x0380).",
      example: "virtio GPU with class 0xFF00", given: .identity
    ) { identity, found in
      let display = identity.classCode >> 8
      guard display != 0x0300, display != 0x0380 else { return }
      found.add("the class is \(Hex(UInt64(display), digits: 4)), neither 0x0300 nor 0x0380")
    },
  ]
}

extension Identity {
  /// Whether revision and IDs are those of a transitional device of this type, VIRTIO 1.4 §4.1.2.3.
  func isTransitional(of type: DeviceType) -> Bool {
    !hasModernID && revision == 0 && subsystemID == type.rawValue
  }
}

extension Given where Value == DeviceType? {
  /// The type, which may be what is wrong.
  fileprivate static var typeIfAny: Self { Self([]) { .some($0.type) } }
}
