extension DeviceDefinition {
  /// The IOMMU, VIRTIO 1.4 §5.13.
  static let iommu = DeviceDefinition(
    features: [
      Feature(0, "VIRTIO_IOMMU_F_INPUT_RANGE"),
      Feature(1, "VIRTIO_IOMMU_F_DOMAIN_RANGE"),
      Feature(2, "VIRTIO_IOMMU_F_MAP_UNMAP"),
      Feature(3, "VIRTIO_IOMMU_F_BYPASS"),
      Feature(4, "VIRTIO_IOMMU_F_PROBE"),
      Feature(5, "VIRTIO_IOMMU_F_MMIO"),
      Feature(6, "VIRTIO_IOMMU_F_BYPASS_CONFIG"),
    ],
    config: [
      // Bit n is a page of 2^n bytes.
      ConfigField("page_size_mask", .le64, at: 0),
      ConfigField("input_range.start", .le64, at: 8, .with("VIRTIO_IOMMU_F_INPUT_RANGE")),
      ConfigField("input_range.end", .le64, at: 16, .with("VIRTIO_IOMMU_F_INPUT_RANGE")),
      ConfigField("domain_range.start", .le32, at: 24, .with("VIRTIO_IOMMU_F_DOMAIN_RANGE")),
      ConfigField("domain_range.end", .le32, at: 28, .with("VIRTIO_IOMMU_F_DOMAIN_RANGE")),
      ConfigField("probe_size", .le32, at: 32, .with("VIRTIO_IOMMU_F_PROBE"), unit: .bytes),
      ConfigField(
        "bypass", .u8, at: 36, .with("VIRTIO_IOMMU_F_BYPASS_CONFIG"), writable: true,
        values: bypassModes),
      .padding("reserved", 3, at: 37),
    ])

  private static let bypassModes: NameTable = [
    0: "no bypass",
    1: "bypass",
  ]
}
