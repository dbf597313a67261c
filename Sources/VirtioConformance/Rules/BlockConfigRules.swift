import VirtioPCI

extension Rule {
  /// The configuration of block devices, VIRTIO 1.4 §5.2.4.
  static let blockConfigRules: [Rule] = [
    Rule(
      "blk-padding-zero", .must, .normative, "5.2.5.2", for: .types([.blk]),
      "Padding bytes unused0 and unused1 are 0.",
      .undecidable("padding is not read: devices end before it, and answer all ones")),
    Rule(
      "blk-writeback-values", .should, .descriptive, "5.2.5",
      for: .types([.blk]), needs: [.negotiated, .deviceConfig],
      "writeback is 0 or 1.",
      example: "writeback 2",
      .fields("writeback", negotiated: Feature.Blk.configWCE, are: .range(0...1))),
    Rule(
      "blk-writeback-read-rule", .must, .normative, "5.2.5.1",
      subject: .driver, for: .types([.blk]),
      "writeback is not read before FEATURES_OK.",
      .undecidable("it binds whoever reads a device; this program keeps it")),
    Rule(
      "blk-num-queues-min", .should, .inferred, "5.2.4",
      for: .types([.blk]), needs: [.offered, .deviceConfig],
      "With MQ offered num_queues is at least 1.",
      example: "0",
      .fields("num_queues", are: .nonzero)),
    Rule(
      "blk-blk-size", .should, .inferred, "5.2.4",
      for: .types([.blk]), needs: [.offered, .deviceConfig],
      "blk_size is a power of two of at least 512.",
      example: "blk_size 0",
      .fields("blk_size", are: .powerOfTwo(atLeast: 512))),
    Rule(
      "blk-seg-max-min", .should, .inferred, "5.2.4",
      for: .types([.blk]), needs: [.offered, .deviceConfig],
      "With SEG_MAX / SIZE_MAX offered seg_max and size_max are non-zero.",
      example: "seg_max 0",
      .fields("seg_max", "size_max", are: .nonzero)),
    Rule(
      "blk-discard-limits", .should, .inferred, "5.2.4",
      for: .types([.blk]), needs: [.offered, .deviceConfig],
      "With DISCARD offered max_discard_sectors and max_discard_seg are non-zero.",
      example: "max_discard_sectors 0",
      .fields("max_discard_sectors", "max_discard_seg", are: .nonzero)),
    Rule(
      "blk-write-zeroes-limits", .should, .inferred, "5.2.4",
      for: .types([.blk]), needs: [.offered, .deviceConfig],
      "With WRITE_ZEROES offered max_write_zeroes_sectors and max_write_zeroes_seg are non-zero.",
      example: "max_write_zeroes_sectors 0",
      .fields("max_write_zeroes_sectors", "max_write_zeroes_seg", are: .nonzero)),
    Rule(
      "blk-secure-erase-limits", .should, .inferred, "5.2.4",
      for: .types([.blk]), needs: [.offered, .deviceConfig],
      "With SECURE_ERASE offered the secure erase limits are non-zero.",
      example: "max_secure_erase_seg 0",
      .fields("max_secure_erase_sectors", "max_secure_erase_seg", are: .nonzero)),
    Rule(
      "blk-zoned-model", .must, .normative, "5.2.5.2",
      for: .types([.blk]), needs: [.negotiated, .deviceConfig],
      "With ZONED negotiated model is 0 (none), 1 (host managed) or 2 (host aware).",
      example: "model 3",
      .fields("zoned.model", negotiated: Feature.Blk.zoned, are: .range(0...2))),
    Rule(
      "blk-zoned-zone-sectors", .must, .normative, "5.2.5.2",
      for: .types([.blk]), needs: [.negotiated, .deviceConfig],
      "With ZONED negotiated and model 1 or 2 zone_sectors is the zone size.",
      example: "zone_sectors 0, model 1"
    ) { function in
      .when(
        function.isZoned && function.field("zoned.zone_sectors") == 0, "zoned.zone_sectors is 0")
    },
    Rule(
      "blk-zoned-append-limit", .must, .normative, "5.2.5.2",
      for: .types([.blk]), needs: [.negotiated, .deviceConfig], severity: .warning,
      "max_append_sectors does not exceed seg_max * size_max; 0 means no append.",
      example: "max_append_sectors above the product"
    ) { function in
      guard function.hasNegotiated(Feature.Blk.zoned),
        let append = function.field("zoned.max_append_sectors"),
        let segments = function.field("seg_max"), let size = function.field("size_max")
      else { return [] }
      // 32-bit numbers, so that neither product overflows.
      return .when(
        append * 512 > segments * size,
        "zoned.max_append_sectors \(append) is more than seg_max \(segments) * size_max \(size)")
    },
    Rule(
      "blk-zoned-padding-zero", .must, .normative, "5.2.5.2", for: .types([.blk]),
      "unused2 is 0 with model 1 or 2.",
      .undecidable("padding is not read: devices end before it, and answer all ones")),
    Rule(
      "blk-zoned-zero-when-refused", .should, .normative, "5.2.5.2",
      for: .types([.blk]), needs: [.deviceConfig, .offered, .negotiated, .modernDriver],
      "If the driver refuses ZONED (model 0 or 2) the zoned fields are 0.",
      example: "zone_sectors non-zero after refusal"
    ) { function in
      guard function.refused(Feature.Blk.zoned), function.field("zoned.model") != 1 else {
        return []
      }
      return [
        "zone_sectors", "max_open_zones", "max_active_zones", "max_append_sectors",
        "write_granularity", "model",
      ]
      .filter { function.field("zoned.\($0)") ?? 0 != 0 }
      .map { Finding("ZONED was refused, and zoned.\($0) is not 0") }
    },
    Rule(
      "blk-zoned-nonzoned-not-offered", .should, .normative, "5.2.5.2",
      for: .types([.blk]), needs: [.offered, .deviceConfig], severity: .note,
      "A device that is not zoned does not offer ZONED.",
      example: "ZONED offered, model 0",
      .fields("zoned.model", are: .nonzero)),
    Rule(
      "blk-zoned-secure-erase-alignment", .must, .normative, "5.2.6.2",
      for: .types([.blk]), needs: [.negotiated, .deviceConfig],
      "With ZONED and SECURE_ERASE negotiated secure_erase_sector_alignment is a multiple of "
        + "zone_sectors.",
      example: "alignment 8, zone_sectors 524288"
    ) { function in
      guard function.hasNegotiated(Feature.Blk.zoned),
        function.hasNegotiated(Feature.Blk.secureErase),
        let zone = function.field("zoned.zone_sectors"), zone != 0,
        let alignment = function.field("secure_erase_sector_alignment")
      else { return [] }
      return .when(
        alignment % zone != 0,
        "secure_erase_sector_alignment \(alignment) is no multiple of \(zone)")
    },
    Rule(
      "blk-writeback-zero-without-flush", .must, .normative, "5.2.5.2", for: .types([.blk]),
      "With CONFIG_WCE negotiated but not FLUSH writeback starts as 0.",
      .undecidable("the driver may have written it since")),
    Rule(
      "blk-may-unmap", .should, .normative, "5.2.6.2",
      for: .types([.blk]), needs: [.offered, .deviceConfig],
      "write_zeroes_may_unmap is non-zero only if write zeroes may deallocate.",
      example: "byte 56 = 7",
      .fields("write_zeroes_may_unmap", are: .range(0...1))),
  ]
}

extension Function {
  /// Whether the driver uses the zones of a zoned device.
  fileprivate var isZoned: Bool {
    let model = field("zoned.model")
    return hasNegotiated(Feature.Blk.zoned) && (model == 1 || model == 2)
  }
}
