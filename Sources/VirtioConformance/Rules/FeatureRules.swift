import VirtioPCI

extension Rule {
  /// What is offered and accepted, VIRTIO 1.4 §2.2, §6 and §6.1.
  static let featureRules: [Rule] = [
    Rule(
      "driver-features-subset", .must, .normative, "2.2.1", by: .driver,
      "The driver accepts only offered bits.",
      example: "driver_feature has bit 5, device_feature does not", given: .offered,
      .modernNegotiated, .naming
    ) { offered, negotiated, naming, found in
      let excess = negotiated.subtracting(offered)
      guard !excess.isEmpty else { return }
      found.add("the driver accepted what is not offered: \(naming.names(of: excess))")
    },
    Rule(
      "feature-version-1-offered", .must, .normative, "6.2",
      "The device offers VIRTIO_F_VERSION_1.",
      example: "group 1 of device_feature has bit 0 clear", given: .offered
    ) { offered, found in
      if !offered.contains(.version1) {
        found.add("\(Feature.version1.name) is not offered")
      }
    },
    Rule(
      "feature-version-1-accepted", .must, .normative, "6.1", by: .driver,
      "The driver accepts VIRTIO_F_VERSION_1 when it is offered.",
      example: "status 0x0F with bit 32 not negotiated on 0x1AF4:0x1041", given: .status,
      .modernNegotiated, .offeredIfKnown
    ) { status, negotiated, offered, found in
      guard status.contains(.featuresOK), !negotiated.contains(.version1),
        offered?.contains(.version1) ?? true
      else { return }
      found.add("the driver did not accept \(Feature.version1.name)")
    },
    Rule(
      "feature-reserved-bits", .must, .normative, "2.2.2",
      "No reserved bit is offered.",
      example: "bit 45 offered", given: .offered, .naming
    ) { offered, naming, found in
      found.add(offered.intersection(.reserved), areOfferedIn: naming)
    },
    Rule(
      "feature-generic-undefined-bits", .must, .normative, "2.2.2", but: laterVersion,
      "No undefined bit of the generic range is offered.",
      example: "bit 31 offered", given: .offered, .naming
    ) { offered, naming, found in
      let undefined = FeatureSet.genericRange.subtracting(FeatureSet(Feature.generic))
      found.add(offered.intersection(undefined), areOfferedIn: naming)
    },
    Rule(
      "feature-device-undefined-bits", .must, .normative, "2.2.2", but: laterVersion,
      "No device-specific bit is offered that the type does not define.",
      example: "bit 3 on an entropy device; bit 12 on a console", given: .offered, .describedType,
      .naming
    ) { offered, type, naming, found in
      guard type.isDescribed else { return }
      let undefined = offered.intersection(.deviceSpecificRange)
        .subtracting(FeatureSet(type.features))
      found.add(undefined, areOfferedIn: naming)
    },
    Rule(
      "feature-legacy-only-on-modern", .should, .inferred, "2.2.3", of: .modern,
      "Legacy-only bits are not offered by a non-transitional device.",
      example: "VIRTIO_BLK_F_SCSI offered by 0x1AF4:0x1042", given: .offered, .naming
    ) { offered, naming, found in
      for bit in offered.bits {
        guard let feature = naming.feature(bit), feature.isLegacyOnly else { continue }
        found.add("\(feature.name) is offered")
      }
    },
    Rule(
      "feature-bit-30-not-negotiated", .should, .normative, "6.3", by: .driver,
      "Bit 30 is not negotiated.",
      example: "bit 30 negotiated", given: .negotiated
    ) { negotiated, found in
      if negotiated.contains(.unused30) { found.add("bit 30 is negotiated") }
    },
    Rule(
      "feature-sr-iov-needs-capability", .must, .normative, "6.2",
      "VIRTIO_F_SR_IOV is offered only by a function with an SR-IOV extended capability.",
      example: "bit 37 offered, no SR-IOV capability", given: .shownOffered, .hasSRIOV
    ) { offered, hasSRIOV, found in
      guard offered.contains(.srIOV), !hasSRIOV else { return }
      found.add("\(Feature.srIOV.name) is offered without an SR-IOV capability")
    },
    Rule(
      "feature-sr-iov-offered", .should, .normative, "6.2",
      "A function with an SR-IOV extended capability offers VIRTIO_F_SR_IOV.",
      example: "SR-IOV capability present, bit 37 not offered", given: .offered, .hasSRIOV
    ) { offered, hasSRIOV, found in
      guard hasSRIOV, !offered.contains(.srIOV) else { return }
      found.add("there is an SR-IOV capability, and \(Feature.srIOV.name) is not offered")
    },
    Rule(
      "feature-sr-iov-not-negotiated-without-cap", .must, .normative, "6.1", by: .driver,
      "The driver does not negotiate VIRTIO_F_SR_IOV without an SR-IOV capability.",
      example: "bit 37 negotiated, no capability", given: .negotiated, .hasSRIOV
    ) { negotiated, hasSRIOV, found in
      guard negotiated.contains(.srIOV), !hasSRIOV else { return }
      found.add("\(Feature.srIOV.name) is negotiated without an SR-IOV capability")
    },
    .features(
      "feature-driver-accepts-access-platform", .should, .normative, "6.1", by: .driver,
      .withCapabilities, but: olderDriver,
      "The driver accepts bit 33 (VIRTIO_F_ACCESS_PLATFORM) when it is offered.",
      example: "bit 33 offered, not negotiated",
      FeatureDependency(acceptIfOffered: [.accessPlatform])),
    .features(
      "feature-driver-accepts-ring-packed", .should, .normative, "6.1", by: .driver,
      .withCapabilities, but: olderDriver,
      "The driver accepts bit 34 (VIRTIO_F_RING_PACKED) when it is offered.",
      example: "bit 34 offered, not negotiated",
      FeatureDependency(acceptIfOffered: [.ringPacked])),
    .features(
      "feature-driver-accepts-order-platform", .should, .normative, "6.1", by: .driver,
      .withCapabilities, but: olderDriver,
      "The driver accepts bit 36 (VIRTIO_F_ORDER_PLATFORM) when it is offered.",
      example: "bit 36 offered, not negotiated",
      FeatureDependency(acceptIfOffered: [.orderPlatform])),
    .features(
      "feature-driver-accepts-notif-config-data", .should, .normative, "6.1", by: .driver,
      .withCapabilities, but: olderDriver,
      "The driver accepts bit 39 (VIRTIO_F_NOTIF_CONFIG_DATA) when it is offered.",
      example: "bit 39 offered, not negotiated",
      FeatureDependency(acceptIfOffered: [.notifConfigData])),
    Rule(
      "feature-driver-no-undefined-bits", .must, .normative, "2.2.1", by: .driver,
      but: laterVersion,
      "The driver accepts no bit that is undefined, reserved, meant for another transport or not "
        + "defined for the type.",
      example: "bit 12 negotiated on a console device", given: .negotiated, .describedType, .naming
    ) { negotiated, type, naming, found in
      for bit in negotiated.bits where naming.feature(bit) == nil {
        guard type.isDescribed || !FeatureSet.deviceSpecificRange.contains(bit: bit) else {
          continue
        }
        found.add("the driver accepted bit \(bit), which is not defined")
      }
    },
  ]

  private static let laterVersion = Leniency.note("a later version may define the bit")
  private static let olderDriver = Leniency.note("a driver older than the feature does not know it")
}

extension Findings {
  /// That these features are offered, which should not be.
  fileprivate mutating func add(_ features: FeatureSet, areOfferedIn naming: Naming) {
    for bit in features.bits {
      add("\(naming.feature(bit)?.name ?? "bit \(bit), which has no name,") is offered")
    }
  }
}

extension FeatureSet {
  /// The bits that are kept for later versions, VIRTIO 1.4 §2.2.
  fileprivate static let reserved = FeatureSet(bits: 44...49)
  /// Those of every type.
  fileprivate static let genericRange = FeatureSet(bits: 24...40)
  /// Those of one type. Of its range 41 is VIRTIO_F_ADMIN_VQ.
  fileprivate static let deviceSpecificRange = FeatureSet(
    bits: [Int](0..<24) + [42] + [Int](50..<128))
}
