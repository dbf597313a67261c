extension DeviceDefinition {
  /// The sound device, VIRTIO 1.4 §5.14.
  static let sound = DeviceDefinition(
    features: [
      Feature(0, "VIRTIO_SND_F_CTLS")
    ],
    config: [
      ConfigField("jacks", .le32, at: 0),
      ConfigField("streams", .le32, at: 4),
      ConfigField("chmaps", .le32, at: 8),
      ConfigField("controls", .le32, at: 12, .negotiated("VIRTIO_SND_F_CTLS")),
    ])
}
