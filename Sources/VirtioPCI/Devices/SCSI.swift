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

extension DeviceDefinition {
  /// The SCSI host, VIRTIO 1.4 §5.6.
  public static let scsi = DeviceDefinition(
    .scsi, leastQueues: 3, features: Feature.SCSI.all,
    config: [
      ConfigField("num_queues", .le32, at: 0),
      ConfigField("seg_max", .le32, at: 4),
      ConfigField("max_sectors", .le32, at: 8, unit: .sectors),
      ConfigField("cmd_per_lun", .le32, at: 12),
      ConfigField("event_info_size", .le32, at: 16, unit: .bytes),
      ConfigField("sense_size", .le32, at: 20, writable: true, unit: .bytes),
      ConfigField("cdb_size", .le32, at: 24, writable: true, unit: .bytes),
      ConfigField("max_channel", .le16, at: 28),
      ConfigField("max_target", .le16, at: 30),
      ConfigField("max_lun", .le32, at: 32),
    ])
}
