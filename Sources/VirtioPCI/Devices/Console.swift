extension Feature {
  /// The features of the console device, VIRTIO 1.4 §5.3.3.
  public enum Console {
    /// The fields `cols` and `rows` exist.
    public static let size = Feature(0, "VIRTIO_CONSOLE_F_SIZE", "5.3.3")
    /// There may be several ports and there are control queues: the field `max_nr_ports` exists.
    public static let multiport = Feature(1, "VIRTIO_CONSOLE_F_MULTIPORT", "5.3.3")
    /// A write to `emerg_wr` prints a character, whether this is negotiated or not.
    public static let emergWrite = Feature(2, "VIRTIO_CONSOLE_F_EMERG_WRITE", "5.3.3")

    /// Every one of them, ascending.
    public static let all = [size, multiport, emergWrite]
  }
}

extension DeviceDefinition {
  /// The console device, VIRTIO 1.4 §5.3.
  public static let console = DeviceDefinition(
    .console, leastQueues: 2, features: Feature.Console.all,
    config: [
      ConfigField("cols", .le16, at: 0, .with(Feature.Console.size)),
      ConfigField("rows", .le16, at: 2, .with(Feature.Console.size)),
      ConfigField("max_nr_ports", .le32, at: 4, .with(Feature.Console.multiport)),
      ConfigField(
        "emerg_wr", .le32, at: 8, .with(Feature.Console.emergWrite), .writeOnly, writable: true),
    ])
}
