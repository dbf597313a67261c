/// A virtqueue as the common configuration shows it, VIRTIO 1.4 §4.1.4.3.
public struct QueueState: Hashable, Sendable {
  /// Which queue it is.
  public var index: UInt16
  /// Before the driver chose a smaller one the largest size that the device supports; 0 when the
  /// queue does not exist.
  public var size: UInt16
  /// `CommonCfg.noVector` when there is none.
  public var msixVector: UInt16
  /// 1 when the device may use the queue.
  public var enable: UInt16
  /// The queue's doorbell is at this number times `NotifyCap.notifyOffMultiplier` bytes in the notify
  /// structure.
  public var notifyOff: UInt16
  /// Physical address of the descriptor area.
  public var desc: UInt64
  /// Physical address of the driver area (the available ring).
  public var driver: UInt64
  /// Physical address of the device area (the used ring).
  public var device: UInt64
  /// Nil when the register does not exist.
  public var isInReset: Bool?
  /// What a doorbell takes instead of the index; nil when the register does not exist.
  public var notifConfigData: UInt16?

  /// Whether the device may use the queue.
  public var isEnabled: Bool { enable != 0 }

  /// A queue with these registers; by default one that a reset left.
  public init(
    index: UInt16, size: UInt16, msixVector: UInt16 = CommonCfg.noVector, enable: UInt16 = 0,
    notifyOff: UInt16, desc: UInt64 = 0, driver: UInt64 = 0, device: UInt64 = 0,
    isInReset: Bool? = nil, notifConfigData: UInt16? = nil
  ) {
    self.index = index
    self.size = size
    self.msixVector = msixVector
    self.enable = enable
    self.notifyOff = notifyOff
    self.desc = desc
    self.driver = driver
    self.device = device
    self.isInReset = isInReset
    self.notifConfigData = notifConfigData
  }

  /// The queue that `common` shows, which is the selected one.
  public init(_ common: CommonCfg) {
    self.init(
      index: common.queueSelect, size: common.queueSize, msixVector: common.queueMSIXVector,
      enable: common.queueEnable, notifyOff: common.queueNotifyOff, desc: common.queueDesc,
      driver: common.queueDriver, device: common.queueDevice,
      isInReset: common.queueReset.map { $0 != 0 },
      notifConfigData: common.queueNotifConfigData)
  }

  /// The queue that was selected when `values` were loaded; nil when they do not reach so far.
  public init?(_ values: CommonValues) {
    guard let index = values[CommonCfg.queueSelect], let size = values[CommonCfg.queueSize],
      let msixVector = values[CommonCfg.queueMSIXVector],
      let enable = values[CommonCfg.queueEnable],
      let notifyOff = values[CommonCfg.queueNotifyOff],
      let desc = values[CommonCfg.queueDesc], let driver = values[CommonCfg.queueDriver],
      let device = values[CommonCfg.queueDevice]
    else { return nil }
    self.index = index
    self.size = size
    self.msixVector = msixVector
    self.enable = enable
    self.notifyOff = notifyOff
    self.desc = desc
    self.driver = driver
    self.device = device
    isInReset = values[CommonCfg.queueReset].map { $0 != 0 }
    notifConfigData = values[CommonCfg.queueNotifConfigData]
  }

  /// Selects the queue and loads its registers, those that exist with a feature when it is among
  /// `features`; nil when all of them are ones: the device is gone. Writes `queue_select`.
  public init?<Target: RegisterTarget & ~Copyable & ~Escapable>(
    _ index: UInt16, in common: borrowing Target, with features: FeatureSet
  ) throws(Target.Failure) {
    try CommonCfg.queueSelect.store(index, to: common)
    self.index = index
    size = try CommonCfg.queueSize.load(from: common)
    msixVector = try CommonCfg.queueMSIXVector.load(from: common)
    enable = try CommonCfg.queueEnable.load(from: common)
    notifyOff = try CommonCfg.queueNotifyOff.load(from: common)
    desc = try CommonCfg.queueDesc.load(from: common)
    driver = try CommonCfg.queueDriver.load(from: common)
    device = try CommonCfg.queueDevice.load(from: common)
    if size & msixVector & enable & notifyOff == .max { return nil }
    if CommonCfg.queueReset.exists(with: features) {
      isInReset = try CommonCfg.queueReset.loadIfPresent(from: common).map { $0 != 0 }
    }
    if CommonCfg.queueNotifConfigData.exists(with: features) {
      notifConfigData = try CommonCfg.queueNotifConfigData.loadIfPresent(from: common)
    }
  }
}

extension CommonCfg {
  /// Shows `queue` as the selected one, as a device does when the driver writes `queue_select`.
  public mutating func show(_ queue: QueueState) {
    queueSelect = queue.index
    queueSize = queue.size
    queueMSIXVector = queue.msixVector
    queueEnable = queue.enable
    queueNotifyOff = queue.notifyOff
    queueDesc = queue.desc
    queueDriver = queue.driver
    queueDevice = queue.device
    queueReset = queue.isInReset.map { $0 ? 1 : 0 }
    queueNotifConfigData = queue.notifConfigData
  }
}
