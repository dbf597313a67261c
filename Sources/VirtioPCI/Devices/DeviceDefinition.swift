/// What the specification defines for a device type: its features, and the layout of its
/// device-specific configuration.
struct DeviceDefinition: Hashable, Sendable {
  let type: DeviceType
  let features: [Feature]
  let config: [ConfigField]

  init(_ type: DeviceType, features: [Feature] = [], config: [ConfigField] = []) {
    self.type = type
    self.features = features
    self.config = config
  }

  /// Every type that has features or a configuration.
  static let all: [DeviceDefinition] = [
    .net, .blk, .console, .balloon, .scsi, .nineP, .gpu, .rtc, .input, .socket, .crypto, .iommu,
    .mem, .sound, .fs, .pmem, .rpmb, .scmi, .i2c, .can, .bluetooth, .gpio, .spi, .media,
  ]
}

extension DeviceType {
  private var definition: DeviceDefinition? {
    DeviceDefinition.all.first { $0.type == self }
  }

  /// The features of this type alone, ascending; `Feature.generic` has those of all.
  public var features: [Feature] { definition?.features ?? [] }

  /// The fields of the device-specific configuration, in order; none when there is no such
  /// structure or it is not known.
  public var configFields: [ConfigField] { definition?.config ?? [] }
}
