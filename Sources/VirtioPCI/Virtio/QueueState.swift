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
  /// Times the notify capability's multiplier, where the doorbell lies.
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
    if [size, msixVector, enable, notifyOff].allSatisfy({ $0 == .max }) { return nil }
    if CommonCfg.queueReset.exists(with: features) {
      isInReset = try CommonCfg.queueReset.loadIfPresent(from: common).map { $0 != 0 }
    }
    if CommonCfg.queueNotifConfigData.exists(with: features) {
      notifConfigData = try CommonCfg.queueNotifConfigData.loadIfPresent(from: common)
    }
  }
}
