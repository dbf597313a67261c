extension Feature {
  /// The features of the I2C adapter, VIRTIO 1.4 §5.16.3.
  public enum I2C {
    /// Requests may have no bytes; every device offers and every driver accepts it.
    public static let zeroLengthRequest = Feature(0, "VIRTIO_I2C_F_ZERO_LENGTH_REQUEST", "5.16.3")

    /// Every one of them, ascending.
    public static let all = [zeroLengthRequest]
  }
}

extension DeviceDefinition {
  /// The I2C adapter, VIRTIO 1.4 §5.16.
  public static let i2c = DeviceDefinition(
    .i2c, leastQueues: 1, features: Feature.I2C.all)
}
