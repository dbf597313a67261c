import TestSupport
import Testing

@testable import InspectCLI

/// The maps of BARs, as a user sees them.
@Suite("Layout of BARs")
struct LayoutTests {
  private static let address = "0000:00:04.0"

  private static func run(
    _ config: ConfigSpace, resource: String = "0x4000000000 0x4000007fff 0x140204\n",
    _ options: [String] = []
  ) throws -> BuiltProgram.Outcome {
    let tree = try SysfsFixture()
    try tree.add(address, config, resource: resource)
    return try BuiltProgram.run(["--sysfs", tree.root, "--layout", "04.0"] + options)
  }

  /// The lines of the maps, without those of the full view above them.
  private static func maps(_ outcome: BuiltProgram.Outcome) -> String {
    let lines = outcome.output.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.drop { !$0.hasPrefix("  Layout of BAR ") }.joined(separator: "\n")
  }

  @Test("a map of a real function")
  func golden() throws {
    let tree = "\(Fixtures.folder)/sysfs/q35"
    let outcome = try BuiltProgram.run(["--sysfs", tree, "01:00.0", "--layout"])
    #expect((outcome.status, outcome.error) == (0, ""))
    if let difference = try Golden.difference(outcome.output, from: "q35-net.layout") {
      Issue.record("\(difference)")
    }
  }

  @Test("overlaps, empty structures and what runs past the end are seen")
  func wrong() throws {
    let config = ConfigSpace()
      .adding(.common(length: 0x38), at: 0x40)
      .adding(.virtio(3, offset: 0x2000, length: 0), at: 0x50)
      .adding(.device(offset: 0x3800), at: 0x60)
      .adding(.notify(offset: 0x4000, multiplier: 0), at: 0x70)
      .adding(.sharedMemory(id: 3, offset: 0x7000, length: 0x2000), at: 0x84)
    let outcome = try Self.run(config)
    #expect(
      Self.maps(outcome) == """
          Layout of BAR 0: 32 KiB
          OFFSET  END     LENGTH  ADDRESS       CONTENTS
          0x0000  0x0037    0x38  0x4000000000  common (0x40)
          0x0038  0x1fff  0x1fc8  -             gap
          0x2000  -          0x0  0x4000002000  isr (0x50)
          0x2000  0x37ff  0x1800  -             gap
          0x3800  0x47ff  0x1000  0x4000003800  device (0x60)
          0x4000  0x4fff  0x1000  0x4000004000  notify (0x70)
          0x4000  0x4001     0x2  0x4000004000    doorbell of every queue
          0x4000  0x47ff   0x800  0x4000004000    overlap: device, notify
          0x5000  0x6fff  0x2000  -             gap
          0x7000  0x8fff  0x2000  0x4000007000  shared_memory 3 (0x84)
          0x8000  0x8fff  0x1000  0x4000008000    past the end: shared_memory 3

        """)
  }

  @Test("a BAR that a structure names and that is not there has a map that says so")
  func missing() throws {
    let config = ConfigSpace()
      .adding(.common(bar: 1, length: 0x38), at: 0x40)
      .adding(.virtio(2, bar: 4, tail: [4, 0, 0, 0]), at: 0x50)
      .adding(.virtio(3, bar: 6), at: 0x64)
    let maps = Self.maps(try Self.run(config))
    #expect(maps.contains("  Layout of BAR 0: 32 KiB\n"))
    #expect(maps.contains("  Layout of BAR 1, which is the upper half of BAR 0\n"))
    #expect(maps.contains("  Layout of BAR 4, which the function does not have\n"))
    #expect(maps.contains("  Layout of BAR 6, which is a reserved number\n"))
    #expect(maps.contains("  0x0000  0x0037    0x38  -        common (0x40)\n"))
  }

  @Test("the largest range and an end at 2^64 are shown")
  func extremes() throws {
    let config = ConfigSpace()
      .adding(.sharedMemory(id: 1, offset: 0, length: .max), at: 0x40)
      .adding(.sharedMemory(id: 2, offset: .max - 1, length: .max), at: 0x60)
    let maps = Self.maps(try Self.run(config, resource: ""))
    #expect(maps.contains("0x0000000000000000  0xfffffffffffffffe  0xffffffffffffffff  "))
    #expect(maps.contains("0xfffffffffffffffe  0xffffffffffffffff                 0x2  "))
    #expect(maps.contains("  overlap: shared_memory 1, shared_memory 2\n"))
  }

  @Test("on a terminal of 80 columns every line fits", arguments: [80, 100, 200])
  func narrow(columns: Int) throws {
    let tree = try SysfsFixture()
    let config = ConfigSpace()
      .adding(.sharedMemory(id: 1, offset: 0, length: .max), at: 0x40)
      .adding(.sharedMemory(id: 2, offset: .max - 1, length: .max), at: 0x60)
      .adding(.notify(offset: 0x3000, multiplier: 4), at: 0x80)
    let resource = "0xff00000000000000 0xff00000000007fff 0x140204\n"
    try tree.add(Self.address, config, resource: resource)
    var surroundings = Surroundings()
    surroundings.columns = columns
    let words = ["--sysfs", tree.root, "--layout", "04.0"]
    let outcome = InProcess.run(words, in: surroundings)
    let maps = Self.maps(outcome).split(separator: "\n")
    #expect(maps.count > 5)
    for line in maps { #expect(line.count <= columns, "\(line)") }
    #expect(maps.contains { $0.hasSuffix("overlap: shared_memory 1, shared_memory 2") })
    // Not to a terminal nothing is wrapped.
    #expect(Self.maps(InProcess.run(words)).split(separator: "\n").contains { $0.count > 100 })
  }

  @Test(
    "doorbells are shown of the queues that were read",
    .enabled("needs a C compiler") { AsSysfs.isPossible }, arguments: [2, 0x400])
  func doorbells(notifyOff: Int) throws {
    let tree = try SysfsFixture()
    let config = ConfigSpace()
      .adding(.common(length: 0x38), at: 0x40)
      .adding(.notify(offset: 0x3000, multiplier: 4), at: 0x70)
    try tree.add(Self.address, config, resource: "0x4000000000 0x4000003fff 0x140204\n")
    var bar = [UInt8](repeating: 0, count: 0x4000)
    bar[0x12] = 1
    bar[0x16] = 1
    bar[0x19] = 1
    bar.replaceSubrange(0x1E..<0x20, with: [UInt8(notifyOff & 0xFF), UInt8(notifyOff >> 8)])
    try tree.write(bar, to: "bus/pci/devices/\(Self.address)/resource0")
    let outcome = try BuiltProgram.run(
      ["--sysfs", tree.root, "--layout", "--registers"], environment: AsSysfs.environment(tree))
    #expect(
      outcome.output.contains(
        notifyOff == 2
          ? "0x3008  0x3009     0x2  0x4000003008    doorbell of queue 1\n"
          : "0x4000  0x4001     0x2  0x4000004000    outside notify: doorbell of queue 1\n"))
  }

  @Test("a dump has no sizes, and with --hex it can be read back")
  func dump() throws {
    let folder = "\(Fixtures.folder)/dumps"
    let dump = try BuiltProgram.run(["-F", "\(folder)/socket.config", "--layout"])
    #expect(dump.status == 0)
    #expect(dump.output.contains("  Layout of BAR 0: size not known\n"))
    #expect(!dump.output.contains("past the end"))
    let tree = "\(Fixtures.folder)/sysfs/q35"
    let hex = try BuiltProgram.run(["--sysfs", tree, "01:00.0", "--layout", "-x"])
    let again = try BuiltProgram.run(["-F", "-"], input: Array(hex.output.utf8))
    #expect((again.status, again.error) == (0, ""))
  }

  @Test("it fits a terminal of 80 columns")
  func width() throws {
    let tree = "\(Fixtures.folder)/sysfs/q35"
    let outcome = try BuiltProgram.run(["--sysfs", tree, "--layout"])
    let lines = Self.maps(outcome).split(separator: "\n").drop { !$0.contains("OFFSET") }
    let maps = lines.filter { $0.hasPrefix("  0x") && !$0.contains("[") }
    #expect(maps.allSatisfy { $0.count <= 80 } && maps.count > 20)
  }

  @Test(
    "where it would have no effect it is refused",
    arguments: [["--json"], ["--jsonl"], ["-o", "TYPE"], ["--check", "--report", "tap"]])
  func refused(options: [String]) throws {
    let outcome = try BuiltProgram.run(["--layout"] + options)
    #expect(outcome.status == 2)
    #expect(outcome.error.contains("--layout"))
  }
}
