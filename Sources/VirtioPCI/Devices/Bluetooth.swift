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

/// The configuration of the Bluetooth device, which Linux alone describes.
public enum Bluetooth {
  /// The type of the controller.
  public static let type = Register<UInt8, ReadOnly>("type", at: 0)
  /// The vendor of the controller in the first layout, which is not aligned: load it byte by byte.
  public static let packedVendor = Register<UInt16, ReadOnly>("vendor", at: 1)
  /// The opcode of the Microsoft extension in the first layout, which is not aligned: load it byte
  /// by byte.
  public static let packedMSFTOpcode = Register<UInt16, ReadOnly>("msft_opcode", at: 3)
  /// The vendor of the controller in the second layout.
  public static let vendor = Register<UInt16, ReadOnly>("vendor", at: 2)
  /// The opcode of the Microsoft extension in the second layout.
  public static let msftOpcode = Register<UInt16, ReadOnly>("msft_opcode", at: 4)
}

extension DeviceDefinition {
  /// The Bluetooth device, which Linux alone describes.
  ///
  /// The first layout is packed; `VIRTIO_BT_F_CONFIG_V2` chooses the aligned one.
  public static let bluetooth = DeviceDefinition(
    .bluetooth, features: Feature.Bluetooth.all,
    config: [
      ConfigField(Bluetooth.type, values: bluetoothTypes),
      ConfigField(
        Bluetooth.packedVendor, .without(Feature.Bluetooth.configV2),
        .meaningful(with: Feature.Bluetooth.vndHCI), values: bluetoothVendors),
      ConfigField(
        Bluetooth.packedMSFTOpcode, .without(Feature.Bluetooth.configV2),
        .meaningful(with: Feature.Bluetooth.msftExt), format: .hex),
      .padding("alignment", 1, at: 1),
      ConfigField(
        Bluetooth.vendor, .meaningful(with: Feature.Bluetooth.vndHCI),
        .negotiated(Feature.Bluetooth.configV2), values: bluetoothVendors),
      ConfigField(
        Bluetooth.msftOpcode, .meaningful(with: Feature.Bluetooth.msftExt),
        .negotiated(Feature.Bluetooth.configV2), format: .hex),
    ])

  /// The only one: an ordinary controller.
  static let bluetoothTypes: NameTable = [0: "VIRTIO_BT_CONFIG_TYPE_PRIMARY"]

  static let bluetoothVendors: NameTable = [
    0: "VIRTIO_BT_CONFIG_VENDOR_NONE",
    1: "VIRTIO_BT_CONFIG_VENDOR_ZEPHYR",
    2: "VIRTIO_BT_CONFIG_VENDOR_INTEL",
    3: "VIRTIO_BT_CONFIG_VENDOR_REALTEK",
  ]
}
