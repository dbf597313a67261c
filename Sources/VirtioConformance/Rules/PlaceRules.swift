import VirtioPCI

extension Rule {
  /// Where the structures lie: in a BAR of the function, and inside it, VIRTIO 1.4 §4.1.4.
  static let placeRules: [Rule] = [
    Rule(
      "cap-bar-defined", .should, .descriptive, "4.1.4",
      "bar is 0 to 5; a structure whose bar is above does not count.",
      example: "bar 6 on cfg_type 4", given: .places
    ) { places, found in
      places.each { position, data in
        guard case .reserved = places.bar(data.bar) else { return }
        found.add(
          at: position, "bar \(data.bar) is above 5, so that this structure does not count")
      }
    },
    Rule(
      "cap-bar-implemented", .must, .inferred, "4.1.4",
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
        found.add(
          at: position,
          "\(data.extent) runs past 2^\(data.cfgType == .sharedMemory ? 64 : 32)")
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
        found.add(
          at: position,
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
