extension Feature {
  /// The features of the CAN device, VIRTIO 1.4 §5.20.3.
  public enum CAN {
    /// The device has classic CAN frames, of up to 8 bytes.
    public static let canClassic = Feature(0, "VIRTIO_CAN_F_CAN_CLASSIC", "5.20.3")
    /// The device has CAN FD frames, of up to 64 bytes.
    public static let canFD = Feature(1, "VIRTIO_CAN_F_CAN_FD", "5.20.3")
    /// The device has remote transmission request frames.
    public static let rtrFrames = Feature(
      2, "VIRTIO_CAN_F_RTR_FRAMES", "5.20.3", requires: .all(canClassic))
    /// A transmission completes only once the frame was sent.
    public static let lateTXAck = Feature(3, "VIRTIO_CAN_F_LATE_TX_ACK", "5.20.3")

    /// Every one of them, ascending.
    public static let all = [canClassic, canFD, rtrFrames, lateTXAck]
  }
}

/// The configuration of the CAN device, VIRTIO 1.4 §5.20.4.
public enum CAN {
  /// The state of the controller, as bits.
  public static let status = Register<UInt16, ReadOnly>("status", at: 0)
}

extension DeviceDefinition {
  /// The CAN device, VIRTIO 1.4 §5.20.
  public static let can = DeviceDefinition(
    .can, leastQueues: 3, features: Feature.CAN.all,
    config: [
      ConfigField(CAN.status, bits: [0: "VIRTIO_CAN_S_CTRL_BUSOFF"])
    ])
}
