extension DeviceDefinition {
  /// The I2C adapter, VIRTIO 1.4 §5.16.
  static let i2c = DeviceDefinition(
    features: [
      Feature(0, "VIRTIO_I2C_F_ZERO_LENGTH_REQUEST")
    ])
}
