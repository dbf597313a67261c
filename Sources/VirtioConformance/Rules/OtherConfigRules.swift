import VirtioPCI

extension Rule {
  /// The device-specific configuration in general and of the other types, VIRTIO 1.4 §2.5 and §5.
  static let otherConfigRules: [Rule] = [
    Rule(
      "devcfg-optional-field-read-rule", .must, .normative, "2.5.1", subject: .driver,
      "An optional field is read only if its feature is offered.",
      .undecidable("it binds whoever reads a device; this program keeps it")),
    Rule(
      "devcfg-readable-before-features-ok", .must, .normative, "2.5.2",
      "Every field whose feature is offered can be read before FEATURES_OK.",
      .undecidable("a field may hold all ones")),
    Rule(
      "console-max-ports", .should, .inferred, "5.3.4",
      for: .types([.console]), needs: [.offered, .deviceConfig],
      "With MULTIPORT offered max_nr_ports is at least 1.",
      example: "0",
      .fields("max_nr_ports", are: .nonzero)),
    Rule(
      "console-emerg-wr-never-written", .must, .normative, "5.3.5.1",
      subject: .driver, for: .types([.console]),
      "A write to emerg_wr prints a character at any time.",
      .undecidable("it binds whoever reads a device; this program keeps it")),
    Rule(
      "balloon-sizes", .should, .descriptive, "5.5.6",
      for: .types([.balloon]), needs: .deviceConfig, severity: .note,
      "actual moves towards num_pages.",
      example: "num_pages 256, actual 0"
    ) { function in
      guard let wanted = function.field("num_pages"), let actual = function.field("actual") else {
        return []
      }
      return .when(wanted != actual, "actual \(actual) is not num_pages \(wanted) yet")
    },
    Rule(
      "scsi-reset-defaults", .must, .normative, "5.6.4.2",
      for: .types([.scsi]), needs: [.deviceConfig, .status],
      "After reset sense_size is 96 and cdb_size is 32.",
      example: "cdb_size 16 with status 0"
    ) { function in
      guard function.isReset, let sense = function.field("sense_size"),
        let command = function.field("cdb_size")
      else { return [] }
      return .when(
        sense != 96 || command != 32,
        "sense_size \(sense) and cdb_size \(command) are not 96 and 32 after a reset")
    },
    Rule(
      "scsi-max-channel", .should, .descriptive, "5.6.4",
      for: .types([.scsi]), needs: .deviceConfig,
      "max_channel is 0.",
      example: "1",
      .fields("max_channel", are: .oneOf([0]))),
    Rule(
      "scsi-max-target", .should, .descriptive, "5.6.4",
      for: .types([.scsi]), needs: .deviceConfig,
      "max_target is at most 255.",
      example: "256",
      .fields("max_target", are: .range(0...255))),
    Rule(
      "scsi-max-lun", .should, .descriptive, "5.6.4", for: .types([.scsi]), needs: .deviceConfig,
      "max_lun is at most 16383.",
      example: "65535",
      .fields("max_lun", are: .range(0...16_383))),
    Rule(
      "gpu-scanouts", .should, .descriptive, "5.7.4", for: .types([.gpu]), needs: .deviceConfig,
      "num_scanouts is 1..16.",
      example: "0",
      .fields("num_scanouts", are: .range(1...16))),
    Rule(
      "gpu-blob-alignment", .should, .descriptive, "5.7.4",
      for: .types([.gpu]), needs: [.offered, .deviceConfig],
      "With BLOB_ALIGNMENT offered blob_alignment is a power of two of at least 1.",
      example: "3",
      .fields("blob_alignment", are: .powerOfTwo(atLeast: 1))),
    Rule(
      "gpu-events-defined", .should, .inferred, "5.7.4",
      for: .types([.gpu]), needs: .deviceConfig,
      "Only event bit 0 is defined.",
      example: "2",
      .fields("events_read", are: .bits(1))),
    Rule(
      "input-size-zero-when-unsupported", .must, .normative, "5.8.5.2",
      for: .types([.input]), needs: .deviceConfig,
      "size is 0 for an unsupported select/subsel pair.",
      example: "select 0, size 12"
    ) { function in
      .when(
        function.field("select") == 0 && function.field("size") ?? 0 != 0,
        "select is 0, and size is not")
    },
    Rule(
      "input-size-max", .must, .inferred, "5.8.4", for: .types([.input]), needs: .deviceConfig,
      "size is at most 128.",
      example: "200",
      .fields("size", are: .range(0...128))),
    Rule(
      "input-size-matches-select", .should, .inferred, "5.8.4",
      for: .types([.input]), needs: .deviceConfig,
      "size fits the selection: 8 for device ids, 20 for axis data.",
      example: "select 0x12 size 8"
    ) { function in
      guard let size = function.field("size"), size != 0 else { return [] }
      return .when(
        function.field("select") == 0x03 && size != 8
          || function.field("select") == 0x12 && size != 20,
        "size \(size) does not fit select \(function.field("select") ?? 0)")
    },
    Rule(
      "input-select-write-only-allowed", .must, .normative, "5.8.5.1",
      subject: .driver, for: .types([.input]),
      "Only select and subsel are written by a driver, and both for each query.",
      .undecidable("it binds whoever reads a device; this program keeps it")),
    Rule(
      "socket-cid-high-zero", .must, .descriptive, "5.10.4",
      for: .types([.socket]), needs: .deviceConfig,
      "The high 32 bits of guest_cid are 0.",
      example: "1"
    ) { function in
      guard let cid = function.field("guest_cid") else { return [] }
      return .when(cid >> 32 != 0 && cid != .max, "the high half of guest_cid \(Hex(cid)) is not 0")
    },
    Rule(
      "socket-cid-not-reserved", .must, .descriptive, "5.10.4",
      for: .types([.socket]), needs: .deviceConfig,
      "guest_cid is not 0, 1, 2, 0xFFFFFFFF or all ones.",
      example: "guest_cid 2"
    ) { function in
      guard let cid = function.field("guest_cid") else { return [] }
      return .when([0, 1, 2, 0xFFFF_FFFF, .max].contains(cid), "guest_cid \(cid) is reserved")
    },
    Rule(
      "fs-request-queues", .must, .normative, "5.11.4.2",
      for: .types([.fs]), needs: .deviceConfig,
      "num_request_queues is at least 1.",
      example: "0",
      .fields("num_request_queues", are: .nonzero)),
    Rule(
      "fs-tag", .should, .descriptive, "5.11.4", for: .types([.fs]), needs: .deviceConfig,
      "tag is UTF-8, NUL padded, and not empty.",
      example: "tag with bytes after the first NUL"
    ) { function in
      guard let tag = function.fieldBytes("tag") else { return [] }
      return .when(tag.first == 0, "tag is empty")
        + .when(!tag.isPaddedText, "tag is no UTF-8 text with zeros behind it")
    },
    Rule(
      "fs-notify-buf-size", .must, .normative, "5.11.4.2",
      for: .types([.fs]), needs: [.offered, .deviceConfig],
      "With NOTIFICATION offered notify_buf_size holds the largest notify message.",
      example: "0",
      .fields("notify_buf_size", are: .range(16...UInt64.max))),
    Rule(
      "rpmb-capacity", .must, .normative, "5.12.5", for: .types([.rpmb]), needs: .deviceConfig,
      "capacity is 0..0x80 (units of 128 KiB, at most 16 MiB).",
      example: "0x81",
      .fields("capacity", are: .range(0...0x80))),
    Rule(
      "iommu-page-mask", .must, .normative, "5.13.4.2",
      for: .types([.iommu]), needs: .deviceConfig,
      "page_size_mask has at least one bit.",
      example: "0",
      .fields("page_size_mask", are: .nonzero)),
    Rule(
      "iommu-bypass-value", .must, .normative, "5.13.4.2",
      for: .types([.iommu]), needs: [.offered, .deviceConfig],
      "bypass is 0 or 1 (drivers ignore bits 1..7).",
      example: "2",
      .fields("bypass", are: .range(0...1))),
    Rule(
      "iommu-input-range", .should, .inferred, "5.13.4",
      for: .types([.iommu]), needs: [.offered, .deviceConfig],
      "With INPUT_RANGE offered start <= end.",
      example: "start above end"
    ) { function in
      guard let start = function.field("input_range.start"),
        let end = function.field("input_range.end")
      else { return [] }
      return .when(start > end, "input_range ends at \(Hex(end)), before its start \(Hex(start))")
    },
    Rule(
      "iommu-domain-range", .should, .inferred, "5.13.4",
      for: .types([.iommu]), needs: [.offered, .deviceConfig],
      "With DOMAIN_RANGE offered start <= end.",
      example: "start above end"
    ) { function in
      guard let start = function.field("domain_range.start"),
        let end = function.field("domain_range.end")
      else { return [] }
      return .when(start > end, "domain_range ends at \(end), before its start \(start)")
    },
    Rule(
      "iommu-probe-size", .should, .inferred, "5.13.4",
      for: .types([.iommu]), needs: [.offered, .deviceConfig],
      "With PROBE offered probe_size is non-zero.",
      example: "0",
      .fields("probe_size", are: .nonzero)),
    Rule(
      "sound-controls-read-rule", .must, .normative, "5.14.5.1",
      subject: .driver, for: .types([.sound]),
      "controls is not read unless VIRTIO_SND_F_CTLS is negotiated.",
      .undecidable("it binds whoever reads a device; this program keeps it")),
    Rule(
      "mem-block-size", .must, .normative, "5.15.4.2", for: .types([.mem]), needs: .deviceConfig,
      "block_size is a power of two.",
      example: "3 MiB",
      .fields("block_size", are: .powerOfTwo(atLeast: 1))),
    Rule(
      "mem-multiples", .must, .normative, "5.15.4.2", for: .types([.mem]), needs: .deviceConfig,
      "addr, region_size, usable_region_size, plugged_size and requested_size are multiples "
        + "of block_size.",
      example: "plugged_size not a multiple"
    ) { function in
      guard let block = function.field("block_size"), block != 0 else { return [] }
      return ["addr", "region_size", "usable_region_size", "plugged_size", "requested_size"]
        .filter { function.field($0).map { $0 % block != 0 } ?? false }
        .map { Finding("\($0) is no multiple of block_size \(block)") }
    },
    Rule(
      "mem-usable-covers-requested", .must, .normative, "5.15.4.2",
      for: .types([.mem]), needs: .deviceConfig,
      "usable_region_size is at least requested_size.",
      example: "usable 0, requested 1 GiB"
    ) { function in
      guard let usable = function.field("usable_region_size"),
        let requested = function.field("requested_size")
      else { return [] }
      return .when(
        usable < requested, "usable_region_size \(usable) is below requested_size \(requested)")
    },
    Rule(
      "mem-usable-within-region", .should, .descriptive, "5.15.4",
      for: .types([.mem]), needs: .deviceConfig,
      "usable_region_size is at most region_size and plugged_size at most usable_region_size.",
      example: "usable above region"
    ) { function in
      guard let region = function.field("region_size"),
        let usable = function.field("usable_region_size"),
        let plugged = function.field("plugged_size")
      else { return [] }
      return .when(usable > region, "usable_region_size \(usable) is above region_size \(region)")
        + .when(plugged > usable, "plugged_size \(plugged) is above usable_region_size \(usable)")
    },
    Rule(
      "mem-constant-fields", .must, .normative, "5.15.4.2", for: .types([.mem]),
      "block_size, node_id, addr and region_size never change while the system runs.",
      .undecidable("it takes two looks at different times")),
    Rule(
      "gpio-padding-zero", .should, .descriptive, "5.18.4", for: .types([.gpio]),
      "padding is 0.",
      .undecidable("padding is not read")),
    Rule(
      "gpio-names-size", .must, .normative, "5.18.6.9",
      for: .types([.gpio]), needs: .deviceConfig,
      "gpio_names_size is 0 without names; otherwise at least one byte per line.",
      example: "ngpio 10, gpio_names_size 4"
    ) { function in
      guard let size = function.field("gpio_names_size"), let lines = function.field("ngpio") else {
        return []
      }
      return .when(
        size != 0 && size < lines, "gpio_names_size \(size) is below ngpio \(lines)")
    },
    Rule(
      "pmem-address", .must, .normative, "5.19.5.1",
      for: .types([.pmem]), needs: [.negotiated, .deviceConfig],
      "Without SHMEM_REGION negotiated start and size give the memory range.",
      example: "size 0 without the feature"
    ) { function in
      guard function.negotiated != nil, let start = function.field("start"),
        let size = function.field("size")
      else { return [] }
      return .when(size == 0, "size is 0")
        + .when(start.overflows(by: size), "start + size runs past 2^64")
    },
    Rule(
      "pmem-zero-with-shmem", .should, .normative, "5.19.5.1", for: .types([.pmem]),
      "With SHMEM_REGION negotiated start and size are 0.",
      .undecidable("they mean nothing then, and this program does not read them")),
    Rule(
      "can-status-defined", .should, .inferred, "5.20.4",
      for: .types([.can]), needs: .deviceConfig,
      "Only status bit 0 (bus off) is defined.",
      example: "2",
      .fields("status", are: .bits(1))),
    Rule(
      "spi-nbits-reserved", .must, .descriptive, "5.21.4",
      for: .types([.spi]), needs: .deviceConfig,
      "Bits 3..7 of tx_nbits_supported and rx_nbits_supported are 0.",
      example: "0x08",
      .fields("tx_nbits_supported", "rx_nbits_supported", are: .bits(7))),
    Rule(
      "spi-cs-change", .should, .descriptive, "5.21.4", for: .types([.spi]), needs: .deviceConfig,
      "cs_change_supported is 0 or 1.",
      example: "2",
      .fields("cs_change_supported", are: .range(0...1))),
    Rule(
      "spi-cpha-cpol", .must, .descriptive, "5.21.4", for: .types([.spi]), needs: .deviceConfig,
      "At least one CPHA and one CPOL setting is supported.",
      example: "mode_func_supported 0x10"
    ) { function in
      guard let modes = function.field("mode_func_supported") else { return [] }
      return .when(modes & 3 == 0, "no CPHA setting is supported")
        + .when(modes & 12 == 0, "no CPOL setting is supported")
    },
    Rule(
      "spi-mode-bits-defined", .should, .inferred, "5.21.4",
      for: .types([.spi]), needs: .deviceConfig,
      "mode_func_supported uses bits 0..6.",
      example: "bit 7",
      .fields("mode_func_supported", are: .bits(0x7F))),
    Rule(
      "media-card-text", .should, .descriptive, "5.22.4",
      for: .types([.media]), needs: .deviceConfig,
      "card is UTF-8, NUL terminated unless all 32 bytes are used.",
      example: "invalid UTF-8"
    ) { function in
      guard let card = function.fieldBytes("card") else { return [] }
      return .when(!card.isPaddedText, "card is no UTF-8 text with zeros behind it")
    },
  ]
}

extension [UInt8] {
  /// Whether it is UTF-8, and nothing but zeros comes after a zero.
  fileprivate var isPaddedText: Bool {
    let text = prefix { $0 != 0 }
    return self[text.endIndex...].allSatisfy { $0 == 0 }
      && String(validating: text, as: UTF8.self) != nil
  }
}
