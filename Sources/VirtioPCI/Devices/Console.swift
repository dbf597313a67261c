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

/// The configuration of the console device, VIRTIO 1.4 §5.3.4.
public enum Console {
  /// How many columns the console has.
  public static let cols = Register<UInt16, ReadOnly>("cols", at: 0, needs: Feature.Console.size)
  /// How many rows the console has.
  public static let rows = Register<UInt16, ReadOnly>("rows", at: 2, needs: Feature.Console.size)
  /// How many ports there can be.
  public static let maxNrPorts = Register<UInt32, ReadOnly>(
    "max_nr_ports", at: 4, needs: Feature.Console.multiport)
  /// Prints the character that is written to it; a read gives nothing that is defined.
  public static let emergWR = Register<UInt32, ReadWrite>(
    "emerg_wr", at: 8, needs: Feature.Console.emergWrite)
}

extension DeviceDefinition {
  /// The console device, VIRTIO 1.4 §5.3.
  public static let console = DeviceDefinition(
    .console, leastQueues: 2, features: Feature.Console.all,
    config: [
      ConfigField(Console.cols),
      ConfigField(Console.rows),
      ConfigField(Console.maxNrPorts),
      ConfigField(Console.emergWR, .writeOnly),
    ])
}
