import VirtioPCI

extension Rule {
  /// The device-specific configuration of the other types, VIRTIO 1.4 §5.
  static let otherConfigRules: [Rule] = [
    .bound(
      "console-max-ports", .console, BoundField(Console.maxNrPorts), is: .nonzero, .should,
      .inferred, "5.3.4"),
    Rule(
      "balloon-sizes", .should, .descriptive, "5.5.6", of: .type(.balloon),
      but: .note("a balloon takes time to reach its size"),
      "actual moves towards num_pages.",
      example: "num_pages 256, actual 0", given: .config(Balloon.numPages), .config(Balloon.actual)
    ) { wanted, actual, found in
      guard wanted != actual else { return }
      found.add("actual \(actual) is not num_pages \(wanted) yet")
    },
    Rule(
      "scsi-reset-defaults", .must, .normative, "5.6.4.2", of: .type(.scsi),
      "After reset sense_size is 96 and cdb_size is 32.",
      example: "cdb_size 16 with status 0", given: .config(SCSI.senseSize), .config(SCSI.cdbSize),
      .status
    ) { sense, command, status, found in
      guard status.rawValue == 0, sense != 96 || command != 32 else { return }
      found.add("sense_size \(sense) and cdb_size \(command) are not 96 and 32 after a reset")
    },
    .bound(
      "scsi-max-channel", .scsi, BoundField(SCSI.maxChannel), is: .oneOf([0]), .should,
      .descriptive, "5.6.4"),
    .bound(
      "scsi-max-target", .scsi, BoundField(SCSI.maxTarget), is: .range(0...255), .should,
      .descriptive, "5.6.4"),
    .bound(
      "scsi-max-lun", .scsi, BoundField(SCSI.maxLUN), is: .range(0...16_383), .should, .descriptive,
      "5.6.4"),
    .bound(
      "gpu-scanouts", .gpu, BoundField(GPU.numScanouts), is: .range(1...16), .should, .descriptive,
      "5.7.4"),
    .bound(
      "gpu-blob-alignment", .gpu, BoundField(GPU.blobAlignment), is: .powerOfTwo(atLeast: 1),
      .should, .descriptive, "5.7.4"),
    .bound(
      "gpu-events-defined", .gpu, BoundField(GPU.eventsRead), is: .namedBits, .should, .inferred,
      "5.7.4"),
    Rule(
      "input-size-zero-when-unsupported", .must, .normative, "5.8.5.2", of: .type(.input),
      "size is 0 for an unsupported select/subsel pair.",
      example: "select 0, size 12", given: .config(Input.select), .config(Input.size)
    ) { select, size, found in
      guard select == 0, size != 0 else { return }
      found.add("select is 0, and size is not")
    },
    .bound(
      "input-size-max", .input, BoundField(Input.size), is: .range(0...128), .must, .inferred,
      "5.8.4"),
    Rule(
      "input-size-matches-select", .should, .inferred, "5.8.4", of: .type(.input),
      "size fits the selection: 8 for device ids, 20 for axis data.",
      example: "select 0x12 size 8", given: .config(Input.select), .config(Input.size)
    ) { select, size, found in
      guard size != 0, select == 0x03 && size != 8 || select == 0x12 && size != 20 else { return }
      found.add("size \(size) does not fit select \(Hex(select))")
    },
    Rule(
      "socket-cid-high-zero", .must, .descriptive, "5.10.4", of: .type(.socket),
      "The high 32 bits of guest_cid are 0.",
      example: "1", given: .config(Socket.guestCID)
    ) { cid, found in
      guard cid >> 32 != 0, cid != .max else { return }
      found.add("the high half of guest_cid \(Hex(cid)) is not 0")
    },
    Rule(
      "socket-cid-not-reserved", .must, .descriptive, "5.10.4", of: .type(.socket),
      "guest_cid is not 0, 1, 2, 0xFFFFFFFF or all ones.",
      example: "guest_cid 2", given: .config(Socket.guestCID)
    ) { cid, found in
      guard cid < 3 || cid == 0xFFFF_FFFF || cid == .max else { return }
      found.add("guest_cid \(cid > UInt64(UInt32.max) ? "\(Hex(cid))" : "\(cid)") is reserved")
    },
    .bound(
      "fs-request-queues", .fs, BoundField(FS.numRequestQueues), is: .nonzero, .must, .normative,
      "5.11.4.2"),
    Rule(
      "fs-tag", .should, .descriptive, "5.11.4", of: .type(.fs),
      "tag is UTF-8, NUL padded, and not empty.",
      example: "tag with bytes after the first NUL", given: .config(FS.tag)
    ) { tag, found in
      if tag.first == 0 { found.add("tag is empty") }
      if !tag.isPaddedText { found.add("tag is not UTF-8 text with zeros behind it") }
    },
    .bound(
      "fs-notify-buf-size", .fs, BoundField(FS.notifyBufSize), is: .atLeast(16), .must, .normative,
      "5.11.4.2"),
    .bound(
      "rpmb-capacity", .rpmb, BoundField(RPMB.capacity), is: .range(0...0x80), .must, .normative,
      "5.12.5"),
    .bound(
      "iommu-page-mask", .iommu, BoundField(IOMMU.pageSizeMask), is: .nonzero, .must, .normative,
      "5.13.4.2"),
    .bound(
      "iommu-bypass-value", .iommu, BoundField(IOMMU.bypass), is: .namedValues, .must, .normative,
      "5.13.4.2"),
    Rule(
      "iommu-input-range", .should, .inferred, "5.13.4", of: .type(.iommu),
      "With INPUT_RANGE offered start <= end.",
      example: "start above end", given: .config(IOMMU.inputRangeStart),
      .config(IOMMU.inputRangeEnd)
    ) { start, end, found in
      guard start > end else { return }
      found.add("input_range ends at \(Hex(end)), before its start \(Hex(start))")
    },
    Rule(
      "iommu-domain-range", .should, .inferred, "5.13.4", of: .type(.iommu),
      "With DOMAIN_RANGE offered start <= end.",
      example: "start above end", given: .config(IOMMU.domainRangeStart),
      .config(IOMMU.domainRangeEnd)
    ) { start, end, found in
      guard start > end else { return }
      found.add("domain_range ends at \(end), before its start \(start)")
    },
    .bound(
      "iommu-probe-size", .iommu, BoundField(IOMMU.probeSize), is: .nonzero, .should, .inferred,
      "5.13.4"),
    .bound(
      "mem-block-size", .mem, BoundField(Mem.blockSize), is: .powerOfTwo(atLeast: 1), .must,
      .normative, "5.15.4.2"),
    Rule(
      "mem-multiples", .must, .normative, "5.15.4.2", of: .type(.mem),
      "addr, region_size, usable_region_size, plugged_size and requested_size are multiples of "
        + "block_size.",
      example: "plugged_size not a multiple", given: .config(Mem.blockSize), .deviceConfig
    ) { block, config, found in
      guard block != 0 else { return }
      for register in [
        Mem.addr, Mem.regionSize, Mem.usableRegionSize, Mem.pluggedSize, Mem.requestedSize,
      ] {
        guard let size = config[register], size % block != 0 else { continue }
        found.add("\(register.name) is not a multiple of block_size \(block)")
      }
    },
    Rule(
      "mem-usable-covers-requested", .must, .normative, "5.15.4.2", of: .type(.mem),
      "usable_region_size is at least requested_size.",
      example: "usable 0, requested 1 GiB", given: .config(Mem.usableRegionSize),
      .config(Mem.requestedSize)
    ) { usable, requested, found in
      guard usable < requested else { return }
      found.add("usable_region_size \(usable) is below requested_size \(requested)")
    },
    Rule(
      "mem-usable-within-region", .should, .descriptive, "5.15.4", of: .type(.mem),
      "usable_region_size is at most region_size and plugged_size at most usable_region_size.",
      example: "usable above region", given: .config(Mem.regionSize), .config(Mem.usableRegionSize),
      .config(Mem.pluggedSize)
    ) { region, usable, plugged, found in
      if usable > region {
        found.add("usable_region_size \(usable) is above region_size \(region)")
      }
      if plugged > usable {
        found.add("plugged_size \(plugged) is above usable_region_size \(usable)")
      }
    },
    Rule(
      "gpio-names-size", .must, .normative, "5.18.6.9", of: .type(.gpio),
      "gpio_names_size is 0 without names; otherwise at least one byte per line.",
      example: "ngpio 10, gpio_names_size 4", given: .config(GPIO.gpioNamesSize),
      .config(GPIO.ngpio)
    ) { size, lines, found in
      guard size != 0, size < lines else { return }
      found.add("gpio_names_size \(size) is below ngpio \(lines)")
    },
    Rule(
      "pmem-address", .must, .normative, "5.19.5.1", of: .type(.pmem),
      "Without SHMEM_REGION negotiated start and size give the memory range.",
      example: "size 0 without the feature", given: .config(PMEM.start), .config(PMEM.size),
      .hasRegion
    ) { start, size, hasRegion, found in
      guard !hasRegion else { return }
      if size == 0 { found.add("size is 0") }
      if start.overflows(by: size) { found.add("start + size runs past 2^64") }
    },
    .bound(
      "can-status-defined", .can, BoundField(CAN.status), is: .namedBits, .should, .inferred,
      "5.20.4"),
    .bound(
      "spi-nbits-reserved", .spi, BoundField(SPI.txNbitsSupported),
      BoundField(SPI.rxNbitsSupported), is: .namedBits, .must, .descriptive, "5.21.4"),
    .bound(
      "spi-cs-change", .spi, BoundField(SPI.csChangeSupported), is: .namedValues, .should,
      .descriptive, "5.21.4"),
    Rule(
      "spi-cpha-cpol", .must, .descriptive, "5.21.4", of: .type(.spi),
      "At least one CPHA and one CPOL setting is supported.",
      example: "mode_func_supported 0x10", given: .config(SPI.modeFuncSupported)
    ) { modes, found in
      if modes & 3 == 0 { found.add("no CPHA setting is supported") }
      if modes & 12 == 0 { found.add("no CPOL setting is supported") }
    },
    .bound(
      "spi-mode-bits-defined", .spi, BoundField(SPI.modeFuncSupported), is: .namedBits, .should,
      .inferred, "5.21.4"),
    Rule(
      "media-card-text", .should, .descriptive, "5.22.4", of: .type(.media),
      "card is UTF-8, NUL terminated unless all 32 bytes are used.",
      example: "invalid UTF-8", given: .config(Media.card)
    ) { card, found in
      if !card.isPaddedText { found.add("card is not UTF-8 text with zeros behind it") }
    },
  ]
}

extension Given where Value == Bool {
  /// Whether persistent memory is a shared memory region, if that is known.
  fileprivate static var hasRegion: Self {
    Self(.negotiated) { $0.hasNegotiated(Feature.PMEM.shmemRegion) }
  }
}

extension [UInt8] {
  /// Whether it is UTF-8, and nothing but zeros comes after a zero.
  fileprivate var isPaddedText: Bool {
    let text = prefix { $0 != 0 }
    return self[text.endIndex...].allSatisfy { $0 == 0 }
      && String(validating: text, as: UTF8.self) != nil
  }
}
