extension Feature {
  /// The features of the file system device, VIRTIO 1.4 §5.11.3.
  public enum FS {
    /// There is a notification queue: the field `notify_buf_size` exists.
    public static let notification = Feature(0, "VIRTIO_FS_F_NOTIFICATION", "5.11.3")

    /// Every one of them, ascending.
    public static let all = [notification]
  }
}

extension DeviceDefinition {
  /// The file system device, VIRTIO 1.4 §5.11.
  public static let fs = DeviceDefinition(
    .fs, leastQueues: 2, sharedMemoryIDs: [0...0], features: Feature.FS.all,
    config: [
      ConfigField("tag", .bytes(36), at: 0, format: .text),
      ConfigField("num_request_queues", .le32, at: 36),
      ConfigField("notify_buf_size", .le32, at: 40, .with(Feature.FS.notification), unit: .bytes),
    ])
}
