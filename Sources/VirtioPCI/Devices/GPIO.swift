extension Feature {
  /// The features of the GPIO device, VIRTIO 1.4 §5.18.3.
  public enum GPIO {
    /// Lines can interrupt, which the event queue reports.
    public static let irq = Feature(0, "VIRTIO_GPIO_F_IRQ", "5.18.3")

    /// Every one of them, ascending.
    public static let all = [irq]
  }
}

/// The configuration of the GPIO device, VIRTIO 1.4 §5.18.4.
public enum GPIO {
  /// How many lines there are.
  public static let ngpio = Register<UInt16, ReadOnly>("ngpio", at: 0)
  /// The size of the names of the lines, in bytes; 0 when there are none.
  public static let gpioNamesSize = Register<UInt32, ReadOnly>("gpio_names_size", at: 4)
}

extension DeviceDefinition {
  /// The GPIO device, VIRTIO 1.4 §5.18.
  public static let gpio = DeviceDefinition(
    .gpio, leastQueues: 1, features: Feature.GPIO.all,
    config: [
      ConfigField(GPIO.ngpio),
      .padding("padding", 2, at: 2),
      ConfigField(GPIO.gpioNamesSize, unit: .bytes),
    ])
}
