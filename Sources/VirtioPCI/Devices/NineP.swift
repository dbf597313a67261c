extension Feature {
  /// The features of the 9P transport, which Linux alone describes.
  public enum NineP {
    /// The configuration holds a mount tag.
    public static let mountTag = Feature(0, "VIRTIO_9P_MOUNT_TAG", nil)

    /// Every one of them, ascending.
    public static let all = [mountTag]
  }
}

/// The configuration of the 9P transport, which Linux alone describes.
public enum NineP {
  /// The length of the tag, in bytes.
  public static let tagLen = Register<UInt16, ReadOnly>(
    "tag_len", at: 0, needs: Feature.NineP.mountTag)
  /// The mount tag, of as many bytes as `tagLen` says.
  public static let tag = ByteRegister("tag", at: 2, count: 0xFFFF, needs: Feature.NineP.mountTag)
}

extension DeviceDefinition {
  /// The 9P transport, which Linux alone describes.
  public static let nineP = DeviceDefinition(
    .nineP, features: Feature.NineP.all,
    config: [
      ConfigField(NineP.tagLen),
      // Of no size but what tag_len says.
      ConfigField(
        NineP.tag, within: ConfigField.Extent(from: 2, length: NineP.tagLen), format: .text),
    ])
}
