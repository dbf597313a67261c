extension Feature {
  /// The features of the Bluetooth device, which Linux alone describes.
  public enum Bluetooth {
    /// The device has HCI commands of its vendor.
    public static let vndHCI = Feature(0, "VIRTIO_BT_F_VND_HCI", nil)
    /// The device has the HCI extension of Microsoft.
    public static let msftExt = Feature(1, "VIRTIO_BT_F_MSFT_EXT", nil)
    /// The device has the HCI extension of Android.
    public static let aospExt = Feature(2, "VIRTIO_BT_F_AOSP_EXT", nil)
    /// The configuration has the second layout, which is aligned.
    public static let configV2 = Feature(3, "VIRTIO_BT_F_CONFIG_V2", nil)

    /// Every one of them, ascending.
    public static let all = [vndHCI, msftExt, aospExt, configV2]
  }
}

extension DeviceDefinition {
  /// The Bluetooth device, which Linux alone describes.
  ///
  /// The first layout is packed; `VIRTIO_BT_F_CONFIG_V2` chooses the aligned one.
  public static let bluetooth = DeviceDefinition(
    .bluetooth, features: Feature.Bluetooth.all,
    config: [
      ConfigField("type", .u8, at: 0),
      ConfigField(
        "vendor", .le16, at: 1, .without(Feature.Bluetooth.configV2),
        .meaningful(with: Feature.Bluetooth.vndHCI)),
      ConfigField(
        "msft_opcode", .le16, at: 3, .without(Feature.Bluetooth.configV2),
        .meaningful(with: Feature.Bluetooth.msftExt)),
      .padding("alignment", 1, at: 1),
      ConfigField(
        "vendor", .le16, at: 2, .meaningful(with: Feature.Bluetooth.vndHCI),
        .negotiated(Feature.Bluetooth.configV2)),
      ConfigField(
        "msft_opcode", .le16, at: 4, .meaningful(with: Feature.Bluetooth.msftExt),
        .negotiated(Feature.Bluetooth.configV2)),
    ])
}
