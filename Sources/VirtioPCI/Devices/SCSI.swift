extension DeviceDefinition {
  /// The SCSI host, VIRTIO 1.4 §5.6.
  static let scsi = DeviceDefinition(
    features: [
      Feature(0, "VIRTIO_SCSI_F_INOUT"),
      Feature(1, "VIRTIO_SCSI_F_HOTPLUG"),
      Feature(2, "VIRTIO_SCSI_F_CHANGE"),
      Feature(3, "VIRTIO_SCSI_F_T10_PI"),
    ],
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
