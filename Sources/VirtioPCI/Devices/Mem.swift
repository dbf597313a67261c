extension DeviceDefinition {
  /// The memory device, VIRTIO 1.4 §5.15.
  static let mem = DeviceDefinition(
    features: [
      Feature(0, "VIRTIO_MEM_F_ACPI_PXM"),
      Feature(1, "VIRTIO_MEM_F_UNPLUGGED_INACCESSIBLE"),
      Feature(2, "VIRTIO_MEM_F_PERSISTENT_SUSPEND"),
    ],
    config: [
      ConfigField("block_size", .le64, at: 0, unit: .bytes),
      ConfigField("node_id", .le16, at: 8, .meaningful(with: "VIRTIO_MEM_F_ACPI_PXM")),
      .padding("padding", 6, at: 10),
      ConfigField("addr", .le64, at: 16, format: .address),
      ConfigField("region_size", .le64, at: 24, unit: .bytes),
      ConfigField("usable_region_size", .le64, at: 32, unit: .bytes),
      ConfigField("plugged_size", .le64, at: 40, unit: .bytes),
      ConfigField("requested_size", .le64, at: 48, unit: .bytes),
    ])
}
