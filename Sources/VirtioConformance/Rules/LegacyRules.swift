import VirtioPCI

extension Rule {
  /// The legacy interface beside the capabilities, VIRTIO 1.4 §4.1.4.10.
  static let legacyRules: [Rule] = [
    Rule(
      "transitional-legacy-bar0-io", .must, .normative, "4.1.5.1.1.1", of: .transitional,
      "A transitional device has the legacy interface in I/O BAR0.",
      example: "0x1AF4:0x1000 revision 0 with memory BAR0", given: .identity, .bar0IsIO, .type
    ) { identity, isIO, type, found in
      guard !isIO, identity.isTransitional(of: type) else { return }
      found.add("its IDs are those of a transitional device, and BAR 0 is not an I/O BAR")
    },
    Rule(
      "transitional-bar0-size", .must, .inferred, "4.1.4.10", of: .transitional,
      "The legacy BAR0 holds the 20-byte header (24 with MSI-X) plus the device configuration.",
      example: "16-byte BAR0", given: .list, .bars, .legacyConfigLength
    ) { list, bars, length, found in
      guard let size = bars.first(where: { $0.index == 0 && $0.isIO })?.size else { return }
      let header = list.pciCapabilities.contains { $0.id == .msix } ? 24 : 20
      let needed = UInt64(header + length)
      guard size < needed else { return }
      found.add("BAR 0 has \(size) bytes; the legacy registers need \(needed)")
    },
    Rule(
      "transitional-legacy-features-32", .must, .normative, "4.1.4.10", of: .transitional,
      "Only bits 0..31 are visible through the legacy interface; bits 32..63 count as not "
        + "accepted.",
      example: "bit 33 negotiated without bit 32", given: .negotiated, .interface
    ) { negotiated, interface, found in
      guard interface == .transitional, !negotiated.contains(.version1) else { return }
      for bit in negotiated.bits where bit > 31 {
        found.add("a legacy driver accepted bit \(bit)")
      }
    },
  ]
}

extension Given where Value == Bool {
  /// Whether BAR 0 is I/O ports. One that is not seen may be there without an address, unless all are
  /// known.
  fileprivate static var bar0IsIO: Self {
    Self(.bars) { function in
      guard let bar = function.bars.first(where: { $0.index == 0 }) else {
        return function.barsAreComplete ? false : nil
      }
      return bar.isIO
    }
  }
}

extension Given where Value == Int {
  /// How long the device-specific configuration of a transitional function is in its legacy interface,
  /// by what is offered there, as far as one can tell.
  fileprivate static var legacyConfigLength: Self {
    Self([]) { function in
      guard function.interface == .transitional else { return nil }
      var features = (function.offered ?? []).union(function.negotiated ?? [])
      for feature in function.type?.features ?? [] where feature.isModernOnly {
        features.remove(feature)
      }
      // It shows 32 bits.
      return function.configLength(with: FeatureSet(groups: [features.group(at: 0)]))
    }
  }
}
