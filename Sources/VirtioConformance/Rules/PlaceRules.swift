import VirtioPCI

extension Rule {
  /// Where the structures lie: in a BAR of the function, and inside it, VIRTIO 1.4 §4.1.4.
  static let placeRules: [Rule] = [
    Rule(
      "cap-bar-defined", .should, .descriptive, "4.1.4", needs: .capabilities, severity: .error,
      "bar is 0 to 5; drivers ignore a structure whose bar is above.",
      example: "bar 6 on cfg_type 4"
    ) { function in
      function.structures { position, data in
        guard case .reserved = function.bar(data.bar) else { return nil }
        return Finding(at: position, "bar \(data.bar) is above 5: drivers ignore this structure")
      }
    },
    Rule(
      "cap-bar-implemented", .must, .inferred, "4.1.4", needs: [.capabilities, .bars],
      severity: .error,
      "The BAR that a capability names belongs to the function.",
      example: "bar 3 where BAR2 is a 64-bit BAR",
      consequence: "Linux ignores this structure"
    ) { function in
      function.structures { position, data in
        switch function.bar(data.bar) {
        case .absent:
          Finding(at: position, "there is no BAR \(data.bar)")
        case .upperHalf(let lower):
          Finding(
            at: position, "BAR \(data.bar) is the upper half of the 64-bit BAR \(lower.index)")
        case .bar, .unknown, .reserved:
          nil
        }
      }
    },
    Rule(
      "cap-structure-no-wrap", .must, .inferred, "4.1.4", needs: .capabilities,
      "offset + length does not run past the range of the fields: 32 bits, 64 for shared memory.",
      example: "offset 0xFFFFF000 length 0x2000",
      consequence: "DPDK refuses this structure of a network device"
    ) { function in
      function.structures { position, data in
        guard data.wraps else { return nil }
        let isRegion = data.cfgType == .sharedMemory
        // Linux minds a structure that leaves its BAR, but none that wraps within.
        return Finding(
          at: position, severity: isRegion || function.type == .net ? .error : nil,
          "\(data.extent) runs past 2^\(isRegion ? 64 : 32)",
          consequence: isRegion ? "Linux ignores this region" : nil)
      }
    },
    Rule(
      "cap-structure-in-bar", .must, .inferred, "4.1.4", needs: [.capabilities, .bars],
      "offset + length of every structure fits in its BAR.",
      example: "common cfg offset 0x3000 length 0x2000 in a 0x4000 BAR",
      consequence: "Linux refuses this structure: out of range on bar"
    ) { function in
      function.structures { position, data in
        guard data.cfgType != .sharedMemory, let size = function.overrunSize(of: data) else {
          return nil
        }
        // A driver maps what it needs, so only a needed part outside is fatal.
        let (needed, overflow) = data.offset.addingReportingOverflow(data.cfgType.leastLength)
        return Finding(
          at: position, severity: overflow || needed > size ? .error : nil,
          "\(data.extent) runs past the end of BAR \(data.bar), which has \(Hex(size)) bytes"
        )
      }
    },
    Rule(
      "shm-region-in-bar", .must, .normative, "4.1.4.7.1", needs: [.capabilities, .bars],
      "A shared memory region lies inside its BAR.",
      example: "8 GiB region in a 4 GiB BAR",
      consequence: "Linux ignores this region"
    ) { function in
      function.structures { position, data in
        guard data.cfgType == .sharedMemory, let size = function.overrunSize(of: data) else {
          return nil
        }
        return Finding(
          at: position,
          "\(data.extent) runs past the end of BAR \(data.bar), which has \(Hex(size)) bytes"
        )
      }
    },
  ]
}

extension Function {
  /// What `finding` says of each capability that places a structure.
  func structures(_ finding: (UInt8, CapData) -> Finding?) -> [Finding] {
    capabilities.compactMap { capability in
      guard capability.locatesStructure, capability.head.cfgType.key != nil,
        let data = capability.data
      else { return nil }
      return finding(capability.position, data)
    }
  }

  /// The size of the BAR that a structure runs out of; nil when it does not, or when none is known.
  fileprivate func overrunSize(of data: CapData) -> UInt64? {
    guard case .bar(let bar) = bar(data.bar), let size = bar.size else { return nil }
    guard let end = data.end, end <= size else { return size }
    return nil
  }
}

extension CapData {
  /// `offset 0x3000 + length 0x1000`.
  fileprivate var extent: String {
    "offset \(Hex(offset)) + length \(Hex(length))"
  }

  /// Whether the end lies beyond the range of the fields.
  fileprivate var wraps: Bool {
    guard let end else { return offset.overflows(by: length) }
    return cfgType != .sharedMemory && end > 1 << 32
  }
}

extension CapCfgType {
  /// How much of the structure every driver needs, in bytes.
  fileprivate var leastLength: UInt64 {
    switch self {
    case .common: 56
    case .notify: 2
    default: 1
    }
  }
}

extension UInt64 {
  /// Whether `count` bytes from here on end beyond 2^64, rather than there.
  func overflows(by count: UInt64) -> Bool { count > 0 && self > .max - (count - 1) }
}
