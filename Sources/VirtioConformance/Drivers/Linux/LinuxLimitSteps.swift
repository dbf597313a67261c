import VirtioPCI

/// What the drivers of Linux want after they have set up their queues.
extension Driver {
  static let linuxLimitSteps: [Step] =
    withoutConfig(late: true) + [configRead(late: true), configMapped(late: true)]
    + [
      blk(
        "blk-secure-erase-alignment", Feature.Blk.secureErase, Blk.secureEraseSectorAlignment,
        "With VIRTIO_BLK_F_SECURE_ERASE secure_erase_sector_alignment is not 0.",
        else: "secure_erase_sector_alignment is 0", at: "virtblk_read_limits",
        logs: "virtio_blk: secure_erase_sector_alignment can't be 0"
      ) { $0 != 0 },
      blk(
        "blk-secure-erase-sectors", Feature.Blk.secureErase, Blk.maxSecureEraseSectors,
        "With VIRTIO_BLK_F_SECURE_ERASE max_secure_erase_sectors is not 0.",
        else: "max_secure_erase_sectors is 0", at: "virtblk_read_limits",
        logs: "virtio_blk: max_secure_erase_sectors can't be 0"
      ) { $0 != 0 },
      blk(
        "blk-secure-erase-seg", Feature.Blk.secureErase, Blk.maxSecureEraseSeg,
        "With VIRTIO_BLK_F_SECURE_ERASE max_secure_erase_seg is not 0.",
        else: "max_secure_erase_seg is 0", at: "virtblk_read_limits",
        logs: "virtio_blk: max_secure_erase_seg can't be 0"
      ) { $0 != 0 },
      Step(
        "blk-zone-model", of: .blk, since: "6.12",
        "The zone model is 0, 1 or 2.", else: "the zone model is {0}",
        at: Citation(file, "virtblk_read_limits"), logs: "unsupported zone model %d",
        needs: [.deviceConfig, .offered]
      ) { function in
        .require(
          function.linuxConfig(Blk.zonedModel).map { $0 <= 2 }, of: function, Feature.Blk.zoned
        ) { UInt64(function.linuxConfig(Blk.zonedModel) ?? 0) }
      },
      zoned(
        "blk-zone-granularity", Blk.zonedWriteGranularity,
        "The granularity of writes to zones that the driver manages is not 0.",
        else: "write_granularity is 0", logs: "zero write granularity reported"
      ) { $0 != 0 },
      zoned(
        "blk-zone-sectors", Blk.zonedZoneSectors,
        "The size of zones that the driver manages is a power of 2.",
        else: "zone_sectors is {0}, which is not a power of 2",
        logs: "zoned device with non power of two zone size %u"
      ) { $0 != 0 && $0 & ($0 - 1) == 0 },
      zoned(
        "blk-zone-append", Blk.zonedMaxAppendSectors,
        "Zones that the driver manages can be appended to.", else: "max_append_sectors is 0",
        logs: "zero max_append_sectors reported"
      ) { $0 != 0 },
      Step(
        "blk-zone-append-granularity", of: .blk, since: "6.12",
        "An append to a zone can be as long as the granularity of writes.",
        else: "write_granularity is {0}, and max_append_sectors is {1}",
        at: Citation(file, "virtblk_read_zoned_limits"),
        logs: "write granularity %u exceeds max_append_sectors %u limit",
        needs: [.deviceConfig, .offered]
      ) { function in
        guard let isManaged = function.linuxManagesZones else { return .notRead }
        guard isManaged else { return .passes }
        guard let granularity = function.linuxConfig(Blk.zonedWriteGranularity),
          let sectors = function.linuxConfig(Blk.zonedMaxAppendSectors)
        else { return .notRead }
        // As the driver counts, in 32 bits.
        guard sectors << 9 < granularity else { return .passes }
        return .fails(UInt64(granularity), UInt64(sectors))
      },
      Step(
        "blk-block-size", of: .blk,
        "The block size is a power of 2 from 512 to 65536; 0 stands for 512.",
        else: "blk_size is {0}, which is not a power of 2 from 512 to 65536",
        at: Citation("block/blk-settings.c", "blk_validate_limits"),
        logs: "Invalid logical block size (%d)", needs: [.deviceConfig, .offered]
      ) { function in
        let size = function.linuxConfig(Blk.blkSize)
        return .require(
          size.map { $0 == 0 || 512...65536 ~= $0 && $0 & ($0 - 1) == 0 }, of: function,
          Feature.Blk.blkSize
        ) { UInt64(size ?? 0) }
      },
      Step(
        "blk-size-max", of: .blk, since: "7.2",
        "A segment can have 4096 bytes; a size_max of 0 stands for no limit.",
        else: "size_max is {0}, below 4096",
        at: Citation("block/blk-settings.c", "blk_validate_limits"),
        needs: [.deviceConfig, .offered]
      ) { function in
        let size = function.linuxConfig(Blk.sizeMax)
        return .require(
          size.map { $0 == 0 || $0 >= 4096 }, of: function, Feature.Blk.sizeMax
        ) { UInt64(size ?? 0) }
      },
      Step(
        "9p-mount-tag", of: .nineP, "VIRTIO_9P_MOUNT_TAG is offered.",
        else: "VIRTIO_9P_MOUNT_TAG is not offered",
        at: Citation("net/9p/trans_virtio.c", "p9_virtio_probe"), needs: .offered
      ) { .require($0.offers(Feature.NineP.mountTag)) },
      Step(
        "iommu-page-sizes", of: .iommu, "There is a page size.", else: "page_size_mask is 0",
        at: Citation("drivers/iommu/virtio-iommu.c", "viommu_probe"), needs: .deviceConfig
      ) { .require($0.linuxConfig(IOMMU.pageSizeMask).map { $0 != 0 }) },
    ]

  private static func blk(
    _ key: String, _ feature: Feature, _ register: Register<UInt32, ReadOnly>, _ demand: String,
    else failure: String, at function: String, logs message: String,
    holds: @escaping @Sendable (UInt32) -> Bool
  ) -> Step {
    Step(
      key, of: .blk, demand, else: failure, at: Citation(file, function), logs: message,
      needs: [.deviceConfig, .offered]
    ) { function in
      .require(function.linuxConfig(register).map(holds), of: function, feature)
    }
  }

  private static func zoned(
    _ key: String, _ register: Register<UInt32, ReadOnly>, _ demand: String,
    else failure: String, logs message: String, holds: @escaping @Sendable (UInt32) -> Bool
  ) -> Step {
    Step(
      key, of: .blk, since: "6.12", demand, else: failure,
      at: Citation(file, "virtblk_read_zoned_limits"), logs: message,
      needs: [.deviceConfig, .offered]
    ) { function in
      switch function.linuxManagesZones {
      case nil: .notRead
      case false?: .passes
      case true?:
        .require(
          function.linuxConfig(register).map(holds),
          UInt64(function.linuxConfig(register) ?? 0))
      }
    }
  }

  private static let file = "drivers/block/virtio_blk.c"
}

extension Function {
  /// Whether the driver manages the zones of a block device; nil when that is not known.
  fileprivate var linuxManagesZones: Bool? {
    switch offers(Feature.Blk.zoned) {
    case nil: nil
    case false?: false
    case true?: linuxConfig(Blk.zonedModel).map { $0 == 1 }
    }
  }
}
