import TestSupport
import Testing

@testable import VirtioConformance
@testable import VirtioPCI

@Suite("Rules of decoding")
struct DecodingRuleTests {
  static let bars = [
    BAR(
      index: 0, space: .memory(width: 64, prefetchable: false), address: 0x40_0000_0000,
      size: 0x8_0000),
    BAR(index: 2, space: .io, address: 0xC000, size: 0x80),
  ]

  /// What decoding knows of the function with these bytes.
  private func state(
    _ config: ConfigSpace, bars: [BAR] = bars, complete: Bool = true
  ) throws -> Function {
    try Function(config, bars: bars, complete: complete)
  }

  private func problems(_ state: Function) -> [String] {
    Rule.decodingProblems(in: state).map {
      let position = $0.finding.position.map { " \(Hex($0))" } ?? ""
      return "\($0.severity) \($0.rule.id)\(position): \($0.finding.message)"
    }
  }

  /// A defect alone in a function, and what is found.
  static let defects: [(name: String, config: ConfigSpace, problem: String)] = [
    (
      "no list", ConfigSpace(),
      "error pci-config-capability-list: there is no capability list: status bit 4 is clear"
    ),
    (
      "into the header", with(.common()).pointing(at: 0x04),
      "error pci-config-capability-list 0x40: the list ends with pointer 0x04 at 0x41, which lies in the header"
    ),
    (
      "a loop", with(.common()).pointing(at: 0x40),
      "error pci-config-capability-list 0x40: the list runs in a loop: it comes back to 0x40"
    ),
    (
      "ID 0xff", with(.common()).pointing(at: 0x80).setting([0xFF], at: 0x80),
      "error pci-config-capability-list 0x80: the list ends at 0x80, where the capability ID is 0xff"
    ),
    (
      "common of 15", with(.virtio(1, capLen: 15)),
      "error cap-len-base 0x40: cap_len 15 is shorter than 16"
    ),
    (
      "window of 0", with(.virtio(5, capLen: 0)),
      "error cap-len-pci-cfg 0x40: cap_len 0 is shorter than 16"
    ),
    (
      "window of 19", with(.virtio(5, length: 0, capLen: 19)),
      "error cap-len-pci-cfg 0x40: cap_len 19 is shorter than 20"
    ),
    (
      "notify of 19", with(.virtio(2, tail: [0, 0, 0, 0], capLen: 19)),
      "error cap-len-notify 0x40: cap_len 19 is shorter than 20"
    ),
    (
      "shared memory of 23", with(.virtio(8, tail: [0, 0, 0, 0, 0, 0, 0, 0], capLen: 23)),
      "error cap-len-shared-memory 0x40: cap_len 23 is shorter than 24"
    ),
    (
      "vendor data of 6", with(.vendor(0x1234, data: [])),
      "error cap-len-vendor-data-multiple-of-4 0x40: cap_len 6 is shorter than 8"
    ),
    (
      "beyond the end", ConfigSpace().adding(.common(), at: 0xF4),
      "warning cap-inside-config-space 0xf4: cap_len 16 runs to 0x104, beyond the end of config space"
    ),
    (
      "BAR 6", with(.common(bar: 6)),
      "warning cap-bar-defined 0x40: bar 6 is above 5, so that this structure does not count"
    ),
    (
      "BAR 255", with(.sharedMemory(bar: 255, offset: 0, length: 1)),
      "warning cap-bar-defined 0x40: bar 255 is above 5, so that this structure does not count"
    ),
    ("no BAR", with(.common(bar: 3)), "warning cap-bar-implemented 0x40: there is no BAR 3"),
    (
      "upper half", with(.common(bar: 1)),
      "warning cap-bar-implemented 0x40: BAR 1 is the upper half of the 64-bit BAR 0"
    ),
    (
      "the end outside", with(.common(offset: 0x7_F001)),
      "warning cap-structure-in-bar 0x40: offset 0x7f001 + length 0x1000 runs past the end of "
        + "BAR 0, which has 0x80000 bytes"
    ),
    (
      "the needed part outside", with(.common(offset: 0x7_FFC9)),
      "warning cap-structure-in-bar 0x40: offset 0x7ffc9 + length 0x1000 runs past the end of BAR 0, "
        + "which has 0x80000 bytes"
    ),
    (
      "region outside", with(.sharedMemory(offset: 0x1_0000_0000, length: 1)),
      "error shm-region-in-bar 0x40: offset 0x100000000 + length 0x1 runs past the end of BAR 0, "
        + "which has 0x80000 bytes"
    ),
  ]

  private static func with(_ capability: RawCapability) -> ConfigSpace {
    ConfigSpace().adding(capability, at: 0x40)
  }

  @Test("each defect is found once, by its rule, at its place", arguments: defects)
  func defect(row: (name: String, config: ConfigSpace, problem: String)) throws {
    #expect(try problems(state(row.config)) == [row.problem])
  }

  @Test(
    "a structure that wraps leaves its BAR, too",
    arguments: [
      (RawCapability.common(offset: 0xFFFF_F001), "2^32", "warning"),
      (.sharedMemory(offset: .max, length: 2), "2^64", "error"),
    ])
  func wrapping(capability: RawCapability, limit: String, severity: String) throws {
    let found = try problems(state(Self.with(capability)))
    try #require(found.count == 2)
    #expect(found[0].hasPrefix("warning cap-structure-no-wrap 0x40: "))
    #expect(found[0].hasSuffix(" runs past \(limit)"))
    #expect(found[1].contains("runs past the end of BAR 0"))
    #expect(found[1].hasPrefix("\(severity) "))
  }

  @Test("a region that ends at 2^64 does not run past it")
  func exactEnd() throws {
    let found = try problems(state(Self.with(.sharedMemory(offset: .max, length: 1))))
    #expect(found.map { $0.prefix(28) } == ["error shm-region-in-bar 0x40"])
  }

  /// What is as it should be, however unusual.
  static let sound: [(name: String, config: ConfigSpace)] = [
    ("what Firecracker makes", .healthy),
    ("up to the end of the BAR", with(.common(offset: 0x7_F000))),
    ("region up to the end of the BAR", with(.sharedMemory(offset: 0x7_F000, length: 0x1000))),
    ("length 0", with(.virtio(4, length: 0))),
    ("length 0 at the end", with(.virtio(4, offset: 0x8_0000, length: 0))),
    ("in an I/O BAR", with(.virtio(2, bar: 2, length: 2, tail: [0, 0, 0, 0]))),
    ("vendor data", with(.vendor(0x1234, data: [0, 0]))),
    (
      "two of one type, one inside the other",
      with(.virtio(4, length: 0x100)).adding(.virtio(4, offset: 0x80, length: 0x10), at: 0x50)
    ),
    (
      "a window that was left open",
      with(.virtio(5, bar: 7, offset: .max, length: 4, tail: [0, 0, 0, 0]))
    ),
    ("a reserved type of 4 bytes", with(.virtio(77, capLen: 4))),
    ("a reserved type in a reserved BAR", with(.virtio(77, bar: 9, offset: .max))),
    ("up to the end of config space", ConfigSpace().adding(.common(), at: 0xF0)),
    ("longer than its structure", with(.virtio(1, capLen: 60))),
  ]

  @Test("what is sound has no finding", arguments: sound)
  func healthy(row: (name: String, config: ConfigSpace)) throws {
    #expect(try problems(state(row.config)) == [])
  }

  @Test("where the BARs are not all known, an absent one is no finding")
  func unknownBARs() throws {
    #expect(try problems(state(Self.with(.common(bar: 3)), complete: false)) == [])
    let unsized = [BAR(index: 0, space: .io, address: 0xC000, size: nil)]
    #expect(
      try problems(state(Self.with(.common(offset: 0x7_F001)), bars: unsized, complete: false))
        .filter { $0.contains("in-bar") } == [])
  }

  @Test("legacy functions need no list")
  func legacy() throws {
    let state = try state(ConfigSpace(device: 0x1000, revision: 0))
    #expect(state.interface == .legacy)
    #expect(problems(state) == [])
  }
}
