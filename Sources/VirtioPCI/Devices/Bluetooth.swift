extension DeviceDefinition {
  /// The Bluetooth device, which Linux alone describes.
  ///
  /// The first layout is packed; `VIRTIO_BT_F_CONFIG_V2` chooses the aligned one.
  static let bluetooth = DeviceDefinition(
    features: [
      Feature(0, "VIRTIO_BT_F_VND_HCI"),
      Feature(1, "VIRTIO_BT_F_MSFT_EXT"),
      Feature(2, "VIRTIO_BT_F_AOSP_EXT"),
      Feature(3, "VIRTIO_BT_F_CONFIG_V2"),
    ],
    config: [
      ConfigField("type", .u8, at: 0),
      ConfigField(
        "vendor", .le16, at: 1, .without("VIRTIO_BT_F_CONFIG_V2"),
        .meaningful(with: "VIRTIO_BT_F_VND_HCI")),
      ConfigField(
        "msft_opcode", .le16, at: 3, .without("VIRTIO_BT_F_CONFIG_V2"),
        .meaningful(with: "VIRTIO_BT_F_MSFT_EXT")),
      .padding("alignment", 1, at: 1),
      ConfigField(
        "vendor", .le16, at: 2, .meaningful(with: "VIRTIO_BT_F_VND_HCI"),
        .negotiated("VIRTIO_BT_F_CONFIG_V2")),
      ConfigField(
        "msft_opcode", .le16, at: 4, .meaningful(with: "VIRTIO_BT_F_MSFT_EXT"),
        .negotiated("VIRTIO_BT_F_CONFIG_V2")),
    ])
}
