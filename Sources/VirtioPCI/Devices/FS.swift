extension DeviceDefinition {
  /// The file system device, VIRTIO 1.4 §5.11.
  static let fs = DeviceDefinition(
    features: [
      Feature(0, "VIRTIO_FS_F_NOTIFICATION")
    ],
    config: [
      ConfigField("tag", .bytes(36), at: 0, format: .text),
      ConfigField("num_request_queues", .le32, at: 36),
      ConfigField(
        "notify_buf_size", .le32, at: 40, .with("VIRTIO_FS_F_NOTIFICATION"), unit: .bytes),
    ])
}
