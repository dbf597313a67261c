import Foundation
import TestSupport
import Testing

@testable import InspectCLI

@Suite("--expect and --report")
struct ExpectTests {
  private static let firecracker = "\(Fixtures.folder)/sysfs/firecracker"

  @Test("what --json prints is an expectation that holds", arguments: GoldenTests.trees)
  func itself(tree: String) throws {
    let arguments = ["--sysfs", "\(Fixtures.folder)/sysfs/\(tree)"]
    let json = InProcess.run(arguments + ["-J"])
    let file = try TemporaryFile(json.output.utf8)
    let outcome = InProcess.run(arguments + ["--expect", file.path])
    #expect(outcome.error == "")
    #expect(outcome.status == 0)
    #expect(outcome.output == InProcess.run(arguments).output)
  }

  @Test(
    "what --json prints of a dump is an expectation that holds",
    arguments: ["all-q35.txt", "firecracker-host.txt", "legacy-pc.txt", "transitional-pc.txt"])
  func ofDump(name: String) throws {
    let arguments = ["-F", "\(Fixtures.folder)/dumps/\(name)"]
    let file = try TemporaryFile(InProcess.run(arguments + ["-J"]).output.utf8)
    let outcome = InProcess.run(arguments + ["--expect", file.path])
    #expect(outcome.error == "")
    #expect(outcome.status == 0)
  }

  @Test("what another machine prints does not hold")
  func other() throws {
    let other = ["--sysfs", "\(Fixtures.folder)/sysfs/q35"]
    let file = try TemporaryFile(InProcess.run(other + ["-J"]).output.utf8)
    let outcome = InProcess.run(["--sysfs", Self.firecracker, "--expect", file.path])
    #expect(outcome.error.contains("virtio-pci-inspect: \(file.path): .devices[0]: "))
    #expect(outcome.status == 1)
  }

  /// An expectation of the Firecracker guest, what else is asked for, and how it ends.
  @Test(
    "the status says what became of it, and the larger one wins",
    arguments: [
      (#"{"devices": {"count": 5}}"#, [], 0),
      (#"{"devices": {"count": 4}}"#, [], 1),
      (#"{"devices": {"count": 1}}"#, ["-t", "net"], 0),
      (#"{"devices": {"cuont": 5}}"#, [], 2),
      (#"{"devices": "#, [], 2),
      (#"{"devices": {"count": 4}}"#, ["eth7"], 3),
      (#"{"devices": {"count": 0}}"#, ["eth7"], 3),
      (#"{"devices": {"count": 4}}"#, ["/"], 3),
      (#"{"devices": {"count": 4}}"#, ["-F", "/nowhere"], 4),
    ] as [(String, [String], Int32)])
  func status(text: String, arguments: [String], status: Int32) throws {
    let file = try TemporaryFile(text.utf8)
    let place = arguments.contains("-F") ? [] : ["--sysfs", Self.firecracker]
    let outcome = InProcess.run(place + ["--expect", file.path] + arguments)
    #expect(outcome.status == status)
    #expect((outcome.error == "") == (status == 0))
  }

  @Test("an expectation that cannot be read is told before anything is")
  func unreadable() throws {
    let outcome = InProcess.run(["--sysfs", Self.firecracker, "--expect", "/no/where"])
    #expect(
      outcome.error
        == "virtio-pci-inspect: --expect /no/where: No such file or directory\n")
    #expect(outcome.output == "")
    #expect(outcome.status == 2)
    let endless = InProcess.run(["--expect", "/dev/zero"])
    #expect(
      endless.error == "virtio-pci-inspect: --expect /dev/zero: is larger than 16 MiB\n")
  }

  @Test("a report for a machine is all of the output", arguments: ["tap", "junit"])
  func report(format: String) throws {
    let file = try TemporaryFile(#"{"devices": [{"type": "net"}, {"type": "fs"}]}"#.utf8)
    let outcome = InProcess.run(
      ["--sysfs", Self.firecracker, "--expect", file.path, "--report", format, "eth7"],
      in: Surroundings(isGitHub: true))
    #expect(outcome.output.hasPrefix(format == "tap" ? "TAP version 14\n" : "<?xml "))
    #expect(outcome.output.hasSuffix(format == "tap" ? "\n1..3\n" : "</testsuites>\n"))
    #expect(outcome.output.contains("eth7: no such virtio function"))
    #expect(
      outcome.error == """
        virtio-pci-inspect: eth7: no such virtio function
        virtio-pci-inspect: \(file.path): .devices[0]: no match: the list is empty
        virtio-pci-inspect: \(file.path): .devices[1]: no match: the list is empty

        """)
    #expect(outcome.status == 3)
  }

  @Test("in a job of GitHub Actions a failure is an annotation as well")
  func annotation() throws {
    let file = try TemporaryFile(#"{"devices": {"count": 4}}"#.utf8)
    let outcome = try BuiltProgram.run(
      ["--sysfs", Self.firecracker, "--expect", file.path],
      environment: ["GITHUB_ACTIONS": "true"])
    #expect(
      outcome.error == """
        virtio-pci-inspect: \(file.path): .devices.count: expected 4, found 5
        ::error title=\(file.path)%3A .devices::.devices.count: expected 4, found 5

        """)
  }
}
