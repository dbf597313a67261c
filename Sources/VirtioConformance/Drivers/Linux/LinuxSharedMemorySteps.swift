import VirtioPCI

/// How the drivers of Linux find the shared memory region that they use.
extension Driver {
  static let linuxSharedMemorySteps: [Step] = [
    region(
      "shm-list-ends", .isFatal,
      "A capability list that is a loop has the region that the driver looks for.",
      else: "the capability list is a loop, in which Linux looks for shared memory {0} forever",
      at: find, needs: [.capabilities, .offered]
    ) { function, id in
      guard function.listWasRead else { return .notRead }
      guard function.hasEndlessLoop else { return .passes }
      switch function.linuxRegion(id) {
      case .none: return .fails(UInt64(id))
      case .unknown: return .notRead
      case .region: return .passes
      }
    },
    region(
      "shm-capability-length", .ignores, "A shared memory capability has exactly 24 bytes.",
      else: "shared memory at {0x}: cap_len {1}", at: find,
      logs: "virtio_pci_find_shm_cap: shm cap with bad size offset: %d size: %d",
      needs: .capabilities
    ) { function, _ in
      for capability in function.sharedMemory where capability.capLen != 24 {
        return .fails(
          at: capability.position, UInt64(capability.position), UInt64(capability.capLen))
      }
      return function.listWasRead ? .passes : .notRead
    },
    region(
      "shm-bar", .ignores, "The region lies in BAR 0 to 5.",
      else: "shared memory {0}, which names BAR {1}", at: find, needs: .capabilities
    ) { function, id in
      for capability in function.sharedMemory where capability.capLen == 24 {
        guard capability.id == id, let bar = capability.bar else { continue }
        guard bar < BAR.count else {
          return .fails(at: capability.position, UInt64(id), UInt64(bar))
        }
        return .passes
      }
      return function.listWasRead ? .passes : .notRead
    },
    region(
      "shm-in-bar", .ignores, "The region lies within its BAR.",
      else: "shared memory {0}, which lies beyond BAR {1}", at: get,
      logs: "vp_get_shm_region: bar shorter than cap offset+len", needs: [.capabilities, .bars]
    ) { function, id in
      function.linuxRegion(id).judged { capability, number, offset, length in
        switch function.linuxUsability(of: number) {
        case .unknown: return .notRead
        case .unusable: return .fails(at: capability.position, UInt64(id), UInt64(number))
        case .usable(let bar):
          guard let size = bar.size else { return .notRead }
          let (end, wraps) = offset.addingReportingOverflow(length)
          guard wraps || end > size else { return .passes }
          return .fails(at: capability.position, UInt64(id), UInt64(number))
        }
      }
    },
    region(
      "shm-own-bar", .refuses, of: [.fs, .gpu],
      "The region lies in another BAR than the structures.",
      else: "shared memory {0} lies in BAR {1}, which Linux has reserved for a structure",
      at: Citation("fs/fuse/virtio_fs.c", "virtio_fs_setup_dax"), needs: [.capabilities, .bars]
    ) { function, id in
      guard function.isLinuxRegionUsable(id) else {
        return function.listWasRead && function.barsAreComplete ? .passes : .notRead
      }
      return function.linuxRegion(id).judged { capability, number, _, _ in
        var answer = Answer.passes
        for choice in [Choice.linuxCommon, .linuxISR, .linuxNotify, .linuxDevice] {
          switch choice.result(in: function) {
          case .capability(_, .usable(let bar)) where bar.index == Int(number):
            return .fails(at: capability.position, UInt64(id), UInt64(number))
          case .unknown: answer = .notRead
          default: continue
          }
        }
        return answer
      }
    },
    region(
      "shm-aligned", .refuses, of: [.fs],
      "Address and length of the DAX window are multiples of 2 MiB.",
      else: "the DAX window at {0x} has {1x} bytes: both have to be multiples of 2 MiB",
      at: Citation("mm/memory_hotplug.c", "check_pfn_span"), logs: "Misaligned __add_pages",
      needs: [.capabilities, .bars]
    ) { function, id in
      guard function.isLinuxRegionUsable(id) else {
        return function.listWasRead && function.barsAreComplete ? .passes : .notRead
      }
      return function.linuxRegion(id).judged { capability, number, offset, length in
        guard case .usable(let bar) = function.linuxUsability(of: number),
          let address = bar.address
        else { return .notRead }
        let start = address &+ offset
        guard (start | length) % 0x20_0000 != 0 else { return .passes }
        return .fails(at: capability.position, start, length)
      }
    },
  ]

  private static func region(
    _ key: String, _ effect: Effect, of types: [DeviceType] = [.fs, .gpu, .pmem],
    _ demand: String, else failure: String, at citation: Citation, logs message: String? = nil,
    needs: Needs, _ judge: @escaping @Sendable (Function, UInt8) -> Answer
  ) -> Step {
    Step(
      key, effect: effect, on: .modern, demand, else: failure, at: citation, logs: message,
      needs: needs
    ) { function in
      switch function.linuxType {
      case .fs? where types.contains(.fs): return judge(function, 0)
      case .gpu? where types.contains(.gpu): return judge(function, 1)
      case .pmem? where types.contains(.pmem):
        guard let isOffered = function.offers(Feature.PMEM.shmemRegion) else { return .notRead }
        return isOffered ? judge(function, 0) : .passes
      default: return .passes
      }
    }
  }

  private static let find = Citation(
    "drivers/virtio/virtio_pci_modern.c", "virtio_pci_find_shm_cap")
  private static let get = Citation("drivers/virtio/virtio_pci_modern.c", "vp_get_shm_region")
}

/// The region that Linux uses.
private enum Region {
  case none
  case unknown
  case region(SeenCapability, bar: UInt8, offset: UInt64, length: UInt64)

  func judged(_ judge: (SeenCapability, UInt8, UInt64, UInt64) -> Driver.Answer) -> Driver.Answer {
    switch self {
    case .none: .passes
    case .unknown: .notRead
    case .region(let capability, let bar, let offset, let length):
      judge(capability, bar, offset, length)
    }
  }
}

extension Function {
  fileprivate var sharedMemory: [SeenCapability] { seen.filter { $0.type == .sharedMemory } }

  /// The first region with this ID in a capability of 24 bytes that names BAR 0 to 5.
  fileprivate func linuxRegion(_ id: UInt8) -> Region {
    for capability in sharedMemory where capability.capLen == 24 {
      guard let bar = capability.bar, let region = capability.region else { return .unknown }
      guard capability.id == id, bar < BAR.count else { continue }
      return .region(capability, bar: bar, offset: region.offset, length: region.length)
    }
    return listWasRead ? .none : .unknown
  }

  /// Whether Linux takes the region: it lies within a BAR that exists.
  fileprivate func isLinuxRegionUsable(_ id: UInt8) -> Bool {
    guard case .region(_, let number, let offset, let length) = linuxRegion(id),
      case .usable(let bar) = linuxUsability(of: number)
    else { return false }
    let (end, wraps) = offset.addingReportingOverflow(length)
    return !wraps && bar.size.map { end <= $0 } ?? true
  }
}
