extension DeviceDefinition {
  /// The block device, VIRTIO 1.4 §5.2.
  static let blk = DeviceDefinition(
    features: [
      Feature(0, "VIRTIO_BLK_F_BARRIER", legacyOnly: true),
      Feature(1, "VIRTIO_BLK_F_SIZE_MAX"),
      Feature(2, "VIRTIO_BLK_F_SEG_MAX"),
      Feature(4, "VIRTIO_BLK_F_GEOMETRY"),
      Feature(5, "VIRTIO_BLK_F_RO"),
      Feature(6, "VIRTIO_BLK_F_BLK_SIZE"),
      Feature(7, "VIRTIO_BLK_F_SCSI", legacyOnly: true),
      Feature(9, "VIRTIO_BLK_F_FLUSH", also: "VIRTIO_BLK_F_WCE"),
      Feature(10, "VIRTIO_BLK_F_TOPOLOGY"),
      Feature(11, "VIRTIO_BLK_F_CONFIG_WCE"),
      Feature(12, "VIRTIO_BLK_F_MQ"),
      Feature(13, "VIRTIO_BLK_F_DISCARD"),
      Feature(14, "VIRTIO_BLK_F_WRITE_ZEROES"),
      Feature(15, "VIRTIO_BLK_F_LIFETIME"),
      Feature(16, "VIRTIO_BLK_F_SECURE_ERASE"),
      Feature(17, "VIRTIO_BLK_F_ZONED", modernOnly: true),
    ],
    config: [
      // In these units whatever blk_size says.
      ConfigField("capacity", .le64, at: 0, unit: .sectors),
      ConfigField("size_max", .le32, at: 8, .with("VIRTIO_BLK_F_SIZE_MAX"), unit: .bytes),
      ConfigField("seg_max", .le32, at: 12, .with("VIRTIO_BLK_F_SEG_MAX")),
      ConfigField("geometry.cylinders", .le16, at: 16, .with("VIRTIO_BLK_F_GEOMETRY")),
      ConfigField("geometry.heads", .u8, at: 18, .with("VIRTIO_BLK_F_GEOMETRY")),
      ConfigField("geometry.sectors", .u8, at: 19, .with("VIRTIO_BLK_F_GEOMETRY")),
      ConfigField("blk_size", .le32, at: 20, .with("VIRTIO_BLK_F_BLK_SIZE"), unit: .bytes),
      ConfigField(
        "topology.physical_block_exp", .u8, at: 24, .with("VIRTIO_BLK_F_TOPOLOGY"),
        unit: "log2 of logical blocks"),
      ConfigField(
        "topology.alignment_offset", .u8, at: 25, .with("VIRTIO_BLK_F_TOPOLOGY"),
        unit: "logical blocks"),
      ConfigField(
        "topology.min_io_size", .le16, at: 26, .with("VIRTIO_BLK_F_TOPOLOGY"), unit: "blocks"),
      ConfigField(
        "topology.opt_io_size", .le32, at: 28, .with("VIRTIO_BLK_F_TOPOLOGY"), unit: "blocks"),
      ConfigField(
        "writeback", .u8, at: 32, .with("VIRTIO_BLK_F_CONFIG_WCE"), .status(.featuresOK),
        writable: true, values: cacheModes),
      .padding("unused0", 1, at: 33),
      ConfigField("num_queues", .le16, at: 34, .with("VIRTIO_BLK_F_MQ")),
      ConfigField(
        "max_discard_sectors", .le32, at: 36, .with("VIRTIO_BLK_F_DISCARD"), unit: .sectors),
      ConfigField("max_discard_seg", .le32, at: 40, .with("VIRTIO_BLK_F_DISCARD")),
      ConfigField(
        "discard_sector_alignment", .le32, at: 44, .with("VIRTIO_BLK_F_DISCARD"), unit: .sectors),
      ConfigField(
        "max_write_zeroes_sectors", .le32, at: 48, .with("VIRTIO_BLK_F_WRITE_ZEROES"),
        unit: .sectors),
      ConfigField("max_write_zeroes_seg", .le32, at: 52, .with("VIRTIO_BLK_F_WRITE_ZEROES")),
      ConfigField("write_zeroes_may_unmap", .u8, at: 56, .with("VIRTIO_BLK_F_WRITE_ZEROES")),
      .padding("unused1", 3, at: 57),
      ConfigField(
        "max_secure_erase_sectors", .le32, at: 60, .with("VIRTIO_BLK_F_SECURE_ERASE"),
        unit: .sectors),
      ConfigField("max_secure_erase_seg", .le32, at: 64, .with("VIRTIO_BLK_F_SECURE_ERASE")),
      ConfigField(
        "secure_erase_sector_alignment", .le32, at: 68, .with("VIRTIO_BLK_F_SECURE_ERASE"),
        unit: .sectors),
      ConfigField("zoned.zone_sectors", .le32, at: 72, .with("VIRTIO_BLK_F_ZONED"), unit: .sectors),
      ConfigField(
        "zoned.max_open_zones", .le32, at: 76, .with("VIRTIO_BLK_F_ZONED"),
        unit: "zones, 0 = no limit"),
      ConfigField(
        "zoned.max_active_zones", .le32, at: 80, .with("VIRTIO_BLK_F_ZONED"),
        unit: "zones, 0 = no limit"),
      ConfigField(
        "zoned.max_append_sectors", .le32, at: 84, .with("VIRTIO_BLK_F_ZONED"), unit: .sectors),
      ConfigField(
        "zoned.write_granularity", .le32, at: 88, .with("VIRTIO_BLK_F_ZONED"), unit: .bytes),
      ConfigField("zoned.model", .u8, at: 92, .with("VIRTIO_BLK_F_ZONED"), values: zoneModels),
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
