/// The configuration of the RPMB device, VIRTIO 1.4 §5.12.4.
public enum RPMB {
  /// The size of the partition, in units of 128 KiB.
  public static let capacity = Register<UInt8, ReadOnly>("capacity", at: 0)
  /// The most blocks of 256 bytes in a write; 0 for no limit.
  public static let maxWRCnt = Register<UInt8, ReadOnly>("max_wr_cnt", at: 1)
  /// The most blocks of 256 bytes in a read; 0 for no limit.
  public static let maxRDCnt = Register<UInt8, ReadOnly>("max_rd_cnt", at: 2)
}

extension DeviceDefinition {
  /// The RPMB device, VIRTIO 1.4 §5.12.
  public static let rpmb = DeviceDefinition(
    .rpmb, leastQueues: 1,
    config: [
      ConfigField(RPMB.capacity, unit: ConfigField.Unit("128 KiB", bytes: 131_072)),
      ConfigField(
        RPMB.maxWRCnt, unit: ConfigField.Unit("256-byte blocks, 0 = no limit", bytes: 256)),
      ConfigField(
        RPMB.maxRDCnt, unit: ConfigField.Unit("256-byte blocks, 0 = no limit", bytes: 256)),
    ])
}
