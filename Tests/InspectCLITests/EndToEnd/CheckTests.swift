import Foundation
import TestSupport
import Testing
import VirtioConformance

@Suite("Checks")
struct CheckTests {
  private static let address = "0000:00:04.0"

  /// A function with a defect that virtual machine monitors have had.
  struct KnownDefect: Sendable, CustomTestStringConvertible {
    var name: String
    var config: ConfigSpace
    /// Negotiated by the driver that is bound; nil for none.
    var features: [Int]?
    var resource = "0x4000000000 0x400007ffff 0x140204\n"
    var problem: String
    var status: Int32 = 1

    var testDescription: String { name }
  }

  private static func socket(
    _ changed: [Int: RawCapability] = [:], without position: Int? = nil
  ) -> ConfigSpace {
    function(0x1053, changed, without: position)
  }

  /// A healthy function of some type but for these capabilities.
  private static func function(
    _ device: UInt16, revision: UInt8 = 1, subsystem: UInt16 = 0x1100,
    _ changed: [Int: RawCapability] = [:], without position: Int? = nil
  ) -> ConfigSpace {
    let usual: [Int: RawCapability] = [
      0x40: .common(length: 0x38), 0x50: .isr(offset: 0x2000), 0x60: .device(offset: 0x4000),
      0x70: .notify(offset: 0x6000, multiplier: 4), 0x84: .window(),
      0x98: .msix(vectors: 4, table: 0x8000, pending: 0x4_8000),
    ]
    return usual.merging(changed) { $1 }.filter { $0.key != position }
      .sorted { $0.key < $1.key }
      .reduce(ConfigSpace(device: device, revision: revision, subsystem: subsystem)) {
        $0.adding($1.value, at: $1.key)
      }
  }

  static let defects: [KnownDefect] = [
    KnownDefect(
      name: "a window capability of 16 bytes",
      config: socket([0x84: .virtio(5, length: 0, capLen: 16)]),
      problem: "0x84  error  cap-len-pci-cfg  violation: cap_len 16 is shorter than 20"
        + " (VIRTIO 1.4 §4.1.4.2)"),
    KnownDefect(
      name: "no window capability", config: socket(without: 0x84),
      problem: "-  error  cap-pci-cfg-present  violation: there is no pci capability"
        + " (VIRTIO 1.4 §4.1.4.9.1)"),
    KnownDefect(
      name: "a socket without device configuration", config: socket(without: 0x60),
      problem: "-  error  cap-device-cfg-present  violation: there is no device capability"
        + " (VIRTIO 1.4 §4.1.4.6)"),
    KnownDefect(
      name: "a network device without device configuration",
      config: function(0x1041, without: 0x60),
      problem: "-  error  cap-device-cfg-present  violation: there is no device capability"
        + " (VIRTIO 1.4 §4.1.4.6)"),
    KnownDefect(
      name: "device configuration without bytes",
      config: socket([0x60: .virtio(4, offset: 0x4000, length: 0)]),
      problem: "0x60  warning  devcfg-length-covers-offered-fields  length 0: the device"
        + " configuration has no bytes (VIRTIO 1.4 §2.5.2)"),
    KnownDefect(
      name: "notify without its multiplier",
      config: socket([0x70: .virtio(2, offset: 0x6000, capLen: 16)]),
      problem: "0x70  error  cap-len-notify  violation: cap_len 16 is shorter than 20"
        + " (VIRTIO 1.4 §4.1.4.2)"),
    KnownDefect(
      name: "shared memory in the 32-bit form",
      config: function(0x105A, [0xA4: .virtio(8, offset: 0x5_0000, capLen: 16)]),
      problem: "0xa4  error  cap-len-shared-memory  violation: cap_len 16 is shorter than 24"
        + " (VIRTIO 1.4 §4.1.4.2)"),
    KnownDefect(
      name: "two regions with one id",
      config: function(
        0x105A,
        [
          0xA4: .sharedMemory(offset: 0x5_0000, length: 0x1000),
          0xBC: .sharedMemory(offset: 0x5_1000, length: 0x1000),
        ]),
      problem: "0xbc  error  shm-id-unique  violation: shared memory id 0 is taken already"
        + " (VIRTIO 1.4 §4.1.4.7.1)"),
    KnownDefect(
      name: "a structure past 2^32", config: socket([0x60: .device(offset: 0xFFFF_FFF0)]),
      problem: "0x60  warning  cap-structure-no-wrap  offset 0xfffffff0 + length 0x1000 runs past"
        + " 2^32 (VIRTIO 1.4 §4.1.4)"),
    KnownDefect(
      name: "misaligned common configuration",
      config: socket([0x40: .common(offset: 0x1002, length: 0x38)]),
      problem: "0x40  error  cap-common-offset-aligned  violation: offset 0x1002 is not a multiple"
        + " of 4 (VIRTIO 1.4 §4.1.4.3.1)"),
    KnownDefect(
      name: "misaligned device configuration", config: socket([0x60: .device(offset: 0x4002)]),
      problem:
        "0x60  error  cap-device-cfg-offset-aligned  violation: offset 0x4002 is not a multiple"
        + " of 4 (VIRTIO 1.4 §4.1.4.6.1)"),
    KnownDefect(
      name: "structures in no BAR",
      config: socket().setting(Array(repeating: 0, count: 8), at: 0x10), resource: "",
      problem: "0x40  warning  cap-bar-implemented  there is no BAR 0 (VIRTIO 1.4 §4.1.4)"),
    KnownDefect(
      name: "transitional ID with revision 1",
      config: function(0x1000, revision: 1, subsystem: 1, [0x40: .common(bar: 1, length: 0x38)]),
      resource: "0xc000 0xc07f 0x40101\n0xfe000000 0xfe00ffff 0x40200\n",
      problem: "-  error  pci-transitional-revision  violation: the revision is 1; a transitional"
        + " device has 0 (VIRTIO 1.4 §4.1.2.3)"),
    KnownDefect(
      name: "vendor data of virtio's own vendor",
      config: socket([0xA4: .vendor(0x1AF4, data: [0, 0])]),
      problem: "0xa4  error  cap-vendor-data-vendor-id  violation: the vendor ID of vendor data is"
        + " 0x1af4 (VIRTIO 1.4 §4.1.4.8.1)"),
    KnownDefect(
      name: "structures on top of each other", config: socket([0x50: .isr(offset: 0x4000)]),
      problem: "0x60  warning  cap-structures-disjoint  the device structure (BAR 0 at 0x4000 to"
        + " 0x4fff) overlaps the isr structure (BAR 0 at 0x4000 to 0x4000) (VIRTIO 1.4 §4.1.4)",
      status: 0),
    KnownDefect(
      name: "GUEST_TSO4 without GUEST_CSUM", config: function(0x1041), features: [7, 32],
      problem: "-  error  feature-dependency-closed-negotiated  violation:"
        + " VIRTIO_NET_F_GUEST_TSO4 is negotiated without VIRTIO_NET_F_GUEST_CSUM"
        + " (VIRTIO 1.4 §2.2.1)"),
    KnownDefect(
      name: "MQ without CTRL_VQ", config: function(0x1041), features: [22, 32],
      problem: "-  error  feature-dependency-closed-negotiated  violation: VIRTIO_NET_F_MQ is"
        + " negotiated without VIRTIO_NET_F_CTRL_VQ (VIRTIO 1.4 §2.2.1)"),
  ]

  private func tree(_ defect: KnownDefect) throws -> SysfsFixture {
    let tree = try SysfsFixture()
    let bits = defect.features.map { features in
      (0..<64).map { features.contains($0) ? "1" : "0" }.joined()
    }
    try tree.add(
      Self.address, defect.config, resource: defect.resource,
      driver: bits == nil ? nil : "virtio-pci",
      virtio: bits.map { .init("virtio0", driver: "virtio_net", features: $0) })
    return tree
  }

  @Test("known defects are found by name", arguments: defects)
  func known(defect: KnownDefect) throws {
    let tree = try tree(defect)
    let list = InProcess.run(["--check", "--sysfs", tree.root])
    #expect(list.status == defect.status)
    // Where the output goes to /dev/null, too, something says why.
    #expect(list.error.isEmpty == (defect.status == 0))
    #expect(list.error.hasPrefix("virtio-pci-inspect: \(Self.address): ") || list.error.isEmpty)
    let quiet = InProcess.run(["--check", "-q", "--sysfs", tree.root])
    #expect(quiet.output == "")
    #expect(quiet.error == list.error)
    #expect(quiet.status == list.status)
    // Columns as wide as what stands in them.
    let lines = list.output.split(separator: "\n").map { line in
      line.replacing(/[ ]{2,}/, with: "  ").trimmingCharacters(in: .whitespaces)
    }
    #expect(lines.contains(defect.problem), "\(lines.joined(separator: "\n"))")
    let whole = InProcess.run(["--check", "--sysfs", tree.root, Self.address])
    #expect(
      whole.output.hasSuffix(
        list.output.split(separator: "\n").dropFirst().joined(separator: "\n") + "\n"))
    #expect(whole.status == defect.status)
    let strict = InProcess.run(["--check", "--strict", "-J", "--sysfs", tree.root])
    #expect(strict.status == 1)
    let rule = try #require(defect.problem.split(separator: "  ").dropFirst(2).first)
    #expect(strict.output.contains(#""rule": "\#(rule)""#))
  }

  @Test("what a broken list does not reach is folded under it, and counts")
  func folded() throws {
    let tree = try SysfsFixture()
    try tree.add(Self.address, Self.socket().pointing(at: 0x40))
    try tree.add("0000:00:05.0", Self.socket().setting([0], at: 0x34))
    let outcome = InProcess.run(["--check", "--drivers", "none", "--sysfs", tree.root])
    let lines = outcome.output.split(separator: "\n").map(String.init)
    let follow = lines.filter { $0.contains(" follow)") }
    // The loop comes after every capability, and nothing is missing.
    #expect(lines.count { $0.contains("pci-config-capability-list") } == 2)
    #expect(follow.count == 1)
    #expect(follow.last?.contains("cap-common-present, cap-notify-present, ") == true)
    #expect(!lines.contains { $0.contains("violation: there is no ") })
    #expect(outcome.output.contains("the capability list is empty: the pointer at 0x34 is 0"))
    let errors = outcome.error.split(separator: "\n").compactMap { line in
      line.split(separator: " ").dropFirst(2).first.flatMap { Int($0) }
    }
    #expect(lines.last?.hasPrefix("2 functions: \(errors.reduce(0, +)) errors, ") == true)
    let whole = InProcess.run(["--sysfs", tree.root, "0000:00:05.0"]).output
    #expect(whole.contains("the capability list is empty"))
  }

  @Test("what was not checked is counted by what would check it")
  func remedies() throws {
    let outcome = InProcess.run(["--check", "-F", "\(Fixtures.folder)/dumps/socket.config"])
    let summary = try #require(
      outcome.output.split(separator: "\n").first { $0.contains(" not checked (") })
    #expect(summary.contains(" need --probe") && summary.contains(" need a running driver"))
    let numbers = summary.split { !$0.isNumber }.compactMap { Int($0) }
    // After rules, errors and warnings comes the total.
    #expect(numbers.dropFirst(4).reduce(0, +) == numbers[3])
  }

  @Test(
    "healthy functions have no error",
    arguments: [
      ("--sysfs", "sysfs/firecracker"), ("--sysfs", "sysfs/q35"), ("--sysfs", "sysfs/legacy-pc"),
      ("--sysfs", "sysfs/transitional-pc"), ("--sysfs", "sysfs/unbound"),
      ("--sysfs", "sysfs/sriov"),
      ("-F", "dumps/all-q35.txt"), ("-F", "dumps/transitional-pc.txt"),
      ("-F", "dumps/legacy-pc.txt"), ("-F", "dumps/firecracker-host.txt"),
      ("-F", "dumps/socket.config"),
    ])
  func healthy(option: String, path: String) {
    let outcome = InProcess.run(["--check", option, "\(Fixtures.folder)/\(path)"])
    #expect(!outcome.output.contains("  error  "))
    #expect(outcome.output.contains(" rules held, 0 errors, "))
    #expect(outcome.status == 0)
  }

  @Test("a virtual function has neither IDs nor decoding in its config space, and is healthy")
  func virtualFunction() throws {
    let tree = try SysfsFixture()
    try tree.add(
      Self.address, Self.socket(), driver: "virtio-pci",
      virtio: .init("virtio0", driver: "vmw_vsock_virtio_transport"))
    let hidden = Self.socket().setting([0xFF, 0xFF, 0xFF, 0xFF, 4, 0], at: 0)
    try tree.write(hidden.bytes, to: "bus/pci/devices/\(Self.address)/config")
    for options in [["--check"], [Self.address]] {
      let outcome = InProcess.run(["--sysfs", tree.root] + options)
      #expect(!outcome.output.contains("cap-bar-assigned"))
      #expect(!outcome.output.contains("decoding"))
      #expect(outcome.status == (options == ["--check"] ? 1 : 0))
    }
  }

  @Test(
    "decoding that is off is an error while a driver is at work, and else a note",
    arguments: [nil, "vfio-pci", "virtio-pci"])
  func decodingOff(driver: String?) throws {
    let tree = try SysfsFixture()
    try tree.add(
      Self.address, Self.socket().setting([4, 0], at: 0x04), driver: driver,
      virtio: driver == "virtio-pci"
        ? .init("virtio0", driver: "vmw_vsock_virtio_transport") : nil)
    let outcome = InProcess.run(["--check", "--sysfs", tree.root])
    #expect(outcome.output.contains("memory decoding is off in the command register"))
    #expect(outcome.output.contains("command-decoding") == (driver == "virtio-pci"))
    #expect(outcome.output.contains("cap-bar-assigned") == (driver != "virtio-pci"))
    #expect(outcome.status == (driver == "virtio-pci" ? 1 : 0))
  }

  @Test("structures in BARs of their own are healthy")
  func separateBARs() throws {
    let tree = try SysfsFixture()
    try tree.add(
      Self.address,
      Self.socket([
        0x50: .virtio(3, bar: 1, length: 1), 0x60: .virtio(4, bar: 2, length: 0x100),
        0x70: .virtio(2, bar: 3, length: 0x1000, tail: [2, 0, 0, 0]),
        0x98: .msix(vectors: 4, table: 4, pending: 0x804),
      ]),
      resource: (0..<5).map { "0xfe0\($0)0000 0xfe0\($0)ffff 0x40200\n" }.joined())
    let outcome = InProcess.run(["--check", "--strict", "--sysfs", tree.root])
    #expect(outcome.status == 0, "\(outcome.output)")
  }

  @Test("what was not read is not checked, and never held")
  func unread() throws {
    let tree = try SysfsFixture()
    try tree.add(Self.address)
    let held = { (text: String) in
      text.split(separator: "\n").last.flatMap { Int($0.split(separator: " ")[0]) } ?? 0
    }
    let live = InProcess.run(["--check", "--sysfs", tree.root])
    let config = tree.function(Self.address, "config")
    let saved = InProcess.run(["--check", "-F", config])
    let header = try TemporaryFile(ConfigSpace.healthy.bytes[..<64])
    let short = InProcess.run(["--check", "-F", header.path])
    #expect(held(live.output) > held(saved.output))
    #expect(held(saved.output) > held(short.output))
    #expect(short.status == 4)
  }

  @Test("rules are listed and explained")
  func rules() throws {
    let list = InProcess.run(["--list-rules"]).output
    let count = try Spec("conformance-rules").array.count
    #expect(list.split(separator: "\n").count == count + 1)
    let rows = InProcess.run(["--noheadings", "--list-rules"]).output
    #expect(rows.split(separator: "\n").count == count)
    for rule in try Spec("conformance-rules").array.compactMap(\.["id"].string) {
      #expect(list.contains("\n\(rule) "))
    }
    #expect(
      InProcess.run(["--explain", "cap-isr-length"]).output == """
        cap-isr-length  (VIRTIO 1.4 §4.1.4.5)
          The ISR structure is at least one byte.

          level    no keyword; it is about the device
          basis    VIRTIO 1.4 says so outside its requirements
          impact   warning: what VIRTIO 1.4 describes is not so; no keyword requires it
          needs    config space
          example  length 0 on cfg_type 3

        """)
    #expect(InProcess.run(["--explain", "cap"]).status == 2)
  }

  @Test("an unknown device outranks a failed check")
  func largestStatus() throws {
    let defect = try #require(Self.defects.first)
    let tree = try tree(defect)
    #expect(
      InProcess.run(["--check", "--sysfs", tree.root, Self.address, "eth9"]).status == 3)
  }
}
