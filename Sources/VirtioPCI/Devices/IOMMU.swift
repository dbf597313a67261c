extension Feature {
  /// The features of the IOMMU, VIRTIO 1.4 §5.13.3.
  public enum IOMMU {
    /// The fields of `input_range` bound the virtual addresses.
    public static let inputRange = Feature(0, "VIRTIO_IOMMU_F_INPUT_RANGE", "5.13.3")
    /// The fields of `domain_range` bound the domain numbers.
    public static let domainRange = Feature(1, "VIRTIO_IOMMU_F_DOMAIN_RANGE", "5.13.3")
    /// The device has map and unmap requests.
    public static let mapUnmap = Feature(2, "VIRTIO_IOMMU_F_MAP_UNMAP", "5.13.3")
    /// Endpoints that are not attached bypass translation; BYPASS_CONFIG replaces it.
    public static let bypass = Feature(3, "VIRTIO_IOMMU_F_BYPASS", "5.13.3")
    /// The device has the probe request: the field `probe_size` exists.
    public static let probe = Feature(4, "VIRTIO_IOMMU_F_PROBE", "5.13.3")
    /// Map requests may have the MMIO flag.
    public static let mmio = Feature(5, "VIRTIO_IOMMU_F_MMIO", "5.13.3")
    /// The field `bypass` says whether endpoints that are not attached bypass translation.
    public static let bypassConfig = Feature(6, "VIRTIO_IOMMU_F_BYPASS_CONFIG", "5.13.3")

    /// Every one of them, ascending.
    public static let all = [inputRange, domainRange, mapUnmap, bypass, probe, mmio, bypassConfig]
  }
}

extension DeviceDefinition {
  /// The IOMMU, VIRTIO 1.4 §5.13.
  public static let iommu = DeviceDefinition(
    .iommu, leastQueues: 2, features: Feature.IOMMU.all,
    config: [
      // Bit n is a page of 2^n bytes.
      ConfigField("page_size_mask", .le64, at: 0),
      ConfigField("input_range.start", .le64, at: 8, .with(Feature.IOMMU.inputRange)),
      ConfigField("input_range.end", .le64, at: 16, .with(Feature.IOMMU.inputRange)),
      ConfigField("domain_range.start", .le32, at: 24, .with(Feature.IOMMU.domainRange)),
      ConfigField("domain_range.end", .le32, at: 28, .with(Feature.IOMMU.domainRange)),
      ConfigField("probe_size", .le32, at: 32, .with(Feature.IOMMU.probe), unit: .bytes),
      ConfigField(
        "bypass", .u8, at: 36, .with(Feature.IOMMU.bypassConfig), writable: true,
        values: bypassModes),
      .padding("reserved", 3, at: 37),
    ])

  private static let bypassModes: NameTable = [
    0: "no bypass",
    1: "bypass",
  ]
}
