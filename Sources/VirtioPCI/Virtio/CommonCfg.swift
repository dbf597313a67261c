/// `struct virtio_pci_common_cfg`, VIRTIO 1.4 §4.1.4.3.
///
/// The fields of a queue are those of the one that `queueSelect` names, feature bits those of the
/// group of 32 that the select field beside them names. Loading has no side effect.
public struct CommonCfg: Hashable, Sendable {
  /// Which 32 of the offered features `deviceFeature` shows.
  public var deviceFeatureSelect: UInt32
  /// 32 of the features that the device offers.
  public var deviceFeature: UInt32
  /// Which 32 of the accepted features `driverFeature` shows.
  public var driverFeatureSelect: UInt32
  /// 32 of the features that the driver accepted.
  public var driverFeature: UInt32
  /// The vector of configuration changes; `noVector` when there is none.
  public var configMSIXVector: UInt16
  /// How many queues the device has, administration queues not counted.
  public var numQueues: UInt16
  /// How far device and driver have come with each other.
  public var deviceStatus: DeviceStatus
  /// Changes when the device-specific configuration does.
  public var configGeneration: UInt8
  /// Which queue the `queue` fields are about.
  public var queueSelect: UInt16
  /// At reset the largest size that the device supports; 0 when the queue does not exist.
  public var queueSize: UInt16
  /// The vector of the queue; `noVector` when there is none.
  public var queueMSIXVector: UInt16
  /// 1 when the device may use the queue.
  public var queueEnable: UInt16
  /// Times `NotifyCap.notifyOffMultiplier`, where the doorbell of the queue lies.
  public var queueNotifyOff: UInt16
  /// Physical address of the descriptor area.
  public var queueDesc: UInt64
  /// Physical address of the driver area (the available ring).
  public var queueDriver: UInt64
  /// Physical address of the device area (the used ring).
  public var queueDevice: UInt64
  /// What a doorbell takes instead of the queue's index; nil when the structure ends before it.
  public var queueNotifConfigData: UInt16?
  /// 1 while the queue is being reset; nil when the structure ends before it.
  public var queueReset: UInt16?
  /// Index of the first administration queue; nil when the structure ends before it.
  public var adminQueueIndex: UInt16?
  /// How many administration queues there are; nil when the structure ends before it.
  public var adminQueueNum: UInt16?

  /// The vector that stands for none, VIRTIO 1.4 §4.1.5.1.2.
  public static let noVector: UInt16 = 0xFFFF

  /// Loads every field once, as far as the structure reaches; throws when it is shorter than the
  /// 56 bytes of VIRTIO 1.0.
  public init<Source: RegisterSource & ~Copyable & ~Escapable>(
    from source: borrowing Source
  ) throws(Source.Failure) {
    deviceFeatureSelect = try Self.deviceFeatureSelect.load(from: source)
    deviceFeature = try Self.deviceFeature.load(from: source)
    driverFeatureSelect = try Self.driverFeatureSelect.load(from: source)
    driverFeature = try Self.driverFeature.load(from: source)
    configMSIXVector = try Self.configMSIXVector.load(from: source)
    numQueues = try Self.numQueues.load(from: source)
    deviceStatus = try Self.deviceStatus.load(from: source)
    configGeneration = try Self.configGeneration.load(from: source)
    queueSelect = try Self.queueSelect.load(from: source)
    queueSize = try Self.queueSize.load(from: source)
    queueMSIXVector = try Self.queueMSIXVector.load(from: source)
    queueEnable = try Self.queueEnable.load(from: source)
    queueNotifyOff = try Self.queueNotifyOff.load(from: source)
    queueDesc = try Self.queueDesc.load(from: source)
    queueDriver = try Self.queueDriver.load(from: source)
    queueDevice = try Self.queueDevice.load(from: source)
    queueNotifConfigData = try Self.queueNotifConfigData.loadIfPresent(from: source)
    queueReset = try Self.queueReset.loadIfPresent(from: source)
    adminQueueIndex = try Self.adminQueueIndex.loadIfPresent(from: source)
    adminQueueNum = try Self.adminQueueNum.loadIfPresent(from: source)
  }
}

/// The registers of the structure, in its order.
///
///     let size = try CommonCfg.queueSize.load(from: bar)
///     try CommonCfg.queueSelect.store(3, to: bar)
extension CommonCfg {
  public static let deviceFeatureSelect = Register<UInt32, ReadWrite>(
    "device_feature_select", at: 0x00)
  public static let deviceFeature = Register<UInt32, ReadOnly>("device_feature", at: 0x04)
  public static let driverFeatureSelect = Register<UInt32, ReadWrite>(
    "driver_feature_select", at: 0x08)
  public static let driverFeature = Register<UInt32, ReadWrite>("driver_feature", at: 0x0C)
  public static let configMSIXVector = Register<UInt16, ReadWrite>("config_msix_vector", at: 0x10)
  public static let numQueues = Register<UInt16, ReadOnly>("num_queues", at: 0x12)
  public static let deviceStatus = Register<DeviceStatus, ReadWrite>("device_status", at: 0x14)
  public static let configGeneration = Register<UInt8, ReadOnly>("config_generation", at: 0x15)
  public static let queueSelect = Register<UInt16, ReadWrite>("queue_select", at: 0x16)
  public static let queueSize = Register<UInt16, ReadWrite>("queue_size", at: 0x18)
  public static let queueMSIXVector = Register<UInt16, ReadWrite>("queue_msix_vector", at: 0x1A)
  public static let queueEnable = Register<UInt16, ReadWrite>("queue_enable", at: 0x1C)
  public static let queueNotifyOff = Register<UInt16, ReadOnly>("queue_notify_off", at: 0x1E)
  public static let queueDesc = Register<UInt64, ReadWrite>("queue_desc", at: 0x20)
  public static let queueDriver = Register<UInt64, ReadWrite>("queue_driver", at: 0x28)
  public static let queueDevice = Register<UInt64, ReadWrite>("queue_device", at: 0x30)
  public static let queueNotifConfigData = Register<UInt16, ReadOnly>(
    "queue_notif_config_data", at: 0x38, needs: .notifConfigData)
  public static let queueReset = Register<UInt16, ReadWrite>(
    "queue_reset", at: 0x3A, needs: .ringReset)
  public static let adminQueueIndex = Register<UInt16, ReadOnly>(
    "admin_queue_index", at: 0x3C, needs: .adminVQ)
  public static let adminQueueNum = Register<UInt16, ReadOnly>(
    "admin_queue_num", at: 0x3E, needs: .adminVQ)

  /// A register and what stands in it, for whoever walks them all.
  public struct Field: Sendable {
    /// What the specification calls it.
    public let name: String
    /// Where it is in the structure, in bytes.
    public let offset: Int
    /// How many bytes it has.
    public let size: Int
    /// Whether the driver may write it.
    public let isWritable: Bool
    /// The features of which one has to be there for it to hold anything; none when it always does.
    public let features: FeatureSet
    private let number: @Sendable (CommonCfg) -> UInt64?

    init<Value, Access>(
      _ register: Register<Value, Access>, _ value: @escaping @Sendable (CommonCfg) -> Value?
    ) {
      name = register.name
      offset = register.offset
      size = Value.size
      isWritable = Access.isWritable
      features = register.features
      number = { value($0).map { UInt64(truncatingIfNeeded: $0.bits) } }
    }

    /// Its value in `structure` as a number; nil when the structure ends before it.
    public func value(in structure: CommonCfg) -> UInt64? { number(structure) }
  }

  /// Every register, in order.
  public static let fields: [Field] = [
    Field(deviceFeatureSelect) { $0.deviceFeatureSelect },
    Field(deviceFeature) { $0.deviceFeature },
    Field(driverFeatureSelect) { $0.driverFeatureSelect },
    Field(driverFeature) { $0.driverFeature },
    Field(configMSIXVector) { $0.configMSIXVector },
    Field(numQueues) { $0.numQueues },
    Field(deviceStatus) { $0.deviceStatus },
    Field(configGeneration) { $0.configGeneration },
    Field(queueSelect) { $0.queueSelect },
    Field(queueSize) { $0.queueSize },
    Field(queueMSIXVector) { $0.queueMSIXVector },
    Field(queueEnable) { $0.queueEnable },
    Field(queueNotifyOff) { $0.queueNotifyOff },
    Field(queueDesc) { $0.queueDesc },
    Field(queueDriver) { $0.queueDriver },
    Field(queueDevice) { $0.queueDevice },
    Field(queueNotifConfigData) { $0.queueNotifConfigData },
    Field(queueReset) { $0.queueReset },
    Field(adminQueueIndex) { $0.adminQueueIndex },
    Field(adminQueueNum) { $0.adminQueueNum },
  ]
}
