extension Feature {
  /// The features of the GPIO device, VIRTIO 1.4 §5.18.3.
  public enum GPIO {
    /// Lines can interrupt, which the event queue reports.
    public static let irq = Feature(0, "VIRTIO_GPIO_F_IRQ", "5.18.3")

    /// Every one of them, ascending.
    public static let all = [irq]
  }
}

extension DeviceDefinition {
  /// The GPIO device, VIRTIO 1.4 §5.18.
  public static let gpio = DeviceDefinition(
    .gpio, leastQueues: 1, features: Feature.GPIO.all,
    config: [
      ConfigField("ngpio", .le16, at: 0),
      .padding("padding", 2, at: 2),
      ConfigField("gpio_names_size", .le32, at: 4, unit: .bytes),
    ])
}
