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
  /// The progress of initialisation.
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

  /// A structure of these values; those of VIRTIO 1.0 are by default what they are after a reset.
  public init(
    deviceFeatureSelect: UInt32 = 0, deviceFeature: UInt32 = 0, driverFeatureSelect: UInt32 = 0,
    driverFeature: UInt32 = 0, configMSIXVector: UInt16 = noVector, numQueues: UInt16 = 0,
    deviceStatus: DeviceStatus = DeviceStatus(rawValue: 0), configGeneration: UInt8 = 0,
    queueSelect: UInt16 = 0,
    queueSize: UInt16 = 0, queueMSIXVector: UInt16 = noVector, queueEnable: UInt16 = 0,
    queueNotifyOff: UInt16 = 0, queueDesc: UInt64 = 0, queueDriver: UInt64 = 0,
    queueDevice: UInt64 = 0, queueNotifConfigData: UInt16? = nil, queueReset: UInt16? = nil,
    adminQueueIndex: UInt16? = nil, adminQueueNum: UInt16? = nil
  ) {
    self.deviceFeatureSelect = deviceFeatureSelect
    self.deviceFeature = deviceFeature
    self.driverFeatureSelect = driverFeatureSelect
    self.driverFeature = driverFeature
    self.configMSIXVector = configMSIXVector
    self.numQueues = numQueues
    self.deviceStatus = deviceStatus
    self.configGeneration = configGeneration
    self.queueSelect = queueSelect
    self.queueSize = queueSize
    self.queueMSIXVector = queueMSIXVector
    self.queueEnable = queueEnable
    self.queueNotifyOff = queueNotifyOff
    self.queueDesc = queueDesc
    self.queueDriver = queueDriver
    self.queueDevice = queueDevice
    self.queueNotifConfigData = queueNotifConfigData
    self.queueReset = queueReset
    self.adminQueueIndex = adminQueueIndex
    self.adminQueueNum = adminQueueNum
  }

  /// Loads every field once, as far as the structure reaches; throws when it is shorter than the
  /// 56 bytes of VIRTIO 1.0.
  @inlinable public init<Source: RegisterSource & ~Copyable & ~Escapable>(
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
  // Computed and inlinable, so that the offset is a constant in another module too. The last four are
  // stored: their features would be looked up at each access.

  /// Which 32 of the offered features `deviceFeature` shows: 0 the lowest.
  @inlinable public static var deviceFeatureSelect: Register<UInt32, ReadWrite> {
    Register("device_feature_select", at: 0x00)
  }
  /// 32 of the features that the device offers.
  @inlinable public static var deviceFeature: Register<UInt32, ReadOnly> {
    Register("device_feature", at: 0x04)
  }
  /// Which 32 of the accepted features `driverFeature` shows and takes.
  @inlinable public static var driverFeatureSelect: Register<UInt32, ReadWrite> {
    Register("driver_feature_select", at: 0x08)
  }
  /// 32 of the features that the driver accepts.
  @inlinable public static var driverFeature: Register<UInt32, ReadWrite> {
    Register("driver_feature", at: 0x0C)
  }
  /// The MSI-X vector of configuration changes; `noVector` when there is none, or the device has no
  /// room for it.
  @inlinable public static var configMSIXVector: Register<UInt16, ReadWrite> {
    Register("config_msix_vector", at: 0x10)
  }
  /// How many queues the device has, administration queues not counted.
  @inlinable public static var numQueues: Register<UInt16, ReadOnly> {
    Register("num_queues", at: 0x12)
  }
  /// The progress of initialisation; a store of 0 resets the device.
  @inlinable public static var deviceStatus: Register<DeviceStatus, ReadWrite> {
    Register("device_status", at: 0x14)
  }
  /// Changes when the device-specific configuration does; see `whileUnchanged(in:attempts:read:)`.
  @inlinable public static var configGeneration: Register<UInt8, ReadOnly> {
    Register("config_generation", at: 0x15)
  }
  /// Which queue the registers below are about.
  @inlinable public static var queueSelect: Register<UInt16, ReadWrite> {
    Register("queue_select", at: 0x16)
  }
  /// At reset the largest size in entries that the device supports, 0 when the queue does not exist;
  /// the driver may store a smaller one.
  @inlinable public static var queueSize: Register<UInt16, ReadWrite> {
    Register("queue_size", at: 0x18)
  }
  /// The MSI-X vector of the queue; `noVector` when there is none, or the device has no room for it.
  @inlinable public static var queueMSIXVector: Register<UInt16, ReadWrite> {
    Register("queue_msix_vector", at: 0x1A)
  }
  /// A store of 1 lets the device use the queue; a driver does not store 0.
  @inlinable public static var queueEnable: Register<UInt16, ReadWrite> {
    Register("queue_enable", at: 0x1C)
  }
  /// Times `NotifyCap.notifyOffMultiplier`, where in the notify structure the queue has its doorbell.
  @inlinable public static var queueNotifyOff: Register<UInt16, ReadOnly> {
    Register("queue_notify_off", at: 0x1E)
  }
  /// The physical address of the descriptor area.
  @inlinable public static var queueDesc: Register<UInt64, ReadWrite> {
    Register("queue_desc", at: 0x20)
  }
  /// The physical address of the driver area (the available ring).
  @inlinable public static var queueDriver: Register<UInt64, ReadWrite> {
    Register("queue_driver", at: 0x28)
  }
  /// The physical address of the device area (the used ring).
  @inlinable public static var queueDevice: Register<UInt64, ReadWrite> {
    Register("queue_device", at: 0x30)
  }
  /// What a doorbell takes in place of the queue's index.
  public static let queueNotifConfigData = Register<UInt16, ReadOnly>(
    "queue_notif_config_data", at: 0x38, needs: .notifConfigData)
  /// A store of 1 resets the queue, and it reads 1 until that is done.
  public static let queueReset = Register<UInt16, ReadWrite>(
    "queue_reset", at: 0x3A, needs: .ringReset)
  /// The index of the first administration queue.
  public static let adminQueueIndex = Register<UInt16, ReadOnly>(
    "admin_queue_index", at: 0x3C, needs: .adminVQ)
  /// How many administration queues there are.
  public static let adminQueueNum = Register<UInt16, ReadOnly>(
    "admin_queue_num", at: 0x3E, needs: .adminVQ)
}

extension CommonCfg {
  /// A register without the type of its value, for a program that goes through all of them.
  public struct Field: Hashable, Sendable {
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

    init<Value, Access>(_ register: Register<Value, Access>) {
      name = register.name
      offset = register.offset
      size = Value.size
      isWritable = Access.isWritable
      features = register.features
    }
  }

  /// Every register, in order.
  public static let fields: [Field] = [
    Field(deviceFeatureSelect),
    Field(deviceFeature),
    Field(driverFeatureSelect),
    Field(driverFeature),
    Field(configMSIXVector),
    Field(numQueues),
    Field(deviceStatus),
    Field(configGeneration),
    Field(queueSelect),
    Field(queueSize),
    Field(queueMSIXVector),
    Field(queueEnable),
    Field(queueNotifyOff),
    Field(queueDesc),
    Field(queueDriver),
    Field(queueDevice),
    Field(queueNotifConfigData),
    Field(queueReset),
    Field(adminQueueIndex),
    Field(adminQueueNum),
  ]

  /// How many bytes of the structure VIRTIO 1.4 defines.
  public static let size = 64
  /// How many bytes of it every device has, since VIRTIO 1.0.
  public static let leastSize = 56
}

extension CommonCfg: EncodableStructure {
  /// As far as the last field that is there: 56, 58, 60, 62 or 64 bytes.
  public var encodedSize: Int {
    if adminQueueNum != nil { return Self.adminQueueNum.end }
    if adminQueueIndex != nil { return Self.adminQueueIndex.end }
    if queueReset != nil { return Self.queueReset.end }
    if queueNotifConfigData != nil { return Self.queueNotifConfigData.end }
    return Self.leastSize
  }

  /// Writes the structure as far as its last field that is there; one that is not there before that is
  /// written as 0.
  public func encode(into bytes: inout MutableSpan<UInt8>, at offset: Int) throws(EncodeError) {
    let size = encodedSize
    try bytes.require(size, at: offset)
    bytes.set(deviceFeatureSelect, at: offset + Self.deviceFeatureSelect.offset)
    bytes.set(deviceFeature, at: offset + Self.deviceFeature.offset)
    bytes.set(driverFeatureSelect, at: offset + Self.driverFeatureSelect.offset)
    bytes.set(driverFeature, at: offset + Self.driverFeature.offset)
    bytes.set(configMSIXVector, at: offset + Self.configMSIXVector.offset)
    bytes.set(numQueues, at: offset + Self.numQueues.offset)
    bytes.set(deviceStatus.rawValue, at: offset + Self.deviceStatus.offset)
    bytes.set(configGeneration, at: offset + Self.configGeneration.offset)
    bytes.set(queueSelect, at: offset + Self.queueSelect.offset)
    bytes.set(queueSize, at: offset + Self.queueSize.offset)
    bytes.set(queueMSIXVector, at: offset + Self.queueMSIXVector.offset)
    bytes.set(queueEnable, at: offset + Self.queueEnable.offset)
    bytes.set(queueNotifyOff, at: offset + Self.queueNotifyOff.offset)
    bytes.set(queueDesc, at: offset + Self.queueDesc.offset)
    bytes.set(queueDriver, at: offset + Self.queueDriver.offset)
    bytes.set(queueDevice, at: offset + Self.queueDevice.offset)
    bytes.set(
      queueNotifConfigData ?? 0, at: offset + Self.queueNotifConfigData.offset, below: offset + size
    )
    bytes.set(queueReset ?? 0, at: offset + Self.queueReset.offset, below: offset + size)
    bytes.set(adminQueueIndex ?? 0, at: offset + Self.adminQueueIndex.offset, below: offset + size)
    bytes.set(adminQueueNum ?? 0, at: offset + Self.adminQueueNum.offset, below: offset + size)
  }
}
