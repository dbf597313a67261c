extension Feature {
  /// The features of the sound device, VIRTIO 1.4 §5.14.3.
  public enum Sound {
    /// The device has control elements: the field `controls` exists.
    public static let ctls = Feature(0, "VIRTIO_SND_F_CTLS", "5.14.3")

    /// Every one of them, ascending.
    public static let all = [ctls]
  }
}

/// The configuration of the sound device, VIRTIO 1.4 §5.14.4.
public enum Sound {
  /// How many jacks there are.
  public static let jacks = Register<UInt32, ReadOnly>("jacks", at: 0)
  /// How many PCM streams there are.
  public static let streams = Register<UInt32, ReadOnly>("streams", at: 4)
  /// How many channel maps there are.
  public static let chmaps = Register<UInt32, ReadOnly>("chmaps", at: 8)
  /// How many control elements there are.
  public static let controls = Register<UInt32, ReadOnly>("controls", at: 12)
}

extension DeviceDefinition {
  /// The sound device, VIRTIO 1.4 §5.14.
  public static let sound = DeviceDefinition(
    .sound, leastQueues: 4, features: Feature.Sound.all,
    config: [
      ConfigField(Sound.jacks),
      ConfigField(Sound.streams),
      ConfigField(Sound.chmaps),
      ConfigField(Sound.controls, .negotiated(Feature.Sound.ctls)),
    ])
}
