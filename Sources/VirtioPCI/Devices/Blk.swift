extension Feature {
  /// The features of the block device, VIRTIO 1.4 §5.2.3.
  public enum Blk {
    /// Requests can be barriers.
    public static let barrier = Feature(0, "VIRTIO_BLK_F_BARRIER", "5.2.3.1", legacyOnly: true)
    /// The field `size_max` holds the size of the largest segment.
    public static let sizeMax = Feature(1, "VIRTIO_BLK_F_SIZE_MAX", "5.2.3")
    /// The field `seg_max` holds the largest number of segments in a request.
    public static let segMax = Feature(2, "VIRTIO_BLK_F_SEG_MAX", "5.2.3")
    /// The fields of `geometry` exist.
    public static let geometry = Feature(4, "VIRTIO_BLK_F_GEOMETRY", "5.2.3")
    /// The disk is read-only.
    public static let ro = Feature(5, "VIRTIO_BLK_F_RO", "5.2.3")
    /// The field `blk_size` holds the preferred block size.
    public static let blkSize = Feature(6, "VIRTIO_BLK_F_BLK_SIZE", "5.2.3")
    /// SCSI packets are passed through.
    public static let scsi = Feature(7, "VIRTIO_BLK_F_SCSI", "5.2.3.1", legacyOnly: true)
    /// The device has the flush command.
    public static let flush = Feature(9, "VIRTIO_BLK_F_FLUSH", "5.2.3", also: "VIRTIO_BLK_F_WCE")
    /// The fields of `topology` exist.
    public static let topology = Feature(10, "VIRTIO_BLK_F_TOPOLOGY", "5.2.3")
    /// The cache mode can be read and changed: the field `writeback` exists.
    public static let configWCE = Feature(
      11, "VIRTIO_BLK_F_CONFIG_WCE", "5.2.3", requires: .all(flush))
    /// There may be several request queues: the field `num_queues` exists.
    public static let mq = Feature(12, "VIRTIO_BLK_F_MQ", "5.2.3")
    /// The device has the discard command, and the fields of its limits.
    public static let discard = Feature(13, "VIRTIO_BLK_F_DISCARD", "5.2.3")
    /// The device has the write zeroes command, and the fields of its limits.
    public static let writeZeroes = Feature(14, "VIRTIO_BLK_F_WRITE_ZEROES", "5.2.3")
    /// The device tells how much its storage is worn.
    public static let lifetime = Feature(15, "VIRTIO_BLK_F_LIFETIME", "5.2.3")
    /// The device has the secure erase command, and the fields of its limits.
    public static let secureErase = Feature(16, "VIRTIO_BLK_F_SECURE_ERASE", "5.2.3")
    /// The device may be zoned: the fields of `zoned` exist.
    public static let zoned = Feature(17, "VIRTIO_BLK_F_ZONED", "5.2.3", modernOnly: true)

    /// Every one of them, ascending.
    public static let all = [
      barrier, sizeMax, segMax, geometry, ro, blkSize, scsi, flush, topology, configWCE, mq,
      discard, writeZeroes, lifetime, secureErase, zoned,
    ]
  }
}

extension DeviceDefinition {
  /// The block device, VIRTIO 1.4 §5.2.
  public static let blk = DeviceDefinition(
    .blk, leastQueues: 1, features: Feature.Blk.all,
    config: [
      // In these units whatever blk_size says.
      ConfigField("capacity", .le64, at: 0, unit: .sectors),
      ConfigField("size_max", .le32, at: 8, .with(Feature.Blk.sizeMax), unit: .bytes),
      ConfigField("seg_max", .le32, at: 12, .with(Feature.Blk.segMax)),
      ConfigField("geometry.cylinders", .le16, at: 16, .with(Feature.Blk.geometry)),
      ConfigField("geometry.heads", .u8, at: 18, .with(Feature.Blk.geometry)),
      ConfigField("geometry.sectors", .u8, at: 19, .with(Feature.Blk.geometry)),
      ConfigField("blk_size", .le32, at: 20, .with(Feature.Blk.blkSize), unit: .bytes),
      ConfigField(
        "topology.physical_block_exp", .u8, at: 24, .with(Feature.Blk.topology),
        unit: "log2 of logical blocks"),
      ConfigField(
        "topology.alignment_offset", .u8, at: 25, .with(Feature.Blk.topology),
        unit: "logical blocks"),
      ConfigField(
        "topology.min_io_size", .le16, at: 26, .with(Feature.Blk.topology), unit: "blocks"),
      ConfigField(
        "topology.opt_io_size", .le32, at: 28, .with(Feature.Blk.topology), unit: "blocks"),
      ConfigField(
        "writeback", .u8, at: 32, .with(Feature.Blk.configWCE), .status(.featuresOK),
        writable: true, values: cacheModes),
      .padding("unused0", 1, at: 33),
      ConfigField("num_queues", .le16, at: 34, .with(Feature.Blk.mq)),
      ConfigField("max_discard_sectors", .le32, at: 36, .with(Feature.Blk.discard), unit: .sectors),
      ConfigField("max_discard_seg", .le32, at: 40, .with(Feature.Blk.discard)),
      ConfigField(
        "discard_sector_alignment", .le32, at: 44, .with(Feature.Blk.discard), unit: .sectors),
      ConfigField(
        "max_write_zeroes_sectors", .le32, at: 48, .with(Feature.Blk.writeZeroes), unit: .sectors),
      ConfigField("max_write_zeroes_seg", .le32, at: 52, .with(Feature.Blk.writeZeroes)),
      ConfigField("write_zeroes_may_unmap", .u8, at: 56, .with(Feature.Blk.writeZeroes)),
      .padding("unused1", 3, at: 57),
      ConfigField(
        "max_secure_erase_sectors", .le32, at: 60, .with(Feature.Blk.secureErase), unit: .sectors),
      ConfigField("max_secure_erase_seg", .le32, at: 64, .with(Feature.Blk.secureErase)),
      ConfigField(
        "secure_erase_sector_alignment", .le32, at: 68, .with(Feature.Blk.secureErase),
        unit: .sectors),
      ConfigField("zoned.zone_sectors", .le32, at: 72, .with(Feature.Blk.zoned), unit: .sectors),
      ConfigField(
        "zoned.max_open_zones", .le32, at: 76, .with(Feature.Blk.zoned),
        unit: "zones, 0 = no limit"),
      ConfigField(
        "zoned.max_active_zones", .le32, at: 80, .with(Feature.Blk.zoned),
        unit: "zones, 0 = no limit"),
      ConfigField(
        "zoned.max_append_sectors", .le32, at: 84, .with(Feature.Blk.zoned), unit: .sectors),
      ConfigField("zoned.write_granularity", .le32, at: 88, .with(Feature.Blk.zoned), unit: .bytes),
      ConfigField("zoned.model", .u8, at: 92, .with(Feature.Blk.zoned), values: zoneModels),
      .padding("zoned.unused2", 3, at: 93),
    ])

  private static let cacheModes: NameTable = [
    0: "writethrough",
    1: "writeback",
  ]

  private static let zoneModels: NameTable = [
    0: "VIRTIO_BLK_Z_NONE",
    1: "VIRTIO_BLK_Z_HM",
    2: "VIRTIO_BLK_Z_HA",
  ]
}
