extension DeviceDefinition {
  /// The real time clock, VIRTIO 1.4 §5.23.
  static let rtc = DeviceDefinition(
    features: [
      Feature(0, "VIRTIO_RTC_F_ALARM")
    ])
}
