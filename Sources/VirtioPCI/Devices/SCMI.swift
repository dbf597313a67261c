extension DeviceDefinition {
  /// The SCMI device, VIRTIO 1.4 §5.17.
  static let scmi = DeviceDefinition(
    features: [
      Feature(0, "VIRTIO_SCMI_F_P2A_CHANNELS"),
      Feature(1, "VIRTIO_SCMI_F_SHARED_MEMORY"),
    ])
}
