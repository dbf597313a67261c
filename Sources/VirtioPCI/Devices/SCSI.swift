extension Feature {
  /// The features of the SCSI host, VIRTIO 1.4 §5.6.3.
  public enum SCSI {
    /// One request may have both read and write data.
    public static let inOut = Feature(0, "VIRTIO_SCSI_F_INOUT", "5.6.3")
    /// LUN / target hot-plug events are reported.
    public static let hotplug = Feature(1, "VIRTIO_SCSI_F_HOTPLUG", "5.6.3")
    /// LUN parameter change events are reported.
    public static let change = Feature(2, "VIRTIO_SCSI_F_CHANGE", "5.6.3")
    /// Request headers carry T10 protection information.
    public static let t10PI = Feature(3, "VIRTIO_SCSI_F_T10_PI", "5.6.3")

    /// Every one of them, ascending.
    public static let all = [inOut, hotplug, change, t10PI]
  }
}

/// The configuration of the SCSI host, VIRTIO 1.4 §5.6.4.
public enum SCSI {
  /// How many request queues there are.
  public static let numQueues = Register<UInt32, ReadOnly>("num_queues", at: 0)
  /// The largest number of segments in a request.
  public static let segMax = Register<UInt32, ReadOnly>("seg_max", at: 4)
  /// The most sectors of 512 bytes in a transfer, as a hint.
  public static let maxSectors = Register<UInt32, ReadOnly>("max_sectors", at: 8)
  /// How many commands a logical unit can have at a time.
  public static let cmdPerLUN = Register<UInt32, ReadOnly>("cmd_per_lun", at: 12)
  /// The size of an event, in bytes.
  public static let eventInfoSize = Register<UInt32, ReadOnly>("event_info_size", at: 16)
  /// The size of the sense data, in bytes.
  public static let senseSize = Register<UInt32, ReadWrite>("sense_size", at: 20)
  /// The size of a command, in bytes.
  public static let cdbSize = Register<UInt32, ReadWrite>("cdb_size", at: 24)
  /// The largest channel number.
  public static let maxChannel = Register<UInt16, ReadOnly>("max_channel", at: 28)
  /// The largest target number.
  public static let maxTarget = Register<UInt16, ReadOnly>("max_target", at: 30)
  /// The largest logical unit number.
  public static let maxLUN = Register<UInt32, ReadOnly>("max_lun", at: 32)
}

extension DeviceDefinition {
  /// The SCSI host, VIRTIO 1.4 §5.6.
  public static let scsi = DeviceDefinition(
    .scsi, leastQueues: 3, features: Feature.SCSI.all,
    config: [
      ConfigField(SCSI.numQueues),
      ConfigField(SCSI.segMax),
      ConfigField(SCSI.maxSectors, unit: .sectors),
      ConfigField(SCSI.cmdPerLUN),
      ConfigField(SCSI.eventInfoSize, unit: .bytes),
      ConfigField(SCSI.senseSize, unit: .bytes),
      ConfigField(SCSI.cdbSize, unit: .bytes),
      ConfigField(SCSI.maxChannel),
      ConfigField(SCSI.maxTarget),
      ConfigField(SCSI.maxLUN),
    ])
}
