extension Feature {
  /// The features of the 9P transport, which Linux alone describes.
  public enum NineP {
    /// The configuration holds a mount tag.
    public static let mountTag = Feature(0, "VIRTIO_9P_MOUNT_TAG", nil)

    /// Every one of them, ascending.
    public static let all = [mountTag]
  }
}

extension DeviceDefinition {
  /// The 9P transport, which Linux alone describes.
  public static let nineP = DeviceDefinition(
    .nineP, features: Feature.NineP.all,
    config: [
      ConfigField("tag_len", .le16, at: 0, .with(Feature.NineP.mountTag)),
      // Of no size but what tag_len says.
      ConfigField(
        "tag", .bytes(0xFFFF), at: 2, .with(Feature.NineP.mountTag),
        within: ConfigField.Extent(from: 2, length: "tag_len"), format: .text),
    ])
}
