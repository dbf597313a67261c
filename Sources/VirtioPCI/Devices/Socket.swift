extension Feature {
  /// The features of the socket device, VIRTIO 1.4 §5.10.3.
  public enum Socket {
    /// Stream sockets.
    public static let stream = Feature(0, "VIRTIO_VSOCK_F_STREAM", "5.10.3")
    /// Seqpacket sockets.
    public static let seqpacket = Feature(1, "VIRTIO_VSOCK_F_SEQPACKET", "5.10.3")
    /// Stream support is not assumed when only other bits are negotiated.
    public static let noImpliedStream = Feature(2, "VIRTIO_VSOCK_F_NO_IMPLIED_STREAM", "5.10.3")

    /// Every one of them, ascending.
    public static let all = [stream, seqpacket, noImpliedStream]
  }
}

/// The configuration of the socket device, VIRTIO 1.4 §5.10.4.
public enum Socket {
  /// The context ID of the guest, of which the high half is 0.
  public static let guestCID = Register<UInt64, ReadOnly>("guest_cid", at: 0)
}

extension DeviceDefinition {
  /// The socket device, VIRTIO 1.4 §5.10.
  public static let socket = DeviceDefinition(
    .socket, leastQueues: 3, features: Feature.Socket.all,
    config: [
      ConfigField(Socket.guestCID)
    ])
}
