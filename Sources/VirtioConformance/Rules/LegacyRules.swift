import VirtioPCI

extension Rule {
  /// The legacy interface beside the capabilities, and SR-IOV, VIRTIO 1.4 §4.1.4.10 and §2.12.
  static let legacyRules: [Rule] = [
    Rule(
      "transitional-legacy-bar0-io", .must, .normative, "4.1.5.1.1.1",
      for: .transitional, needs: .bars,
      "A transitional device has the legacy interface in I/O BAR0.",
      example: "0x1AF4:0x1000 revision 0 with memory BAR0"
    ) { function in
      .when(
        function.inputs.contains(.bars) && !function.isBAR0IO && !function.identity.hasModernID
          && function.identity.revision == 0
          && function.identity.subsystemID == function.type?.rawValue,
        "its IDs are those of a transitional device, and BAR 0 is no I/O BAR")
    },
    Rule(
      "transitional-bar0-size", .must, .inferred, "4.1.4.10",
      for: .transitional, needs: [.capabilities, .bars],
      "The legacy BAR0 holds the 20-byte header (24 with MSI-X) plus the device configuration.",
      example: "16-byte BAR0"
    ) { function in
      guard function.interface == .transitional,
        let size = function.bars.first(where: { $0.index == 0 && $0.isIO })?.size
      else { return [] }
      let header: UInt64 = function.pciCapabilities.contains { $0.id == .msix } ? 24 : 20
      let needed =
        header + UInt64(function.configLength(with: function.offeredThroughLegacy))
      return .when(size < needed, "BAR 0 has \(size) bytes; the legacy registers need \(needed)")
    },
    Rule(
      "transitional-legacy-header-location", .must, .normative, "4.1.4.10", for: .transitional,
      "Legacy device configuration starts at offset 20, or 24 while MSI-X is enabled (not "
        + "merely present).",
      .undecidable("it binds whoever reads a device; this program keeps it")),
    Rule(
      "transitional-legacy-features-32", .must, .normative, "4.1.4.10",
      for: .transitional, needs: .negotiated,
      "Only bits 0..31 are visible through the legacy interface; bits 32..63 count as not "
        + "accepted.",
      example: "bit 33 negotiated without bit 32"
    ) { function in
      guard let negotiated = function.negotiated, !negotiated.contains(.version1),
        function.interface == .transitional
      else { return [] }
      return negotiated.bits.filter { $0 > 31 }.map {
        Finding("a legacy driver accepted bit \($0)")
      }
    },
    Rule(
      "transitional-legacy-driver-detect", .must, .normative, "2.2.3", for: .transitional,
      "A driver that did not accept VERSION_1 is a legacy driver.",
      .undecidable("it binds whoever reads a device; this program keeps it")),
    Rule(
      "nontransitional-io-bar0-allowed", .should, .normative, "4.1.4.11.0.1", for: .modern,
      "A non-transitional device may present an I/O BAR0 to make buggy legacy drivers fail; "
        + "an I/O BAR0 alone does not make it transitional.",
      .undecidable("it allows something and demands nothing")),
    Rule(
      "sriov-legacy-owner-ids", .should, .normative, "2.12.1.1.6", for: .modern,
      "An owner device with legacy administration commands, and its member functions, follow "
        + "the non-transitional revision and subsystem rules.",
      .undecidable("whether it is such an owner is not visible")),
    Rule(
      "sriov-vf-bar0-hardwired", .must, .normative, "2.12.1.1.6", for: .modern,
      "If the owner supports the legacy notify-info command the VF BAR0 register of the "
        + "SR-IOV capability is 0.",
      .undecidable("whether it is such an owner is not visible")),
    Rule(
      "access-width", .must, .normative, "4.1.3.1", subject: .driver,
      "Fields are accessed with their own width: 8, 16 or 32 bits, aligned; 64-bit fields as "
        + "two 32-bit halves.",
      .undecidable("it binds whoever reads a device; this program keeps it")),
  ]
}

extension Function {
  /// What the device offers through the legacy interface, which shows 32 bits, as far as one can
  /// tell.
  fileprivate var offeredThroughLegacy: FeatureSet {
    var features = (offered ?? []).union(negotiated ?? [])
    for feature in type?.features ?? [] where feature.isModernOnly { features.remove(feature) }
    return FeatureSet(groups: [features.group(at: 0)])
  }
}
