extension DeviceDefinition {
  /// The GPIO device, VIRTIO 1.4 §5.18.
  static let gpio = DeviceDefinition(
    features: [
      Feature(0, "VIRTIO_GPIO_F_IRQ")
    ],
    config: [
      ConfigField("ngpio", .le16, at: 0),
      .padding("padding", 2, at: 2),
      ConfigField("gpio_names_size", .le32, at: 4, unit: .bytes),
    ])
}
