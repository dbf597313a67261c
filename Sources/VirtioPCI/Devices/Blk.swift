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

/// The configuration of the block device, VIRTIO 1.4 §5.2.4.
public enum Blk {
  /// The size of the disk in sectors of 512 bytes, whatever `blkSize` is.
  public static let capacity = Register<UInt64, ReadOnly>("capacity", at: 0)
  /// The size of the largest segment, in bytes.
  public static let sizeMax = Register<UInt32, ReadOnly>(
    "size_max", at: 8, needs: Feature.Blk.sizeMax)
  /// The largest number of segments in a request.
  public static let segMax = Register<UInt32, ReadOnly>(
    "seg_max", at: 12, needs: Feature.Blk.segMax)
  /// How many cylinders the disk has.
  public static let geometryCylinders = Register<UInt16, ReadOnly>(
    "geometry.cylinders", at: 16, needs: Feature.Blk.geometry)
  /// How many heads the disk has.
  public static let geometryHeads = Register<UInt8, ReadOnly>(
    "geometry.heads", at: 18, needs: Feature.Blk.geometry)
  /// How many sectors a track has.
  public static let geometrySectors = Register<UInt8, ReadOnly>(
    "geometry.sectors", at: 19, needs: Feature.Blk.geometry)
  /// The preferred block size, in bytes.
  public static let blkSize = Register<UInt32, ReadOnly>(
    "blk_size", at: 20, needs: Feature.Blk.blkSize)
  /// How many logical blocks a physical one has, as a power of two.
  public static let topologyPhysicalBlockExp = Register<UInt8, ReadOnly>(
    "topology.physical_block_exp", at: 24, needs: Feature.Blk.topology)
  /// Where the first aligned logical block is.
  public static let topologyAlignmentOffset = Register<UInt8, ReadOnly>(
    "topology.alignment_offset", at: 25, needs: Feature.Blk.topology)
  /// The smallest I/O that is good, in blocks.
  public static let topologyMinIOSize = Register<UInt16, ReadOnly>(
    "topology.min_io_size", at: 26, needs: Feature.Blk.topology)
  /// The best I/O size, in blocks.
  public static let topologyOptIOSize = Register<UInt32, ReadOnly>(
    "topology.opt_io_size", at: 28, needs: Feature.Blk.topology)
  /// 0 for a cache that writes through, 1 for one that writes back.
  public static let writeback = Register<UInt8, ReadWrite>(
    "writeback", at: 32, needs: Feature.Blk.configWCE)
  /// How many request queues there are.
  public static let numQueues = Register<UInt16, ReadOnly>(
    "num_queues", at: 34, needs: Feature.Blk.mq)
  /// The most sectors of 512 bytes in a discard.
  public static let maxDiscardSectors = Register<UInt32, ReadOnly>(
    "max_discard_sectors", at: 36, needs: Feature.Blk.discard)
  /// The most segments in a discard.
  public static let maxDiscardSeg = Register<UInt32, ReadOnly>(
    "max_discard_seg", at: 40, needs: Feature.Blk.discard)
  /// How the sectors of a discard are aligned.
  public static let discardSectorAlignment = Register<UInt32, ReadOnly>(
    "discard_sector_alignment", at: 44, needs: Feature.Blk.discard)
  /// The most sectors of 512 bytes in a write of zeroes.
  public static let maxWriteZeroesSectors = Register<UInt32, ReadOnly>(
    "max_write_zeroes_sectors", at: 48, needs: Feature.Blk.writeZeroes)
  /// The most segments in a write of zeroes.
  public static let maxWriteZeroesSeg = Register<UInt32, ReadOnly>(
    "max_write_zeroes_seg", at: 52, needs: Feature.Blk.writeZeroes)
  /// Whether a write of zeroes may deallocate.
  public static let writeZeroesMayUnmap = Register<UInt8, ReadOnly>(
    "write_zeroes_may_unmap", at: 56, needs: Feature.Blk.writeZeroes)
  /// The most sectors of 512 bytes in a secure erase.
  public static let maxSecureEraseSectors = Register<UInt32, ReadOnly>(
    "max_secure_erase_sectors", at: 60, needs: Feature.Blk.secureErase)
  /// The most segments in a secure erase.
  public static let maxSecureEraseSeg = Register<UInt32, ReadOnly>(
    "max_secure_erase_seg", at: 64, needs: Feature.Blk.secureErase)
  /// How the sectors of a secure erase are aligned.
  public static let secureEraseSectorAlignment = Register<UInt32, ReadOnly>(
    "secure_erase_sector_alignment", at: 68, needs: Feature.Blk.secureErase)
  /// The size of a zone, in sectors of 512 bytes.
  public static let zonedZoneSectors = Register<UInt32, ReadOnly>(
    "zoned.zone_sectors", at: 72, needs: Feature.Blk.zoned)
  /// The most open zones; 0 for no limit.
  public static let zonedMaxOpenZones = Register<UInt32, ReadOnly>(
    "zoned.max_open_zones", at: 76, needs: Feature.Blk.zoned)
  /// The most active zones; 0 for no limit.
  public static let zonedMaxActiveZones = Register<UInt32, ReadOnly>(
    "zoned.max_active_zones", at: 80, needs: Feature.Blk.zoned)
  /// The most sectors of 512 bytes in an append.
  public static let zonedMaxAppendSectors = Register<UInt32, ReadOnly>(
    "zoned.max_append_sectors", at: 84, needs: Feature.Blk.zoned)
  /// The granularity of writes to zones, in bytes.
  public static let zonedWriteGranularity = Register<UInt32, ReadOnly>(
    "zoned.write_granularity", at: 88, needs: Feature.Blk.zoned)
  /// Whether the device is zoned, and who manages the zones.
  public static let zonedModel = Register<UInt8, ReadOnly>(
    "zoned.model", at: 92, needs: Feature.Blk.zoned)
}

extension DeviceDefinition {
  /// The block device, VIRTIO 1.4 §5.2.
  public static let blk = DeviceDefinition(
    .blk, leastQueues: 1, features: Feature.Blk.all,
    config: [
      ConfigField(Blk.capacity, unit: .sectors),
      ConfigField(Blk.sizeMax, unit: .bytes),
      ConfigField(Blk.segMax),
      ConfigField(Blk.geometryCylinders),
      ConfigField(Blk.geometryHeads),
      ConfigField(Blk.geometrySectors),
      ConfigField(Blk.blkSize, unit: .bytes),
      ConfigField(Blk.topologyPhysicalBlockExp, unit: "log2 of logical blocks"),
      ConfigField(Blk.topologyAlignmentOffset, unit: "logical blocks"),
      ConfigField(Blk.topologyMinIOSize, unit: "blocks"),
      ConfigField(Blk.topologyOptIOSize, unit: "blocks"),
      ConfigField(Blk.writeback, .status(.featuresOK), values: cacheModes),
      .padding("unused0", 1, at: 33),
      ConfigField(Blk.numQueues),
      ConfigField(Blk.maxDiscardSectors, unit: .sectors),
      ConfigField(Blk.maxDiscardSeg),
      ConfigField(Blk.discardSectorAlignment, unit: .sectors),
      ConfigField(Blk.maxWriteZeroesSectors, unit: .sectors),
      ConfigField(Blk.maxWriteZeroesSeg),
      ConfigField(Blk.writeZeroesMayUnmap),
      .padding("unused1", 3, at: 57),
      ConfigField(Blk.maxSecureEraseSectors, unit: .sectors),
      ConfigField(Blk.maxSecureEraseSeg),
      ConfigField(Blk.secureEraseSectorAlignment, unit: .sectors),
      ConfigField(Blk.zonedZoneSectors, unit: .sectors),
      ConfigField(Blk.zonedMaxOpenZones, unit: "zones, 0 = no limit"),
      ConfigField(Blk.zonedMaxActiveZones, unit: "zones, 0 = no limit"),
      ConfigField(Blk.zonedMaxAppendSectors, unit: .sectors),
      ConfigField(Blk.zonedWriteGranularity, unit: .bytes),
      ConfigField(Blk.zonedModel, values: zoneModels),
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
