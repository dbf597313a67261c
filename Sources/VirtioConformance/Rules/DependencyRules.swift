import VirtioPCI

extension Rule {
  /// What features demand of each other beside what each requires, VIRTIO 1.4 §5.
  static let dependencyRules: [Rule] = [
    .features(
      "feature-net-hash-report-needs-ctrl-vq", .should, .normative, "5.1.4.1", .type(.net),
      "VIRTIO_NET_F_HASH_REPORT is offered only together with VIRTIO_NET_F_CTRL_VQ.",
      example: "bit 57 offered, bit 17 not",
      FeatureDependency(
        feature: Feature.Net.hashReport,
        requirement: Feature.Requirement(all: [Feature.Net.ctrlVQ]), view: .offered)),
    .features(
      "feature-net-ctrl-rx-extra-needs-ctrl-vq", .should, .normative, "5.1.4.1", .type(.net),
      "VIRTIO_NET_F_CTRL_RX_EXTRA is offered only together with VIRTIO_NET_F_CTRL_VQ.",
      example: "bit 20 offered, bit 17 not",
      FeatureDependency(
        feature: Feature.Net.ctrlRXExtra,
        requirement: Feature.Requirement(all: [Feature.Net.ctrlVQ]), view: .offered)),
    .features(
      "feature-net-ipsec-out-net-header", .should, .normative, "5.1.3", .type(.net),
      "A device that offers VIRTIO_NET_F_IPSEC also offers VIRTIO_NET_F_OUT_NET_HEADER.",
      example: "bit 70 offered, bit 69 not",
      FeatureDependency(
        feature: Feature.Net.ipsec,
        requirement: Feature.Requirement(all: [Feature.Net.outNetHeader]), view: .offered)),
    .features(
      "feature-net-ipsec-admin", .should, .inferred, "5.1.9.7", .type(.net),
      "IPsec resources are managed by administration commands, so an admin virtqueue is needed.",
      example: "bit 70 offered, bit 41 not",
      FeatureDependency(
        feature: Feature.Net.ipsec, requirement: Feature.Requirement(all: [.adminVQ]),
        view: .offered)),
    .features(
      "feature-net-guest-offloads-ctrl-vq", .should, .inferred, "5.1.9.5.9", .type(.net),
      "VIRTIO_NET_F_CTRL_GUEST_OFFLOADS works through the control queue.",
      example: "bit 2 offered, bit 17 not",
      FeatureDependency(
        feature: Feature.Net.ctrlGuestOffloads,
        requirement: Feature.Requirement(all: [Feature.Net.ctrlVQ]))),
    .features(
      "feature-net-device-stats-ctrl-vq", .should, .inferred, "5.1.3", .type(.net),
      "VIRTIO_NET_F_DEVICE_STATS works through the control queue.",
      example: "bit 50 offered, bit 17 not",
      FeatureDependency(
        feature: Feature.Net.deviceStats,
        requirement: Feature.Requirement(all: [Feature.Net.ctrlVQ]))),
    .features(
      "feature-blk-flush-offered", .should, .normative, "5.2.5.2", .type(.blk),
      "A block device always offers VIRTIO_BLK_F_FLUSH.",
      example: "bit 9 not offered",
      FeatureDependency(
        requirement: Feature.Requirement(all: [Feature.Blk.flush]), view: .offered)),
    .features(
      "feature-blk-zoned-hm-no-discard", .must, .normative, "5.2.5.1", by: .driver, .type(.blk),
      "With a host-managed zoned device the driver does not accept VIRTIO_BLK_F_DISCARD.",
      example: "bit 17 offered, bit 13 negotiated, model 1",
      FeatureDependency(
        field: (BoundField(Blk.zonedModel), 1), noneOf: [Feature.Blk.discard], view: .negotiated)),
    .features(
      "feature-blk-zoned-needs-version-1", .must, .normative, "5.2.5.2", .type(.blk),
      "VIRTIO_BLK_F_ZONED is not offered through the legacy interface.",
      example: "legacy host features with bit 17",
      FeatureDependency(
        feature: Feature.Blk.zoned, requirement: Feature.Requirement(all: [.version1]),
        view: .offered)),
    .features(
      "feature-can-one-frame-type", .must, .descriptive, "5.20.3.1", .type(.can),
      "Classic or FD frames, or both, are negotiated (hence offered): VIRTIO_CAN_F_CAN_CLASSIC, "
        + "VIRTIO_CAN_F_CAN_FD.",
      example: "no frame type bit",
      FeatureDependency(
        requirement: Feature.Requirement(any: [Feature.CAN.canClassic, Feature.CAN.canFD]))),
    .features(
      "feature-i2c-zero-length-offered", .must, .normative, "5.16.6.4", .type(.i2c),
      "An I2C adapter offers VIRTIO_I2C_F_ZERO_LENGTH_REQUEST.",
      example: "bit 0 not offered",
      FeatureDependency(
        requirement: Feature.Requirement(all: [Feature.I2C.zeroLengthRequest]), view: .offered)),
    .features(
      "feature-i2c-zero-length-accepted", .must, .normative, "5.16.6.3", by: .driver, .type(.i2c),
      "The driver accepts VIRTIO_I2C_F_ZERO_LENGTH_REQUEST.",
      example: "FEATURES_OK without bit 0",
      FeatureDependency(
        requirement: Feature.Requirement(all: [Feature.I2C.zeroLengthRequest]), view: .negotiated)),
    .features(
      "feature-iommu-map-unmap", .should, .normative, "5.13.3.2", .type(.iommu),
      "An IOMMU offers VIRTIO_IOMMU_F_MAP_UNMAP.",
      example: "bit 2 not offered",
      FeatureDependency(
        requirement: Feature.Requirement(all: [Feature.IOMMU.mapUnmap]), view: .offered)),
    .features(
      "feature-iommu-no-old-bypass", .should, .normative, "5.13.3.2", .type(.iommu),
      "New devices do not offer VIRTIO_IOMMU_F_BYPASS.",
      example: "bit 3 offered",
      FeatureDependency(noneOf: [Feature.IOMMU.bypass], view: .offered)),
    .features(
      "feature-iommu-bypass-exclusive", .should, .normative, "5.13.3.2", .type(.iommu),
      "VIRTIO_IOMMU_F_BYPASS and VIRTIO_IOMMU_F_BYPASS_CONFIG are not offered together.",
      example: "bits 3 and 6 offered",
      FeatureDependency(
        feature: Feature.IOMMU.bypassConfig, noneOf: [Feature.IOMMU.bypass], view: .offered)),
    .features(
      "feature-socket-no-implied-stream", .should, .normative, "5.10.3.2", .type(.socket),
      "A socket device offers VIRTIO_VSOCK_F_NO_IMPLIED_STREAM.",
      example: "bit 2 not offered",
      FeatureDependency(
        requirement: Feature.Requirement(all: [Feature.Socket.noImpliedStream]), view: .offered)),
    .features(
      "feature-mem-unplugged-inaccessible", .should, .normative, "5.15.5.1", by: .driver,
      .type(.mem),
      "The driver accepts VIRTIO_MEM_F_UNPLUGGED_INACCESSIBLE when offered.",
      example: "bit 1 offered, not negotiated",
      FeatureDependency(acceptIfOffered: [Feature.Mem.unpluggedInaccessible])),
    .features(
      "feature-socket-driver-no-implied-stream", .should, .normative, "5.10.3.1", by: .driver,
      .type(.socket),
      "The driver accepts VIRTIO_VSOCK_F_NO_IMPLIED_STREAM when offered.",
      example: "bit 2 offered, not negotiated",
      FeatureDependency(acceptIfOffered: [Feature.Socket.noImpliedStream])),
    .features(
      "feature-iommu-driver-accepts", .should, .normative, "5.13.3.1", by: .driver, .type(.iommu),
      "The driver accepts INPUT_RANGE, DOMAIN_RANGE and PROBE when offered.",
      example: "bit 4 offered, not negotiated",
      FeatureDependency(
        acceptIfOffered: [Feature.IOMMU.inputRange, Feature.IOMMU.domainRange, Feature.IOMMU.probe])
    ),
    .features(
      "feature-net-driver-accepts", .should, .normative, "5.1.4.2", by: .driver, .type(.net),
      "The driver accepts MAC, MTU and STANDBY when offered.",
      example: "bit 3 offered, not negotiated",
      FeatureDependency(acceptIfOffered: [Feature.Net.mac, Feature.Net.mtu, Feature.Net.standby])),
    .features(
      "feature-blk-driver-accepts-ro", .should, .normative, "5.2.6.1", by: .driver, .type(.blk),
      "The driver accepts VIRTIO_BLK_F_RO when offered.",
      example: "bit 5 offered, not negotiated",
      FeatureDependency(acceptIfOffered: [Feature.Blk.ro])),
    .features(
      "feature-balloon-driver-accepts-tell-host", .should, .normative, "5.5.3.1", by: .driver,
      .type(.balloon),
      "The driver accepts VIRTIO_BALLOON_F_MUST_TELL_HOST when offered.",
      example: "bit 0 offered, not negotiated",
      FeatureDependency(acceptIfOffered: [Feature.Balloon.mustTellHost])),
  ]
}
