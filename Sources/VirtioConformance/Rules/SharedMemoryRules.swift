import VirtioPCI

extension Rule {
  /// Shared memory regions, VIRTIO 1.4 §2.10 and §4.1.4.7.
  static let sharedMemoryRules: [Rule] = [
    Rule(
      "shm-id-unique", .must, .normative, "4.1.4.7.1",
      "Each shared memory capability has its own id.",
      example: "two cfg_type 8 capabilities with id 0", given: .list
    ) { list, found in
      var ids: [UInt8] = []
      list.eachRegion { position, data in
        if ids.contains(data.id) {
          found.add(at: position, "shared memory id \(data.id) is taken already")
        }
        ids.append(data.id)
      }
    },
    Rule(
      "shm-region-nonempty", .should, .inferred, "4.1.4.7",
      "A shared memory region has a non-zero length.",
      example: "length 0 and length_hi 0", given: .list
    ) { list, found in
      list.eachRegion { position, data in
        if data.length == 0 { found.add(at: position, "the region has no bytes") }
      }
    },
    Rule(
      "shm-region-in-memory-bar", .should, .inferred, "2.10",
      "Shared memory sits in a memory BAR.",
      example: "cfg_type 8 with an I/O BAR", given: .list, .placesInBARs
    ) { list, places, found in
      list.eachRegion { position, data in
        guard case .bar(let bar) = places.bar(data.bar), bar.isIO else { return }
        found.add(at: position, "BAR \(data.bar) is I/O ports")
      }
    },
    Rule(
      "shm-id-gpu", .must, .normative, "5.7.5", of: .type(.gpu),
      but: .warning("the specification lists it, as that of no region", where: "the id is 0"),
      "A GPU shared memory region has id 1 (host visible); id 0 is the undefined placeholder.",
      example: "GPU shared memory id 2", given: .list
    ) { list, found in
      list.eachRegion { position, data in
        guard !DeviceDefinition.gpu.defines(region: data.id) else { return }
        if data.id == 0 {
          found.add(
            at: position, severity: .warning,
            "shared memory has id 0, the placeholder for none, and not 1, the host visible region")
        } else {
          found.add(
            at: position,
            "shared memory has id \(data.id), which is not 1, the host visible region")
        }
      }
    },
    Rule(
      "shm-id-fs", .must, .normative, "5.11.6.4.1", of: .type(.fs),
      "The DAX window, if there is one, is shared memory id 0.",
      example: "only shared memory id is 1", given: .list
    ) { list, found in
      let ids = list.regionIDs
      guard !ids.isEmpty, !ids.contains(0) else { return }
      found.add("no shared memory region has id 0, which the DAX window has")
    },
    Rule(
      "shm-id-pmem", .must, .normative, "5.19.5.1", of: .type(.pmem),
      "With VIRTIO_PMEM_F_SHMEM_REGION negotiated shared memory id 0 exists.",
      example: "bit 0 negotiated, no cfg_type 8", given: .wholeList, .negotiated
    ) { list, negotiated, found in
      guard negotiated.contains(Feature.PMEM.shmemRegion), !list.regionIDs.contains(0) else {
        return
      }
      found.add(
        "\(Feature.PMEM.shmemRegion.name) is negotiated, and no shared memory region has id 0")
    },
    Rule(
      "shm-id-scmi", .must, .normative, "5.17.6.4.1", of: .type(.scmi),
      "SCMI shared memory ids are 1, 2, 3 or 0x80..0xFF.",
      example: "SCMI shared memory id 0", given: .list
    ) { list, found in
      list.eachRegion { position, data in
        guard !DeviceDefinition.scmi.defines(region: data.id) else { return }
        found.add(at: position, "shared memory has id \(data.id), which is not defined")
      }
    },
    Rule(
      "shm-id-media", .should, .descriptive, "5.22.6.1.6", of: .type(.media),
      "Media buffers are mapped through shared memory id 0.",
      example: "only shared memory id is 1", given: .list
    ) { list, found in
      let ids = list.regionIDs
      guard !ids.isEmpty, !ids.contains(0) else { return }
      found.add("no shared memory region has id 0, through which buffers are mapped")
    },
    Rule(
      "shm-scmi-feature", .must, .normative, "5.17.3.1", of: .type(.scmi),
      "An SCMI device with shared memory offers VIRTIO_SCMI_F_SHARED_MEMORY.",
      example: "cfg_type 8 present, bit 1 not offered", given: .list, .offered
    ) { list, offered, found in
      guard !offered.contains(Feature.SCMI.sharedMemory), !list.regionIDs.isEmpty else { return }
      found.add(
        "there is shared memory, and \(Feature.SCMI.sharedMemory.name) is not offered")
    },
    Rule(
      "shm-type-uses-shared-memory", .should, .inferred, "2.10",
      but: .note("nothing forbids a region that the type does not define"),
      "Only types that define shared memory (gpu, fs, pmem, scmi, media) are expected to have "
        + "regions; sound uses per-stream sharing without a transport region.",
      example: "shared memory on a block device", given: .list, .describedType
    ) { list, type, found in
      list.eachRegion { position, _ in
        guard type.section != nil,
          DeviceDefinition(of: type)?.sharedMemoryIDs.isEmpty ?? true
        else { return }
        found.add(at: position, "this device type does not use shared memory")
      }
    },
  ]
}

extension DeviceDefinition {
  /// Whether a shared memory region of its devices may have this ID.
  fileprivate func defines(region id: UInt8) -> Bool {
    sharedMemoryIDs.contains { $0.contains(id) }
  }
}
