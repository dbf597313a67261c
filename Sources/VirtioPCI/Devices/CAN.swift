extension DeviceDefinition {
  /// The CAN device, VIRTIO 1.4 §5.20.
  static let can = DeviceDefinition(
    features: [
      Feature(0, "VIRTIO_CAN_F_CAN_CLASSIC"),
      Feature(1, "VIRTIO_CAN_F_CAN_FD"),
      Feature(2, "VIRTIO_CAN_F_RTR_FRAMES"),
      Feature(3, "VIRTIO_CAN_F_LATE_TX_ACK"),
    ],
    config: [
      ConfigField("status", .le16, at: 0, bits: [0: "VIRTIO_CAN_S_CTRL_BUSOFF"])
    ])
}
