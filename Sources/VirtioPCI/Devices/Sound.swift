extension Feature {
  /// The features of the sound device, VIRTIO 1.4 §5.14.3.
  public enum Sound {
    /// The device has control elements: the field `controls` exists.
    public static let ctls = Feature(0, "VIRTIO_SND_F_CTLS", "5.14.3")

    /// Every one of them, ascending.
    public static let all = [ctls]
  }
}

extension DeviceDefinition {
  /// The sound device, VIRTIO 1.4 §5.14.
  public static let sound = DeviceDefinition(
    .sound, leastQueues: 4, features: Feature.Sound.all,
    config: [
      ConfigField("jacks", .le32, at: 0),
      ConfigField("streams", .le32, at: 4),
      ConfigField("chmaps", .le32, at: 8),
      ConfigField("controls", .le32, at: 12, .negotiated(Feature.Sound.ctls)),
    ])
}
