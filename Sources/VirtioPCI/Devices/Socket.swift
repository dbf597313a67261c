extension DeviceDefinition {
  /// The socket device, VIRTIO 1.4 §5.10.
  static let socket = DeviceDefinition(
    features: [
      Feature(0, "VIRTIO_VSOCK_F_STREAM"),
      Feature(1, "VIRTIO_VSOCK_F_SEQPACKET"),
      Feature(2, "VIRTIO_VSOCK_F_NO_IMPLIED_STREAM"),
    ],
    config: [
      ConfigField("guest_cid", .le64, at: 0)
    ])
}
