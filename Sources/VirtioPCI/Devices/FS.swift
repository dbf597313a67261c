extension Feature {
  /// The features of the file system device, VIRTIO 1.4 §5.11.3.
  public enum FS {
    /// There is a notification queue: the field `notify_buf_size` exists.
    public static let notification = Feature(0, "VIRTIO_FS_F_NOTIFICATION", "5.11.3")

    /// Every one of them, ascending.
    public static let all = [notification]
  }
}

/// The configuration of the file system device, VIRTIO 1.4 §5.11.4.
public enum FS {
  /// The name of the file system, in UTF-8, with NULs behind it.
  public static let tag = ByteRegister("tag", at: 0, count: 36)
  /// How many request queues there are.
  public static let numRequestQueues = Register<UInt32, ReadOnly>("num_request_queues", at: 36)
  /// The size of the largest notification, in bytes.
  public static let notifyBufSize = Register<UInt32, ReadOnly>(
    "notify_buf_size", at: 40, needs: Feature.FS.notification)
}

extension DeviceDefinition {
  /// The file system device, VIRTIO 1.4 §5.11.
  public static let fs = DeviceDefinition(
    .fs, leastQueues: 2, sharedMemoryIDs: [.init(0)], features: Feature.FS.all,
    config: [
      ConfigField(FS.tag, format: .text),
      ConfigField(FS.numRequestQueues),
      ConfigField(FS.notifyBufSize, unit: .bytes),
    ])
}
