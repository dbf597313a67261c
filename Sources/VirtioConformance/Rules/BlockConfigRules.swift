import VirtioPCI

extension Rule {
  /// The configuration of block devices, VIRTIO 1.4 §5.2.4.
  static let blockConfigRules: [Rule] = [
    .bound(
      "blk-writeback-values", .blk, BoundField(Blk.writeback), is: .namedValues, .should,
      .descriptive, "5.2.5", negotiated: Feature.Blk.configWCE),
    .bound(
      "blk-num-queues-min", .blk, BoundField(Blk.numQueues), is: .nonzero, .should, .inferred,
      "5.2.4"),
    .bound(
      "blk-blk-size", .blk, BoundField(Blk.blkSize), is: .powerOfTwo(atLeast: 512), .should,
      .inferred, "5.2.4"),
    .bound(
      "blk-seg-max-min", .blk, BoundField(Blk.segMax), BoundField(Blk.sizeMax), is: .nonzero,
      .should, .inferred, "5.2.4"),
    .bound(
      "blk-discard-limits", .blk, BoundField(Blk.maxDiscardSectors), BoundField(Blk.maxDiscardSeg),
      is: .nonzero, .should, .inferred, "5.2.4"),
    .bound(
      "blk-write-zeroes-limits", .blk, BoundField(Blk.maxWriteZeroesSectors),
      BoundField(Blk.maxWriteZeroesSeg), is: .nonzero, .should, .inferred, "5.2.4"),
    .bound(
      "blk-secure-erase-limits", .blk, BoundField(Blk.maxSecureEraseSectors),
      BoundField(Blk.maxSecureEraseSeg), is: .nonzero, .should, .inferred, "5.2.4"),
    .bound(
      "blk-zoned-model", .blk, BoundField(Blk.zonedModel), is: .namedValues, .must, .normative,
      "5.2.5.2", negotiated: Feature.Blk.zoned),
    Rule(
      "blk-zoned-zone-sectors", .must, .normative, "5.2.5.2", of: .type(.blk),
      "With ZONED negotiated and model 1 or 2 zone_sectors is the zone size.",
      example: "zone_sectors 0, model 1", given: .readConfig(Blk.zonedModel),
      .readConfig(Blk.zonedZoneSectors), .negotiated
    ) { model, sectors, negotiated, found in
      guard negotiated.contains(Feature.Blk.zoned), model == 1 || model == 2, sectors == 0 else {
        return
      }
      found.add("zoned.zone_sectors is 0")
    },
    Rule(
      "blk-zoned-zone-sectors-power-of-two", .should, .inferred, "5.2.4", of: .type(.blk),
      "With ZONED negotiated and model 1 or 2 zone_sectors is a power of two.",
      example: "zone_sectors 3000, model 1", given: .readConfig(Blk.zonedModel),
      .readConfig(Blk.zonedZoneSectors), .negotiated
    ) { model, sectors, negotiated, found in
      guard negotiated.contains(Feature.Blk.zoned), model == 1 || model == 2,
        sectors & (sectors &- 1) != 0
      else { return }
      found.add("zoned.zone_sectors \(sectors) is not a power of two")
    },
    Rule(
      "blk-zoned-write-granularity", .must, .normative, "5.2.5.2", of: .type(.blk),
      "With ZONED negotiated and model 1 or 2 write_granularity is the alignment of writes.",
      example: "write_granularity 0, model 1", given: .readConfig(Blk.zonedModel),
      .readConfig(Blk.zonedWriteGranularity), .negotiated
    ) { model, granularity, negotiated, found in
      guard negotiated.contains(Feature.Blk.zoned), model == 1 || model == 2, granularity == 0
      else { return }
      found.add("zoned.write_granularity is 0")
    },
    Rule(
      "blk-zoned-hm-refused", .must, .normative, "5.2.5.2", of: .type(.blk),
      "A host-managed device keeps FEATURES_OK clear for a driver that does not accept ZONED.",
      example: "model 1, ZONED offered and not negotiated, FEATURES_OK set",
      given: .config(Blk.zonedModel), .refused
    ) { model, refused, found in
      guard model == 1, refused.contains(Feature.Blk.zoned) else { return }
      found.add("zoned.model is 1 (host-managed), and FEATURES_OK is set without ZONED")
    },
    Rule(
      "blk-zoned-append-limit", .must, .normative, "5.2.5.2", of: .type(.blk),
      but: .warning("the specification compares sectors with bytes"),
      "max_append_sectors does not exceed seg_max * size_max; 0 means no append.",
      example: "max_append_sectors above the product",
      given: .readConfig(Blk.zonedMaxAppendSectors), .deviceConfig, .negotiated
    ) { append, config, negotiated, found in
      guard negotiated.contains(Feature.Blk.zoned), let segments = config[Blk.segMax],
        let size = config[Blk.sizeMax],
        // 32-bit numbers, so that neither product overflows.
        UInt64(append) * 512 > UInt64(segments) * UInt64(size)
      else { return }
      found.add(
        "zoned.max_append_sectors \(append) is more than seg_max \(segments) * size_max \(size)")
    },
    Rule(
      "blk-zoned-zero-when-refused", .should, .normative, "5.2.5.2", of: .type(.blk),
      "If the driver refuses ZONED (model 0 or 2) the zoned fields are 0.",
      example: "zone_sectors non-zero after refusal", given: .deviceConfig, .refused
    ) { config, refused, found in
      guard refused.contains(Feature.Blk.zoned), config[Blk.zonedModel] != 1 else { return }
      for field in config.fields where field.field.offset >= Blk.zonedZoneSectors.offset {
        guard let number = field.number, number != 0 else { continue }
        found.add("ZONED was refused, and \(field.field.name) is not 0")
      }
    },
    .bound(
      "blk-zoned-nonzoned-not-offered", .blk, BoundField(Blk.zonedModel), is: .nonzero, .should,
      .normative, "5.2.5.2",
      but: .note("a device that manages its zones alone has this model, too")),
    Rule(
      "blk-zoned-secure-erase-alignment", .must, .normative, "5.2.6.2", of: .type(.blk),
      "With ZONED and SECURE_ERASE negotiated secure_erase_sector_alignment is a multiple of "
        + "zone_sectors.",
      example: "alignment 8, zone_sectors 524288", given: .readConfig(Blk.zonedZoneSectors),
      .readConfig(Blk.secureEraseSectorAlignment), .negotiated
    ) { zone, alignment, negotiated, found in
      guard negotiated.isSuperset(of: [Feature.Blk.zoned, Feature.Blk.secureErase]), zone != 0,
        alignment % zone != 0
      else { return }
      found.add("secure_erase_sector_alignment \(alignment) is not a multiple of \(zone)")
    },
    .bound(
      "blk-may-unmap", .blk, BoundField(Blk.writeZeroesMayUnmap), is: .range(0...1), .should,
      .normative, "5.2.6.2"),
  ]
}
