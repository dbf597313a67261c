extension DeviceDefinition {
  /// The media device, VIRTIO 1.4 §5.22.
  public static let media = DeviceDefinition(
    .media, leastQueues: 2, sharedMemoryIDs: [0...0],
    config: [
      ConfigField("device_caps", .le32, at: 0),
      ConfigField("device_type", .le32, at: 4),
      ConfigField("card", .bytes(32), at: 8, format: .text),
    ])
}
