/// What the specification defines for a device type: its features, and the layout of its
/// device-specific configuration.
struct DeviceDefinition: Hashable, Sendable {
  let features: [Feature]
  let config: [ConfigField]

  init(features: [Feature] = [], config: [ConfigField] = []) {
    self.features = features
    self.config = config
  }

  /// Every type that has features or a configuration. A definition is made when it is asked for:
  /// a run that shows one function needs one of them.
  static let all: [Entry] = [
    Entry(.net, .net), Entry(.blk, .blk), Entry(.console, .console), Entry(.balloon, .balloon),
    Entry(.scsi, .scsi), Entry(.nineP, .nineP), Entry(.gpu, .gpu), Entry(.rtc, .rtc),
    Entry(.input, .input), Entry(.socket, .socket), Entry(.crypto, .crypto),
    Entry(.iommu, .iommu), Entry(.mem, .mem), Entry(.sound, .sound), Entry(.fs, .fs),
    Entry(.pmem, .pmem), Entry(.rpmb, .rpmb), Entry(.scmi, .scmi), Entry(.i2c, .i2c),
    Entry(.can, .can), Entry(.bluetooth, .bluetooth), Entry(.gpio, .gpio), Entry(.spi, .spi),
    Entry(.media, .media),
  ]

  struct Entry: Sendable {
    let type: DeviceType
    let definition: @Sendable () -> DeviceDefinition

    init(
      _ type: DeviceType, _ definition: @autoclosure @escaping @Sendable () -> DeviceDefinition
    ) {
      self.type = type
      self.definition = definition
    }
  }
}

extension DeviceType {
  private var definition: DeviceDefinition? {
    DeviceDefinition.all.first { $0.type == self }?.definition()
  }

  /// The features of this type alone, ascending; `Feature.generic` has those of all.
  public var features: [Feature] { definition?.features ?? [] }

  /// The fields of the device-specific configuration, in order; none when there is no such
  /// structure or it is not known.
  public var configFields: [ConfigField] { definition?.config ?? [] }
}
