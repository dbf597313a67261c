/// What is known of a device type: its features, the layout of its device-specific configuration,
/// its queues and its shared memory.
///
/// A program that names one definition links that one; `all`, and what is looked up by the number or
/// the name of a type, link every one.
public struct DeviceDefinition: Hashable, Sendable {
  /// The type that it defines.
  public let type: DeviceType
  /// How many queues a device has at least; nil when nothing says so.
  public let leastQueues: Int?
  /// The IDs that its shared memory regions may have; none when it has no use for regions.
  public let sharedMemoryIDs: [SharedMemoryIDs]
  /// The features of this type alone, ascending; `Feature.generic` has those of all.
  public let features: [Feature]
  /// The fields of the device-specific configuration, in order; none when there is no such structure.
  public let config: [ConfigField]

  init(
    _ type: DeviceType, leastQueues: Int? = nil, sharedMemoryIDs: [SharedMemoryIDs] = [],
    features: [Feature] = [], config: [ConfigField] = []
  ) {
    self.type = type
    self.leastQueues = leastQueues
    self.sharedMemoryIDs = sharedMemoryIDs
    self.features = features
    self.config = config
  }

  /// Every definition, in the order of the types' numbers.
  public static var all: [DeviceDefinition] { table.map { $0.definition() } }

  /// A definition is made when it is asked for: a run that shows one function needs one of them.
  private static let table: [Entry] = [
    Entry(.net, .net), Entry(.blk, .blk), Entry(.console, .console), Entry(.rng, .rng),
    Entry(.balloon, .balloon), Entry(.scsi, .scsi), Entry(.nineP, .nineP), Entry(.gpu, .gpu),
    Entry(.rtc, .rtc), Entry(.input, .input), Entry(.socket, .socket), Entry(.crypto, .crypto),
    Entry(.iommu, .iommu), Entry(.mem, .mem), Entry(.sound, .sound), Entry(.fs, .fs),
    Entry(.pmem, .pmem), Entry(.rpmb, .rpmb), Entry(.scmi, .scmi), Entry(.i2c, .i2c),
    Entry(.can, .can), Entry(.bluetooth, .bluetooth), Entry(.gpio, .gpio), Entry(.spi, .spi),
    Entry(.media, .media),
  ]

  private struct Entry: Sendable {
    let type: DeviceType
    let definition: @Sendable () -> DeviceDefinition

    init(
      _ type: DeviceType, _ definition: @autoclosure @escaping @Sendable () -> DeviceDefinition
    ) {
      self.type = type
      self.definition = definition
    }
  }

  /// The definition of a type; nil for one of which nothing but the number is known.
  public init?(of type: DeviceType) {
    guard let entry = Self.table.first(where: { $0.type == type }) else { return nil }
    self = entry.definition()
  }
}

/// The IDs that shared memory regions of a device type may have, from one to another.
///
/// No `ClosedRange`: the runtime looks up what a generic type needs when a run first uses it.
public struct SharedMemoryIDs: Hashable, Sendable {
  /// The least.
  public let first: UInt8
  /// The greatest.
  public let last: UInt8

  init(_ first: UInt8, through last: UInt8) {
    self.first = first
    self.last = last
  }

  init(_ id: UInt8) { self.init(id, through: id) }

  /// Whether `id` is one of them.
  public func contains(_ id: UInt8) -> Bool { first <= id && id <= last }
}

extension DeviceType {
  /// The features of this type alone, ascending; `Feature.generic` has those of all.
  public var features: [Feature] { DeviceDefinition(of: self)?.features ?? [] }

  /// The fields of the device-specific configuration, in order; none when there is no such
  /// structure or it is not known.
  public var configFields: [ConfigField] { DeviceDefinition(of: self)?.config ?? [] }

  /// Whether a device of this type has a device-specific configuration; nil when nothing says so.
  public var hasDeviceConfig: Bool? { DeviceDefinition(of: self).map { !$0.config.isEmpty } }
}
