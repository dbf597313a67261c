import VirtioPCI

extension Rule {
  /// Shared memory regions, VIRTIO 1.4 §2.10 and §4.1.4.7.
  static let sharedMemoryRules: [Rule] = [
    Rule(
      "shm-id-unique", .must, .normative, "4.1.4.7.1", needs: .capabilities,
      "Each shared memory capability has its own id.",
      example: "two cfg_type 8 capabilities with id 0",
      consequence: "Linux sees the first region only"
    ) { function in
      function.regions.enumerated().compactMap { index, region in
        guard function.regions[..<index].contains(where: { $0.data.id == region.data.id }) else {
          return nil
        }
        return Finding(
          at: region.position, "shared memory id \(region.data.id) is taken already")
      }
    },
    Rule(
      "shm-region-nonempty", .should, .inferred, "4.1.4.7", needs: .capabilities,
      "A shared memory region has a non-zero length.",
      example: "length 0 and length_hi 0"
    ) { function in
      function.regions.compactMap { position, data in
        data.length == 0 ? Finding(at: position, "the region has no bytes") : nil
      }
    },
    Rule(
      "shm-region-not-control", .must, .normative, "2.10.2", needs: .msix,
      "Shared memory does not expose the registers that control the device.",
      example: "shared memory region that covers the common configuration"
    ) { function in
      function.rangeOverlaps { $0 == .sharedMemory && $1 != .sharedMemory }
    },
    Rule(
      "shm-region-in-memory-bar", .should, .inferred, "2.10", needs: [.capabilities, .bars],
      "Shared memory sits in a memory BAR.",
      example: "cfg_type 8 with an I/O BAR"
    ) { function in
      function.regions.compactMap { position, data in
        guard case .bar(let bar) = function.bar(data.bar), bar.isIO else { return nil }
        return Finding(at: position, "BAR \(data.bar) is I/O ports")
      }
    },
    Rule(
      "shm-id-gpu", .must, .normative, "5.7.5", for: .types([.gpu]), needs: .capabilities,
      "A GPU shared memory region has id 1 (host visible); id 0 is the undefined placeholder.",
      example: "GPU shared memory id 2"
    ) { function in
      function.regions.compactMap { position, data in
        guard data.id != 1 else { return nil }
        return data.id == 0
          ? Finding(
            at: position, severity: .warning,
            "shared memory has id 0, the placeholder for none, and not 1, the host visible region")
          : Finding(
            at: position,
            "shared memory has id \(data.id), which is not 1, the host visible region")
      }
    },
    Rule(
      "shm-id-fs", .must, .normative, "5.11.6.4.1", for: .types([.fs]), needs: .capabilities,
      "The DAX window, if there is one, is shared memory id 0.",
      example: "only shared memory id is 1"
    ) { function in
      .when(
        !function.regions.isEmpty && !function.regions.contains { $0.data.id == 0 },
        "no shared memory region has id 0, which the DAX window has")
    },
    Rule(
      "shm-id-pmem", .must, .normative, "5.19.5.1",
      for: .types([.pmem]), needs: [.capabilities, .negotiated],
      "With VIRTIO_PMEM_F_SHMEM_REGION negotiated shared memory id 0 exists.",
      example: "bit 0 negotiated, no cfg_type 8"
    ) { function in
      .when(
        function.hasNegotiated(Feature.PMEM.shmemRegion)
          && function.inputs.contains(.capabilities)
          && !function.regions.contains { $0.data.id == 0 },
        "VIRTIO_PMEM_F_SHMEM_REGION is negotiated, and no shared memory region has id 0")
    },
    Rule(
      "shm-id-scmi", .must, .normative, "5.17.6.4.1", for: .types([.scmi]), needs: .capabilities,
      "SCMI shared memory ids are 1, 2, 3 or 0x80..0xFF.",
      example: "SCMI shared memory id 0"
    ) { function in
      function.regions.compactMap { position, data in
        guard !((1...3).contains(data.id) || data.id >= 0x80) else { return nil }
        return Finding(at: position, "shared memory has id \(data.id), which is not defined")
      }
    },
    Rule(
      "shm-id-media", .should, .descriptive, "5.22.6.1.6",
      for: .types([.media]), needs: .capabilities,
      "Media buffers are mapped through shared memory id 0.",
      example: "only shared memory id is 1"
    ) { function in
      .when(
        !function.regions.isEmpty && !function.regions.contains { $0.data.id == 0 },
        "no shared memory region has id 0, through which buffers are mapped")
    },
    Rule(
      "shm-scmi-feature", .must, .normative, "5.17.3.1",
      for: .types([.scmi]), needs: [.capabilities, .offered],
      "An SCMI device with shared memory offers VIRTIO_SCMI_F_SHARED_MEMORY.",
      example: "cfg_type 8 present, bit 1 not offered"
    ) { function in
      .when(
        !function.regions.isEmpty && function.withholds(Feature.SCMI.sharedMemory),
        "there is shared memory, and VIRTIO_SCMI_F_SHARED_MEMORY is not offered")
    },
    Rule(
      "shm-type-uses-shared-memory", .should, .inferred, "2.10",
      needs: [.capabilities, .describedType], severity: .note,
      "Only types that define shared memory (gpu, fs, pmem, scmi, media) are expected to "
        + "have regions; sound uses per-stream sharing without a transport region.",
      example: "shared memory on a block device"
    ) { function in
      guard let type = function.type, type.section != nil,
        DeviceDefinition(of: type)?.sharedMemoryIDs.isEmpty ?? true
      else { return [] }
      return function.regions.map { position, _ in
        Finding(at: position, "a device of this type has no use for shared memory")
      }
    },
  ]
}
