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

extension DeviceDefinition {
  /// The memory device, VIRTIO 1.4 §5.15.
  public static let mem = DeviceDefinition(
    .mem, leastQueues: 1, features: Feature.Mem.all,
    config: [
      ConfigField("block_size", .le64, at: 0, unit: .bytes),
      ConfigField("node_id", .le16, at: 8, .meaningful(with: Feature.Mem.acpiPXM)),
      .padding("padding", 6, at: 10),
      ConfigField("addr", .le64, at: 16, format: .address),
      ConfigField("region_size", .le64, at: 24, unit: .bytes),
      ConfigField("usable_region_size", .le64, at: 32, unit: .bytes),
      ConfigField("plugged_size", .le64, at: 40, unit: .bytes),
      ConfigField("requested_size", .le64, at: 48, unit: .bytes),
    ])
}
