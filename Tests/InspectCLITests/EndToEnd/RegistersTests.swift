import Foundation
import TestSupport
import Testing
import VirtioConformance

/// The program over made trees, whose `resource0` is an ordinary file, which it takes for a sysfs. It is
/// never run on the machine's own with these options: they map the BARs of devices.
@Suite("Registers and probes", .enabled("needs a C compiler") { AsSysfs.isPossible })
struct RegistersTests {
  private static let address = "0000:00:04.0"

  /// A network device that a driver runs, with MTU and RING_RESET declined.
  private static let common: [UInt8] =
    [1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0x20, 0, 1, 0]
    + [0xFF, 0xFF, 3, 0, 0x0F, 7, 2, 0, 0, 1, 1, 0, 1, 0, 2, 0]
    + [0, 0x10, 0, 0, 1, 0, 0, 0, 0, 0x20, 0, 0, 1, 0, 0, 0, 0, 0x30, 0, 0, 1, 0, 0, 0]
    + [5, 0, 0, 0, 0, 0, 0, 0]
  private static let config: [UInt8] =
    [0x52, 0x54, 0x00, 0x12, 0x34, 0x56, 1, 0, 2, 0, 0xDC, 5, 0xE8, 3, 0, 0, 0]
    + [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
  private static let negotiated = [5, 16, 32, 63]

  private func tree(
    bound: Bool = true, offered: String? = "3\n5\n16\n32\n40\n63\n", power: String = "D0"
  ) throws -> SysfsFixture {
    let tree = try SysfsFixture()
    let config = ConfigSpace(device: 0x1041)
      .adding(.common(), at: 0x40)
      .adding(.isr(offset: 0x1000), at: 0x50)
      .adding(.device(offset: 0x2000), at: 0x60)
      .adding(.notify(offset: 0x3000, multiplier: 4), at: 0x70)
      .adding(.window(), at: 0x84)
    let features = (0..<64).map { Self.negotiated.contains($0) ? "1" : "0" }.joined()
    try tree.add(
      Self.address, config, resource: "0x4000000000 0x4000003fff 0x140204\n",
      driver: bound ? "virtio-pci" : nil,
      virtio: bound ? .init("virtio3", driver: "virtio_net", features: features) : nil)
    var bar = [UInt8](repeating: 0, count: 0x4000)
    bar.replaceSubrange(0..<64, with: Self.common)
    bar[0x1000] = 3
    bar.replaceSubrange(0x2000..<0x2000 + Self.config.count, with: Self.config)
    try tree.write(bar, to: "bus/pci/devices/\(Self.address)/resource0")
    try tree.write(power + "\n", to: "bus/pci/devices/\(Self.address)/power_state")
    if bound, let offered {
      try tree.createFolder("kernel/debug/virtio/virtio3")
      try tree.write(offered, to: "kernel/debug/virtio/virtio3/device_features")
    }
    return tree
  }

  private func run(
    _ tree: SysfsFixture, _ options: [String], by script: String = #"exec "$0" "$@""#
  ) throws -> BuiltProgram.Outcome {
    try BuiltProgram.run(
      ["--sysfs", tree.root] + options, by: script, environment: AsSysfs.environment(tree))
  }

  private func run(_ tree: SysfsFixture, _ options: String...) throws -> BuiltProgram.Outcome {
    try run(tree, options)
  }

  @Test("--diff compares the device configuration, and says what one side alone has of it")
  func difference() throws {
    let tree = try tree()
    let json = try run(tree, "--registers", "--json")
    let filter = """
      .devices[0].registers.device |= (.mtu = 9000 | .later = 1 | del(.mac))
      """
    let file = try TemporaryFile(try json.jq(filter).utf8)
    let outcome = try run(tree, "--registers", "--diff", file.path)
    #expect(
      outcome.output == """
        \(Self.address) registers.device.mtu: 9000 -> 1500
        not compared: registers.device.later: known only in \(file.path)
        not compared: registers.device.mac: not known in \(file.path)

        """)
    #expect(outcome.status == 1)
  }

  @Test(
    "what is printed",
    arguments: [
      ("registers.detail", ["--registers"]), ("registers.verbose", ["--registers", "-v"]),
      ("registers.json", ["--registers", "-J"]), ("probe.json", ["--probe", "--force", "-J"]),
    ])
  func golden(name: String, options: [String]) throws {
    let tree = try tree()
    let outcome = try run(tree, options)
    #expect(outcome.error == "")
    #expect(outcome.status == 0)
    if let difference = try Golden.difference(outcome.output, from: name) {
      Issue.record("\(difference)")
    }
  }

  @Test("a BAR is as it was, after a probe too", arguments: ["--registers", "--probe"])
  func untouched(option: String) throws {
    let tree = try tree(bound: false)
    let before = try Data(contentsOf: URL(filePath: tree.function(Self.address, "resource0")))
    #expect(try run(tree, option).status == 0)
    let after = try Data(contentsOf: URL(filePath: tree.function(Self.address, "resource0")))
    #expect(before == after)
  }

  @Test(
    "without a probe no file is opened for writing and nothing is mapped to be written",
    .enabled(if: Tool("strace") != nil && !BuiltProgram.countsLines))
  func readOnly() throws {
    let tree = try tree()
    let outcome = try run(
      tree, ["--registers"],
      by: #"strace -qq -e trace=openat,mmap,pwrite64 "$0" "$@" 2>&1 >/dev/null | cat"#)
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.contains { $0.contains("resource0") && $0.contains("O_RDONLY") })
    #expect(!lines.contains { $0.contains("O_RDWR") || $0.contains("pwrite64") })
    #expect(!lines.contains { $0.contains("MAP_SHARED") && $0.contains("PROT_WRITE") })
  }

  @Test(
    "what is mapped of a BAR holds neither the ISR status nor a doorbell",
    .enabled(if: Tool("strace") != nil), arguments: [["--registers"], ["--registers", "--check"]])
  func mapped(options: [String]) throws {
    let tree = try tree()
    let outcome = try run(
      tree, options,
      by: #"strace -qq -y -e trace=mmap "$0" "$@" 2>&1 >/dev/null | cat"#)
    let ranges = outcome.output.matches(
      of: #/mmap\(NULL, (\d+), PROT_READ, MAP_SHARED, \d+<[^>]*/resource0>, (\w+)\)/#
    ).compactMap { match in
      Int(match.1).flatMap { count in
        Int(match.2.trimmingPrefix("0x"), radix: 16).map { $0..<$0 + count }
      }
    }
    #expect(!ranges.isEmpty)
    #expect(!ranges.contains { $0.contains(0x1000) || $0.overlaps(0x3000..<0x4000) })
  }

  @Test("a probe where a driver is bound is wrong usage, and the rest is shown")
  func bound() throws {
    let outcome = try run(try tree(), "--probe", "--jsonl")
    #expect(outcome.status == 2)
    #expect(outcome.error.contains("virtio-pci is bound"))
    #expect(outcome.error.contains("--force"))
    #expect(outcome.output.contains(#""registers":null"#))
    #expect(outcome.output.contains(#""name":"virtio3""#))
  }

  @Test("registers that cannot be read are null and an error, and the rest is shown")
  func unreadable() throws {
    let tree = try tree()
    try tree.remove("bus/pci/devices/\(Self.address)/resource0")
    let outcome = try run(
      tree, ["--registers", "-J"],
      by: #""$0" "$@" | jq -c '[.devices[0].registers, (.errors | length), .devices[0].type]'"#)
    #expect(outcome.output == "[null,1,\"net\"]\n")
    #expect(outcome.error.contains("is not there"))
    #expect(try run(tree, "--registers").status == 4)
  }

  @Test(
    "of a saved tree nothing is read through its config space, and nothing written to it",
    arguments: [[], ["-A", "libpci"]])
  func savedTree(access: [String]) throws {
    if !access.isEmpty && !LibPCI.isUsable { try skip("libpci") }
    let tree = try tree(bound: false)
    try tree.remove("bus/pci/devices/\(Self.address)/resource0")
    // What libpci reads.
    for (name, value) in [
      ("vendor", "0x1af4"), ("device", "0x1041"), ("class", "0x020000"),
      ("subsystem_vendor", "0x1af4"), ("subsystem_device", "0x1100"),
    ] {
      try tree.write("\(value)\n", to: "bus/pci/devices/\(Self.address)/\(name)")
    }
    let config = URL(filePath: tree.function(Self.address, "config"))
    let before = try Data(contentsOf: config)
    let outcome = InProcess.run(["--sysfs", tree.root, "--probe", "--jsonl"] + access)
    #expect(outcome.status == 4)
    #expect(
      outcome.error.contains(
        access.isEmpty
          ? "is saved, so there is no device to probe" : "through libpci with parameters"))
    #expect(outcome.output.contains(#""registers":null"#))
    #expect(try Data(contentsOf: config) == before)
    let registers = InProcess.run(["--sysfs", tree.root, "--registers"] + access)
    #expect(registers.error.contains("resource0: is not there: a saved tree has no registers"))
    #expect(!registers.error.contains("--probe"))
  }

  /// Makes I/O ports of BAR 0, with their decoding on.
  private func makePorts(in tree: SysfsFixture) throws {
    try tree.write(
      SysfsFixture.resource("0xc000 0xffff 0x40101\n"),
      to: "bus/pci/devices/\(Self.address)/resource")
    let config = URL(filePath: tree.function(Self.address, "config"))
    var bytes = try Data(contentsOf: config)
    bytes[4] |= 1
    try bytes.write(to: config)
  }

  @Test(
    "a signal in the midst of a probe ends the program after all is put back",
    .enabled(if: Tool("strace") != nil && !BuiltProgram.countsLines),
    arguments: [("SIGINT", 2), ("SIGTERM", 15), ("SIGHUP", 1)])
  func interrupted(signal: String, number: Int) throws {
    let tree = try tree(bound: false)
    // There each access is a system call.
    try makePorts(in: tree)
    let ports = URL(filePath: tree.function(Self.address, "resource0"))
    let before = try Data(contentsOf: ports)
    for count in [1, 4] {
      let outcome = try run(
        tree, ["--probe"],
        by: """
          ulimit -c 0
          env --default-signal strace -qq -o /dev/null -e trace=pwrite64 \
            -e inject=pwrite64:signal=\(signal):when=\(count) "$0" "$@"
          echo "status $?"
          """)
      #expect(try Data(contentsOf: ports) == before)
      #expect(outcome.output == "status \(128 + number)\n")
    }
  }

  @Test("a function that is powered down is not touched", arguments: ["D3hot", "D3cold"])
  func asleep(power: String) throws {
    let outcome = try run(try tree(power: power), "--registers")
    #expect(outcome.status == 4)
    #expect(outcome.error.contains("powered down (\(power))"))
  }

  @Test("offered features are not known without debugfs", arguments: [nil, "x\n", "300\n"])
  func offered(text: String?) throws {
    let outcome = try run(try tree(offered: text), "--registers", "--jsonl")
    #expect(outcome.output.contains(#""offered_features":null"#))
    #expect(outcome.status == 0)
  }

  @Test("through I/O ports, and of a saved tree, it reads the same")
  func ports() throws {
    let tree = try tree()
    let script = #"""
      "$0" "$@" | jq '.devices[0].registers | .common, .device.mac'
      """#
    let memory = try run(tree, ["--registers", "-J"], by: script)
    #expect(memory.output.contains("52:54:00:12:34:56"))
    let saved = try BuiltProgram.run(["--sysfs", tree.root, "--registers", "-J"], by: script)
    #expect(saved.output == memory.output)
    try makePorts(in: tree)
    #expect(try run(tree, ["--registers", "-J"], by: script).output == memory.output)
  }

  @Test("what the kernel says of its devices is not said of a saved one")
  func savedOffer() throws {
    let tree = try tree()
    let outcome = InProcess.run(["--sysfs", tree.root, "--registers", "--jsonl"])
    #expect(outcome.output.contains(#""offered_features":null"#))
    #expect(outcome.status == 0)
  }

  @Test(
    "saved config space has no registers, and is captured already",
    arguments: [["--registers"], ["--probe"], ["--capture", "nowhere"]])
  func saved(option: [String]) throws {
    let file = try TemporaryFile(ConfigSpace.healthy.bytes)
    for arguments in [option + [file.path], option + ["-F", file.path]] {
      let outcome = InProcess.run(arguments)
      #expect(outcome.status == 2)
      #expect(outcome.error.contains(option[0]))
      #expect(outcome.output == "")
    }
  }

  @Test("a probe is refused where a driver is bound, whether or not there are structures")
  func legacyDriven() throws {
    let outcome = InProcess.run(
      ["--sysfs", "\(Fixtures.folder)/sysfs/legacy-pc", "--probe", "03.0"])
    #expect(outcome.status == 2)
    #expect(outcome.output.hasPrefix("0000:00:03.0  net device, legacy"))
  }

  @Test("a legacy function has none, and says so")
  func legacy() throws {
    let tree = try SysfsFixture()
    try tree.add(
      Self.address, ConfigSpace(device: 0x1000, revision: 0, bars: [0xC001]),
      resource: "0xc000 0xc03f 0x40101\n")
    let outcome = try run(tree, "--registers")
    #expect(outcome.status == 4)
    #expect(outcome.error.contains("a legacy function has no structures to read"))
  }
}
