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

/// The configuration of the IOMMU, VIRTIO 1.4 §5.13.4.
public enum IOMMU {
  /// The page sizes: bit n stands for 2^n bytes.
  public static let pageSizeMask = Register<UInt64, ReadOnly>("page_size_mask", at: 0)
  /// The first virtual address.
  public static let inputRangeStart = Register<UInt64, ReadOnly>(
    "input_range.start", at: 8, needs: Feature.IOMMU.inputRange)
  /// The last virtual address.
  public static let inputRangeEnd = Register<UInt64, ReadOnly>(
    "input_range.end", at: 16, needs: Feature.IOMMU.inputRange)
  /// The first domain number.
  public static let domainRangeStart = Register<UInt32, ReadOnly>(
    "domain_range.start", at: 24, needs: Feature.IOMMU.domainRange)
  /// The last domain number.
  public static let domainRangeEnd = Register<UInt32, ReadOnly>(
    "domain_range.end", at: 28, needs: Feature.IOMMU.domainRange)
  /// The size of the properties of a probe, in bytes.
  public static let probeSize = Register<UInt32, ReadOnly>(
    "probe_size", at: 32, needs: Feature.IOMMU.probe)
  /// Whether endpoints that are not attached bypass translation.
  public static let bypass = Register<UInt8, ReadWrite>(
    "bypass", at: 36, needs: Feature.IOMMU.bypassConfig)
}

extension DeviceDefinition {
  /// The IOMMU, VIRTIO 1.4 §5.13.
  public static let iommu = DeviceDefinition(
    .iommu, leastQueues: 2, features: Feature.IOMMU.all,
    config: [
      // Bit n is a page of 2^n bytes.
      ConfigField(IOMMU.pageSizeMask, format: .hex),
      ConfigField(IOMMU.inputRangeStart, format: .hex),
      ConfigField(IOMMU.inputRangeEnd, format: .hex),
      ConfigField(IOMMU.domainRangeStart),
      ConfigField(IOMMU.domainRangeEnd),
      ConfigField(IOMMU.probeSize, unit: .bytes),
      ConfigField(IOMMU.bypass, values: bypassModes),
      .padding("reserved", 3, at: 37),
    ])

  private static let bypassModes: NameTable = [
    0: "no bypass",
    1: "bypass",
  ]
}
