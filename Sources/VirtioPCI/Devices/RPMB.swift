extension DeviceDefinition {
  /// The RPMB device, VIRTIO 1.4 §5.12.
  public static let rpmb = DeviceDefinition(
    .rpmb, leastQueues: 1,
    config: [
      ConfigField("capacity", .u8, at: 0, unit: ConfigField.Unit("128 KiB", bytes: 131_072)),
      ConfigField(
        "max_wr_cnt", .u8, at: 1,
        unit: ConfigField.Unit("256-byte blocks, 0 = no limit", bytes: 256)),
      ConfigField(
        "max_rd_cnt", .u8, at: 2,
        unit: ConfigField.Unit("256-byte blocks, 0 = no limit", bytes: 256)),
    ])
}
