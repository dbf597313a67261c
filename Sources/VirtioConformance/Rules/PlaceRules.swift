import VirtioPCI

extension Rule {
  /// Where the structures lie: in a BAR of the function, and inside it, VIRTIO 1.4 §4.1.4.
  static let placeRules: [Rule] = [
    Rule(
      "cap-bar-defined", .should, .descriptive, "4.1.4", severity: .error,
      "bar is 0 to 5; drivers ignore a structure whose bar is above.",
      example: "bar 6 on cfg_type 4", given: .places
    ) { places, found in
      places.each { position, data in
        guard case .reserved = places.bar(data.bar) else { return }
        found.add(
          at: position, "bar \(data.bar) is above 5: drivers ignore this structure")
      }
    },
    Rule(
      "cap-bar-implemented", .must, .inferred, "4.1.4", severity: .error,
      "The BAR that a capability names belongs to the function.",
      example: "bar 3 where BAR2 is a 64-bit BAR", given: .placesInBARs
    ) { places, found in
      places.each { position, data in
        switch places.bar(data.bar) {
        case .absent:
          found.add(at: position, "there is no BAR \(data.bar)")
        case .upperHalf(let lower):
          found.add(
            at: position, "BAR \(data.bar) is the upper half of the 64-bit BAR \(lower.index)")
        case .bar, .unknown, .reserved: break
        }
      }
    },
    Rule(
      "cap-structure-no-wrap", .must, .inferred, "4.1.4",
      "offset + length does not run past the range of the fields: 32 bits, 64 for shared memory.",
      example: "offset 0xFFFFF000 length 0x2000", given: .places
    ) { places, found in
      places.each { position, data in
        guard data.wraps else { return }
        let isRegion = data.cfgType == .sharedMemory
        // Linux minds a structure that leaves its BAR, but none that wraps within.
        found.add(
          at: position, severity: isRegion || places.type == .net ? .error : nil,
          "\(data.extent) runs past 2^\(isRegion ? 64 : 32)")
      }
    },
    Rule(
      "cap-structure-in-bar", .must, .inferred, "4.1.4",
      "offset + length of every structure fits in its BAR.",
      example: "common cfg offset 0x3000 length 0x2000 in a 0x4000 BAR", given: .placesInBARs
    ) { places, found in
      places.each { position, data in
        guard data.cfgType != .sharedMemory, let size = places.overrunSize(of: data) else {
          return
        }
        // A driver maps what it needs, so only a needed part outside is fatal.
        let (needed, overflow) = data.offset.addingReportingOverflow(data.cfgType.leastLength)
        found.add(
          at: position, severity: overflow || needed > size ? .error : nil,
          "\(data.extent) runs past the end of BAR \(data.bar), which has \(Hex(size)) bytes")
      }
    },
    Rule(
      "shm-region-in-bar", .must, .normative, "4.1.4.7.1",
      "A shared memory region lies inside its BAR.",
      example: "8 GiB region in a 4 GiB BAR", given: .placesInBARs
    ) { places, found in
      places.each { position, data in
        guard data.cfgType == .sharedMemory, let size = places.overrunSize(of: data) else {
          return
        }
        found.add(
          at: position,
          "\(data.extent) runs past the end of BAR \(data.bar), which has \(Hex(size)) bytes")
      }
    },
  ]
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
