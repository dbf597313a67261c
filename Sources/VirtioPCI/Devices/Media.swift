/// The configuration of the media device, VIRTIO 1.4 §5.22.4.
public enum Media {
  /// What the device can do: capability flags of V4L2.
  public static let deviceCaps = Register<UInt32, ReadOnly>("device_caps", at: 0)
  /// The type of the device node, as V4L2 numbers it.
  public static let deviceType = Register<UInt32, ReadOnly>("device_type", at: 4)
  /// The name of the device, in UTF-8, with NULs behind it.
  public static let card = ByteRegister("card", at: 8, count: 32)
}

extension DeviceDefinition {
  /// The media device, VIRTIO 1.4 §5.22.
  public static let media = DeviceDefinition(
    .media, leastQueues: 2, sharedMemoryIDs: [0...0],
    config: [
      ConfigField(Media.deviceCaps),
      ConfigField(Media.deviceType),
      ConfigField(Media.card, format: .text),
    ])
}
