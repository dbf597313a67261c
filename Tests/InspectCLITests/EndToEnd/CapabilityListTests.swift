import Foundation
import TestSupport
import Testing
import VirtioConformance

/// Capabilities that broke other tools.
@Suite("Broken capabilities", .timeLimit(.minutes(10)))
struct CapabilityListTests {
  /// The cells of the list of one function.
  private func inspect(
    _ config: ConfigSpace, _ options: String..., resource: String? = nil
  ) throws -> BuiltProgram.Outcome {
    let tree = try SysfsFixture()
    if let resource {
      try tree.add("0000:00:04.0", config, resource: resource)
    } else {
      try tree.add("0000:00:04.0", config)
    }
    return InProcess.run(["--sysfs", tree.root] + options)
  }

  @Test("a shared memory capability that is too short hides no other function", arguments: 16...23)
  func shortSharedMemory(capLen: UInt8) throws {
    let tree = try SysfsFixture()
    try tree.add(
      "0000:00:03.0",
      ConfigSpace().adding(
        .virtio(8, tail: Array(repeating: 1, count: 8), capLen: capLen), at: 0x40
      )
      .adding(.common(), at: 0x60))
    try tree.add("0000:00:04.0")
    let list = InProcess.run(
      ["--sysfs", tree.root, "--noheadings", "-o", "ADDRESS,CAPABILITIES"])
    #expect(
      list.output == """
        0000:00:03.0  shared_memory common
        0000:00:04.0  common isr device notify pci

        """)
    #expect(list.status == 0)
    let full = InProcess.run(["--sysfs", tree.root, "03.0"])
    #expect(full.output.contains("error: cap_len \(capLen) is shorter than 24"))
  }

  @Test("every type is named or numbered")
  func types() throws {
    var config = ConfigSpace()
    let types: [UInt8] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 255]
    for (index, type) in types.enumerated() {
      config = config.adding(.virtio(type, tail: [0, 0, 0, 0, 0, 0, 0, 0]), at: 0x40 + 16 * index)
    }
    let outcome = try inspect(config, "--noheadings", "-o", "CAPABILITIES")
    #expect(
      outcome.output
        == "0 common notify isr device pci 6 7 shared_memory vendor 10 255\n")
    let full = try inspect(config, "04.0")
    #expect(!full.output.contains("unknown"))
  }

  @Test("short vendor data is shown, and a short window is an error")
  func shortTypes() throws {
    let config = ConfigSpace()
      .adding(.vendor(0x1AF5, data: [0xAA, 0xBB]), at: 0x40)
      .adding(.vendor(0x1AF5, data: [1, 2, 3, 4, 5, 6]), at: 0x50)
      .adding(.virtio(5, capLen: 12), at: 0x60)
    let outcome = try inspect(config, "04.0")
    #expect(outcome.output.contains("vendor 0x1af5, data aabb\n"))
    #expect(outcome.output.contains("vendor 0x1af5, data 010203040506\n"))
    #expect(outcome.output.contains("error: cap_len 12 is shorter than 16\n"))
    #expect(outcome.status == 0)
  }

  @Test("a vendor capability of another vendor's function is not virtio's")
  func foreign() throws {
    let tree = try SysfsFixture()
    try tree.add("0000:00:03.0", ConfigSpace(vendor: 0x15AD).adding(.common(), at: 0x40))
    try tree.add("0000:00:04.0")
    let outcome = InProcess.run(["--sysfs", tree.root, "--noheadings", "-o", "ADDRESS"])
    #expect(outcome.output == "0000:00:04.0\n")
    #expect(InProcess.run(["--sysfs", tree.root, "03.0"]).status == 3)
  }

  /// Lists of capabilities that end otherwise than they should, and what is said.
  static let lists: [(name: String, config: ConfigSpace, shown: String, message: String)] = [
    (
      "a loop",
      ConfigSpace().adding(.common(), at: 0x40).adding(.isr(offset: 0), at: 0x50)
        .pointing(at: 0x40), "common isr", "the list runs in a loop: it comes back to 0x40"
    ),
    (
      "a loop to itself", ConfigSpace().adding(.common(), at: 0x40).pointing(at: 0x40), "common",
      "the list runs in a loop: it comes back to 0x40"
    ),
    (
      "a pointer into the header", ConfigSpace().adding(.common(), at: 0x40).pointing(at: 0x3C),
      "common", "the list ends with pointer 0x3c at 0x41, which lies in the header"
    ),
    (
      "an unaligned pointer",
      ConfigSpace().adding(.common(), at: 0x40).pointing(at: 0x53)
        .setting([9, 0, 16, 3], at: 0x50), "common isr", ""
    ),
    (
      "ID 0xff",
      ConfigSpace().adding(.common(), at: 0x40).pointing(at: 0xF0)
        .setting([0xFF, 0xFF, 0xFF, 0xFF], at: 0xF0), "common",
      "the list ends at 0xf0, where the capability ID is 0xff"
    ),
    ("no list", ConfigSpace(), "-", "there is no capability list: status bit 4 is clear"),
    (
      "a capability at the end",
      ConfigSpace().adding(RawCapability([9, 0, 16, 1]), at: 0xFC), "common",
      "cap_len 16 runs to 0x10c, beyond the end of config space"
    ),
    (
      "vendor data beyond the end",
      ConfigSpace().adding(.vendor(0x1234, data: [1, 2]), at: 0xF8).setting([255], at: 0xFA),
      "vendor", "cap_len 255 runs to 0x1f7, beyond the end of config space"
    ),
  ]

  @Test("a broken list shows what is in it, and how it ends", arguments: lists)
  func brokenList(row: (name: String, config: ConfigSpace, shown: String, message: String)) throws {
    let list = try inspect(row.config, "--noheadings", "-o", "CAPABILITIES")
    #expect(list.output == row.shown + "\n")
    #expect(list.error == "")
    let full = try inspect(row.config, "04.0")
    if !row.message.isEmpty { #expect(full.output.contains(row.message)) }
    #expect(full.output.contains("error") == !row.message.isEmpty)
    #expect(full.status == 0)
  }

  @Test("a list of 48 capabilities, as many as fit, is walked to its end, and to its loop")
  func longest() throws {
    var config = ConfigSpace()
    for position in stride(from: 0x40, to: 0x100, by: 4) {
      config = config.adding(RawCapability([1, 0, 0, 0]), at: position)
    }
    let whole = try inspect(config, "--jsonl")
    #expect(whole.output.components(separatedBy: #""name":"power management""#).count == 49)
    #expect(whole.output.components(separatedBy: #""rule":"#).count == 2)
    #expect(whole.output.contains(#""problems":[{"rule":"driver-linux","#))
    let loop = try inspect(config.pointing(at: 0x80), "--jsonl")
    #expect(loop.output.contains("it comes back to 0x80"))
  }

  @Test("MSI-X that runs out of config space is an entry that says so")
  func truncatedMSIX() throws {
    let msix = RawCapability.msix(vectors: 2, table: 0x8000, pending: 0x48000)
    let config = ConfigSpace.healthy.adding(msix, at: 0xF8)
    let json = try inspect(config, "--jsonl")
    #expect(json.output.contains(#""position":248,"message":"MSI-X runs to 0x104, beyond"#))
    #expect(json.output.contains(#"{"position":248,"id":17,"name":"MSI-X","msix":null}"#))
    let detail = try inspect(config, "-v")
    #expect(detail.output.contains("warning: MSI-X runs to 0x104, beyond the end of config space"))
  }

  private static let memory = "0x4000000000 0x400007ffff 0x140204\n"

  /// `bar`, offset and length of a structure, the resource lines, and what is said.
  static let places: [(cap: RawCapability, resource: String, message: String)] = [
    (.common(bar: 6), memory, "bar 6 is above 5, so that this structure does not count"),
    (.common(bar: 7), memory, "bar 7 is above 5, so that this structure does not count"),
    (.common(bar: 255), memory, "bar 255 is above 5, so that this structure does not count"),
    (.common(bar: 3), memory, "there is no BAR 3"),
    (.common(bar: 1), memory, "BAR 1 is the upper half of the 64-bit BAR 0"),
    (.common(offset: 0xFFFF_FFFF), memory, "runs past 2^32"),
    (.sharedMemory(offset: .max, length: 1), memory, "runs past the end of BAR 0"),
    (.sharedMemory(offset: .max, length: 2), memory, "runs past 2^64"),
    (.common(offset: 0x7_F000), memory, ""),
    (.common(offset: 0x7_F001), memory, "runs past the end of BAR 0, which has 0x80000 bytes"),
    (.common(offset: 0x7_FFFF), memory, "warning: offset 0x7ffff + length 0x1000 runs past"),
    (.sharedMemory(offset: 0x7_F000, length: 0x1001), memory, "runs past the end of BAR 0"),
    (.sharedMemory(offset: 0x7_F000, length: 0x1000), memory, ""),
    (.common(), "0xc000 0xcfff 0x40101\n", ""),
  ]

  @Test("a structure that is in no BAR, or beyond its end, is told", arguments: places)
  func place(row: (cap: RawCapability, resource: String, message: String)) throws {
    let outcome = try inspect(
      ConfigSpace().adding(row.cap, at: 0x40), "04.0", resource: row.resource)
    if row.message.isEmpty {
      #expect(!outcome.output.contains("error") && !outcome.output.contains("warning"))
    } else {
      #expect(outcome.output.contains(row.message))
    }
    #expect(outcome.status == 0)
  }
}
