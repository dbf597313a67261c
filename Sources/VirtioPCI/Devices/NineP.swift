extension DeviceDefinition {
  /// The 9P transport, which Linux alone describes.
  static let nineP = DeviceDefinition(
    features: [
      Feature(0, "VIRTIO_9P_MOUNT_TAG")
    ],
    config: [
      ConfigField("tag_len", .le16, at: 0, .with("VIRTIO_9P_MOUNT_TAG")),
      // Of no size but what tag_len says.
      ConfigField(
        "tag", .bytes(0xFFFF), at: 2, .with("VIRTIO_9P_MOUNT_TAG"),
        within: ConfigField.Extent(from: 2, length: "tag_len"), format: .text),
    ])
}
