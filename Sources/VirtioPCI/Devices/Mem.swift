extension Feature {
  /// The features of the memory device, VIRTIO 1.4 §5.15.3.
  public enum Mem {
    /// The field `node_id` holds an ACPI proximity domain.
    public static let acpiPXM = Feature(0, "VIRTIO_MEM_F_ACPI_PXM", "5.15.3")
    /// The driver must not touch unplugged memory.
    public static let unpluggedInaccessible = Feature(
      1, "VIRTIO_MEM_F_UNPLUGGED_INACCESSIBLE", "5.15.3")
    /// The guest may suspend with plugged memory.
    public static let persistentSuspend = Feature(2, "VIRTIO_MEM_F_PERSISTENT_SUSPEND", "5.15.3")

    /// Every one of them, ascending.
    public static let all = [acpiPXM, unpluggedInaccessible, persistentSuspend]
  }
}

/// The configuration of the memory device, VIRTIO 1.4 §5.15.4.
public enum Mem {
  /// The size of a block, in bytes: a power of two.
  public static let blockSize = Register<UInt64, ReadOnly>("block_size", at: 0)
  /// The NUMA node, as an ACPI proximity domain.
  public static let nodeID = Register<UInt16, ReadOnly>("node_id", at: 8)
  /// Where the region starts: a guest physical address.
  public static let addr = Register<UInt64, ReadOnly>("addr", at: 16)
  /// The size of the region, in bytes.
  public static let regionSize = Register<UInt64, ReadOnly>("region_size", at: 24)
  /// How much of it can be used, in bytes.
  public static let usableRegionSize = Register<UInt64, ReadOnly>("usable_region_size", at: 32)
  /// How much of it is plugged, in bytes.
  public static let pluggedSize = Register<UInt64, ReadOnly>("plugged_size", at: 40)
  /// How much of it should be plugged, in bytes.
  public static let requestedSize = Register<UInt64, ReadOnly>("requested_size", at: 48)
}

extension DeviceDefinition {
  /// The memory device, VIRTIO 1.4 §5.15.
  public static let mem = DeviceDefinition(
    .mem, leastQueues: 1, features: Feature.Mem.all,
    config: [
      ConfigField(Mem.blockSize, unit: .bytes),
      ConfigField(Mem.nodeID, .meaningful(with: Feature.Mem.acpiPXM)),
      .padding("padding", 6, at: 10),
      ConfigField(Mem.addr, format: .address),
      ConfigField(Mem.regionSize, unit: .bytes),
      ConfigField(Mem.usableRegionSize, unit: .bytes),
      ConfigField(Mem.pluggedSize, unit: .bytes),
      ConfigField(Mem.requestedSize, unit: .bytes),
    ])
}
