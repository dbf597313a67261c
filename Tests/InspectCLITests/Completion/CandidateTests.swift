import TestSupport
import Testing
import VirtioConformance

@testable import InspectCLI

@Suite("Candidates")
struct CandidateTests {
  private func ask(_ arguments: String...) throws -> String {
    let outcome = InProcess.run(arguments)
    #expect(outcome.error == "")
    #expect(outcome.status == 0)
    return outcome.output
  }

  @Test("devices are offered by address and by every name, each with what it is")
  func devices() throws {
    let tree = try SysfsFixture()
    try tree.add(
      "0000:00:03.0", ConfigSpace(device: 0x1041), driver: "virtio-pci",
      virtio: .init("virtio2", driver: "virtio_net", nodes: ["net/eth0"]))
    try tree.add("0000:00:04.0", driver: "virtio-pci", virtio: .init("virtio3"))
    try tree.add("0000:00:05.0", ConfigSpace(vendor: 0x8086))
    #expect(
      try ask("--sysfs", tree.root, "--complete", "devices") == """
        0000:00:03.0\tnet, virtio2, eth0
        0000:00:04.0\tsocket, virtio3
        virtio2\tnet at 0000:00:03.0
        virtio3\tsocket at 0000:00:04.0
        eth0\tnet at 0000:00:03.0
        virtio_net\tnet at 0000:00:03.0
        virtio-pci\t2 functions

        """)
    #expect(
      try ask("--sysfs", tree.root, "--complete", "ids") == "1af4:1041\tnet\n1af4:1053\tsocket\n")
  }

  @Test(
    "a name that cannot be a DEVICE is left out",
    arguments: ["a\rb", "a\u{1B}[2J", "a/b", "-v", "04.0", "a\u{202E}b", "", "\u{9B}31m"])
  func names(tag: String) throws {
    let tree = try SysfsFixture()
    try tree.add("0000:00:03.0", virtio: .init("virtio2"))
    try tree.write(tag + "\0", to: "bus/pci/devices/0000:00:03.0/virtio2/mount_tag")
    let names = try ask("--sysfs", tree.root, "--complete", "devices").split(separator: "\n")
      .map { $0.prefix { $0 != "\t" } }
    #expect(names == ["0000:00:03.0", "virtio2"])
  }

  @Test(
    "what cannot be read is nothing to offer, and no error",
    arguments: ["devices", "addresses", "ids", "devises"],
    [["--sysfs", "/nonexistent"], ["-F", "/nonexistent"], ["-F", "/dev/zero"]])
  func nothing(kind: String, place: [String]) {
    let outcome = InProcess.run(place + ["--complete", kind])
    #expect(outcome.output == "")
    #expect(outcome.error == "")
    #expect(outcome.status == 0)
  }

  @Test("nor is standard input", arguments: ["devices", "addresses", "ids", "devises"])
  func standardInput(kind: String) throws {
    let outcome = try BuiltProgram.run(["-F", "-", "--complete", kind])
    #expect(outcome.output == "")
    #expect(outcome.error == "")
    #expect(outcome.status == 0)
  }

  @Test("the tree that libpci is told to read is the one whose functions are offered")
  func libpciTree() throws {
    let tree = try SysfsFixture()
    try tree.add("0000:00:03.0", virtio: .init("virtio2"))
    let lines = try ask(
      "-A", "libpci", "-O", "sysfs.path=\(tree.root)/bus/pci", "--complete", "addresses")
    #expect(lines == "0000:00:03.0\tsocket, virtio2\n")
  }

  @Test("a function of a dump is offered by its address")
  func dump() throws {
    let lines = try ask(
      "-F", "\(Fixtures.folder)/dumps/firecracker-host.txt", "--complete", "addresses")
    #expect(lines.hasPrefix("0000:00:01.0\tballoon\n"))
  }

  @Test(
    "every kind is candidates, a name, a tab and a meaning to a line, and no name twice",
    arguments: CandidateKind.allCases.filter { $0 != .options })
  func lines(kind: CandidateKind) throws {
    let tree = "\(Fixtures.folder)/sysfs/q35"
    let lines = try ask("--sysfs", tree, "--complete", kind.rawValue).split(separator: "\n")
    let names = lines.map { $0.split(separator: "\t", omittingEmptySubsequences: false) }
    #expect(!names.isEmpty)
    #expect(names.allSatisfy { $0.count == 2 && !$0[0].isEmpty && !$0[1].isEmpty })
    #expect(Set(names.map { $0[0] }).count == names.count)
  }

  @Test("every type, column, access method and rule is taken as it is offered")
  func values() throws {
    for type in Candidate.all(.types, for: Arguments()) {
      _ = try Parser.parse(["--type", type.name])
    }
    for column in Candidate.all(.columns, for: Arguments()) {
      _ = try Parser.parse(["--output", column.name])
    }
    for method in Candidate.all(.access, for: Arguments()) {
      _ = try Parser.parse(["--access", method.name])
    }
    for topic in Candidate.all(.topics, for: Arguments()) {
      _ = try Parser.parse(["--explain", topic.name])
    }
    for driver in Candidate.all(.drivers, for: Arguments()) {
      _ = try Parser.parse(["--check", "--drivers", driver.name])
    }
  }

  @Test("the hidden option is known by its whole name only, and shown nowhere")
  func hidden() throws {
    #expect(try Parser.parse(["--complete", "types"]).action == .complete(.types))
    #expect(try Parser.parse(["--complete=later"]).action == .complete(nil))
    #expect(throws: UsageError.self) { try Parser.parse(["--comp", "types"]) }
    #expect(try Parser.parse(["--co", "never"]).color == .never)
    #expect(!Help.text().contains("--complete"))
  }
}
