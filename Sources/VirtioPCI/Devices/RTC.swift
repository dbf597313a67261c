extension Feature {
  /// The features of the real time clock, VIRTIO 1.4 §5.23.3.
  public enum RTC {
    /// The device has alarms, and a queue of them.
    public static let alarm = Feature(0, "VIRTIO_RTC_F_ALARM", "5.23.3")

    /// Every one of them, ascending.
    public static let all = [alarm]
  }
}

extension DeviceDefinition {
  /// The real time clock, VIRTIO 1.4 §5.23.
  public static let rtc = DeviceDefinition(
    .rtc, leastQueues: 1, features: Feature.RTC.all)
}
