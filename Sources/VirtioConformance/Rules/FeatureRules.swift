import VirtioPCI

extension Rule {
  /// What is offered and accepted, VIRTIO 1.4 §2.2, §6 and §6.1.
  static let featureRules: [Rule] = [
    Rule(
      "driver-features-subset", .must, .normative, "2.2.1",
      // The legacy interface may offer what the other does not.
      subject: .driver, needs: [.offered, .negotiated, .modernDriver],
      "The driver accepts only offered bits.",
      example: "driver_feature has bit 5, device_feature does not"
    ) { function in
      guard let offered = function.offered, let negotiated = function.negotiated else { return [] }
      let excess = negotiated.subtracting(offered)
      return .when(
        !excess.isEmpty,
        "the driver accepted what is not offered: \(function.names(of: excess))")
    },
    Rule(
      "feature-version-1-offered", .must, .normative, "6.2", needs: .offered,
      "The device offers VIRTIO_F_VERSION_1.",
      example: "group 1 of device_feature has bit 0 clear",
      consequence: "Linux refuses a modern device without it"
    ) { function in
      guard let offered = function.offered else { return [] }
      return .when(!offered.contains(.version1), "VIRTIO_F_VERSION_1 is not offered")
    },
    Rule(
      "feature-version-1-accepted", .must, .normative, "6.1",
      subject: .driver, needs: [.negotiated, .status, .modernDriver],
      "The driver accepts VIRTIO_F_VERSION_1 when it is offered.",
      example: "status 0x0F with bit 32 not negotiated on 0x1AF4:0x1041"
    ) { function in
      .when(
        function.status?.contains(.featuresOK) == true
          && function.negotiated.map { !$0.contains(.version1) } ?? false
          && function.offered?.contains(.version1) ?? true,
        "the driver did not accept VIRTIO_F_VERSION_1")
    },
    Rule(
      "feature-reserved-bits", .must, .normative, "2.2.2", needs: .offered,
      "No reserved bit is offered.",
      example: "bit 45 offered"
    ) { function in
      function.offeredBits { (44...49).contains($0) }
    },
    Rule(
      "feature-generic-undefined-bits", .must, .normative, "2.2.2",
      needs: .offered, severity: .note,
      "No undefined bit of the generic range is offered.",
      example: "bit 31 offered"
    ) { function in
      function.offeredBits { [25, 26, 31].contains($0) }
    },
    Rule(
      "feature-device-undefined-bits", .must, .normative, "2.2.2",
      needs: [.offered, .describedType], severity: .note,
      "No device-specific bit is offered that the type does not define.",
      example: "bit 3 on an entropy device; bit 12 on a console"
    ) { function in
      function.offeredBits { bit in
        bit.isDeviceSpecific
          && function.type.map { type in
            type.isDescribed && !type.features.contains { $0.bit == bit }
          } ?? false
      }
    },
    Rule(
      "feature-legacy-only-on-modern", .should, .inferred, "2.2.3", for: .modern, needs: .offered,
      "Legacy-only bits are not offered by a non-transitional device.",
      example: "VIRTIO_BLK_F_SCSI offered by 0x1AF4:0x1042"
    ) { function in
      function.offeredBits { function.feature($0)?.isLegacyOnly ?? false }
    },
    Rule(
      "feature-bit-30-not-negotiated", .should, .normative, "6.3",
      subject: .driver, needs: .negotiated,
      "Bit 30 is not negotiated.",
      example: "bit 30 negotiated"
    ) { function in
      .when(function.negotiated?.contains(.unused30) == true, "bit 30 is negotiated")
    },
    Rule(
      "feature-any-layout-transitional", .must, .normative, "6.3", for: .transitional,
      "A transitional device offers VIRTIO_F_ANY_LAYOUT through the legacy interface.",
      .undecidable("it takes a read of the legacy registers, through ports")),
    Rule(
      "feature-sr-iov-needs-capability", .must, .normative, "6.2", needs: [.offered, .extended],
      "VIRTIO_F_SR_IOV is offered only by a function with an SR-IOV extended capability.",
      example: "bit 37 offered, no SR-IOV capability"
    ) { function in
      .when(
        function.offers(.srIOV) && function.hasSRIOV == false,
        "VIRTIO_F_SR_IOV is offered without an SR-IOV capability")
    },
    Rule(
      "feature-sr-iov-offered", .should, .normative, "6.2", needs: [.offered, .extended],
      "A function with an SR-IOV extended capability offers VIRTIO_F_SR_IOV.",
      example: "SR-IOV capability present, bit 37 not offered"
    ) { function in
      .when(
        function.hasSRIOV == true && function.withholds(.srIOV),
        "there is an SR-IOV capability, and VIRTIO_F_SR_IOV is not offered")
    },
    Rule(
      "feature-sr-iov-before-vf-enable", .must, .normative, "6.1", subject: .driver,
      "The driver negotiates VIRTIO_F_SR_IOV before it enables virtual functions.",
      .undecidable("when the feature was negotiated is not visible")),
    Rule(
      "feature-sr-iov-not-negotiated-without-cap", .must, .normative, "6.1",
      subject: .driver, needs: [.negotiated, .extended],
      "The driver does not negotiate VIRTIO_F_SR_IOV without an SR-IOV capability.",
      example: "bit 37 negotiated, no capability"
    ) { function in
      .when(
        function.hasNegotiated(.srIOV) && function.hasSRIOV == false,
        "VIRTIO_F_SR_IOV is negotiated without an SR-IOV capability")
    },
    Rule(
      "feature-access-order-platform-addin-card", .should, .normative, "6.2",
      "An add-in card offers both VIRTIO_F_ACCESS_PLATFORM and VIRTIO_F_ORDER_PLATFORM.",
      .undecidable("whether it is an add-in card is not visible")),
    Rule(
      "feature-access-platform-iommu", .should, .normative, "6.2",
      "A device whose DMA is translated or restricted offers VIRTIO_F_ACCESS_PLATFORM.",
      .undecidable("whether its DMA is translated is not visible")),
    Rule(
      "feature-driver-accepts-access-platform", .should, .normative, "6.1",
      subject: .driver, needs: [.offered, .negotiated, .modernDriver], severity: .note,
      "The driver accepts bit 33 (VIRTIO_F_ACCESS_PLATFORM) when it is offered.",
      example: "bit 33 offered, not negotiated"
    ) { $0.refusals(of: [.accessPlatform]) },
    Rule(
      "feature-driver-accepts-ring-packed", .should, .normative, "6.1",
      subject: .driver, needs: [.offered, .negotiated, .modernDriver], severity: .note,
      "The driver accepts bit 34 (VIRTIO_F_RING_PACKED) when it is offered.",
      example: "bit 34 offered, not negotiated"
    ) { $0.refusals(of: [.ringPacked]) },
    Rule(
      "feature-driver-accepts-order-platform", .should, .normative, "6.1",
      subject: .driver, needs: [.offered, .negotiated, .modernDriver], severity: .note,
      "The driver accepts bit 36 (VIRTIO_F_ORDER_PLATFORM) when it is offered.",
      example: "bit 36 offered, not negotiated"
    ) { $0.refusals(of: [.orderPlatform]) },
    Rule(
      "feature-driver-accepts-notif-config-data", .should, .normative, "6.1",
      subject: .driver, needs: [.offered, .negotiated, .modernDriver], severity: .note,
      "The driver accepts bit 39 (VIRTIO_F_NOTIF_CONFIG_DATA) when it is offered.",
      example: "bit 39 offered, not negotiated"
    ) { $0.refusals(of: [.notifConfigData]) },
    Rule(
      "feature-dependency-closed-offered", .must, .normative, "2.2.2",
      "The offered set is closed under feature requirements.",
      .undecidable("each feature has a rule of its own")),
    Rule(
      "feature-dependency-closed-negotiated", .must, .normative, "2.2.1", subject: .driver,
      "The negotiated set is closed under feature requirements.",
      .undecidable("each feature has a rule of its own")),
    Rule(
      "feature-bits-above-63-need-group-2", .must, .descriptive, "4.1.4.3.1",
      subject: .driver, for: .types([.net]),
      "Bits 64..70 are in device_feature group 2; a reader limited to 64 bits misses them.",
      .undecidable("it binds whoever reads a device; this program keeps it")),
    Rule(
      "feature-driver-no-undefined-bits", .must, .normative, "2.2.1",
      subject: .driver, needs: [.negotiated, .describedType], severity: .note,
      "The driver accepts no bit that is undefined, reserved, meant for another transport or "
        + "not defined for the type.",
      example: "bit 12 negotiated on a console device"
    ) { function in
      guard let negotiated = function.negotiated, let type = function.type else { return [] }
      return negotiated.bits.filter {
        function.feature($0) == nil && (type.isDescribed || !$0.isDeviceSpecific)
      }.map { Finding("the driver accepted bit \($0), which is not defined") }
    },
    Rule(
      "feature-not-failing-on-unknown", .must, .normative, "2.2.1", subject: .driver,
      "An unknown offered feature is no reason to fail.",
      .undecidable("it binds whoever reads a device; this program keeps it")),
  ]
}

extension Function {
  /// A finding for each bit that is offered and `isWrong`.
  fileprivate func offeredBits(_ isWrong: (Int) -> Bool) -> [Finding] {
    (offered ?? []).bits.filter(isWrong).map { bit in
      Finding("\(feature(bit)?.name ?? "bit \(bit), which has no name,") is offered")
    }
  }

  /// What `bit` is; nil when it has no name.
  fileprivate func feature(_ bit: Int) -> Feature? {
    let hasVersion1 = (offered ?? negotiated)?.contains(.version1) ?? true
    guard let type else { return Feature.generic.first { $0.bit == bit } }
    return type.feature(bit, hasVersion1: hasVersion1)
  }

  fileprivate func names(of features: FeatureSet) -> String {
    features.bits.map { feature($0)?.name ?? "bit \($0)" }.joined(separator: ", ")
  }

  /// Those of the features that the driver refused.
  func refusals(of features: FeatureSet) -> [Finding] {
    guard let negotiated, status?.contains(.featuresOK) ?? true else { return [] }
    return features.intersection(shownOffered).subtracting(negotiated).names(
      for: type, hasVersion1: true
    ).map {
      Finding("\($0) is offered and the driver did not accept it")
    }
  }
}

extension Int {
  /// Whether it is a device-specific feature bit, VIRTIO 1.4 §2.2. Of its range 41 is VIRTIO_F_ADMIN_VQ.
  fileprivate var isDeviceSpecific: Bool {
    (0..<24).contains(self) || self == 42 || (50..<128).contains(self)
  }
}
