import Foundation
import TestSupport
import Testing

@testable import InspectCLI

@Suite("--expect, --wait and --report")
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
    #expect(outcome.error == "virtio-pci-inspect: eth7: no such virtio function\n")
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

  @Test("--wait ends as soon as what is named is there and as expected")
  func wait() throws {
    let tree = try SysfsFixture()
    let file = try TemporaryFile(#"{"devices": [{"driver": "virtio-pci"}]}"#.utf8)
    let spare = try SysfsFixture()
    try spare.add("0000:00:01.0")
    try spare.add("0000:00:02.0", driver: "virtio-pci")
    // The function comes after 0.3 seconds, its driver after another 0.3: the time of its arrival
    // and that of the end of the run are compared.
    let script = """
      (sleep 0.3; mv "$SPARE/bus/pci/devices/0000:00:01.0" "$TREE/bus/pci/devices/0000:00:02.0"
       sleep 0.3; cp "$SPARE/bus/pci/devices/0000:00:02.0/uevent" "$TREE/u"
       mv "$TREE/u" "$TREE/bus/pci/devices/0000:00:02.0/uevent"; date +%s%N >&2) &
      "$0" "$@"; status=$?; now=$(date +%s%N); wait; echo "$now" >&2; exit $status
      """
    let outcome = try BuiltProgram.run(
      ["--sysfs", tree.root, "--expect", file.path, "--wait", "20", "02.0", "-o", "PCI-DRIVER"],
      by: script, environment: ["TREE": tree.root, "SPARE": spare.root])
    #expect(outcome.status == 0)
    #expect(outcome.output == "PCI-DRIVER\nvirtio-pci\n")
    let times = outcome.error.split(separator: "\n").compactMap { Int($0) }
    try #require(times.count == 2)
    // After 0.6 seconds a pause takes 0.4, and a machine under load adds something.
    #expect(times[1] - times[0] < 900_000_000)
  }

  @Test("--wait that is over gives output, messages and status of the last look, once")
  func timeOver() throws {
    let start = ContinuousClock.now
    let outcome = try BuiltProgram.run([
      "--sysfs", Self.firecracker, "--wait", "0.25", "eth7", "0:1",
    ])
    #expect(ContinuousClock.now - start >= .milliseconds(250))
    #expect(outcome.error == "virtio-pci-inspect: eth7: no such virtio function\n")
    #expect(
      outcome.output.split(separator: "\n").filter { $0.hasPrefix("0000:00:01.0") }.count == 1)
    #expect(outcome.status == 3)
  }

  @Test("--wait does not wait where all is well, and may be no time at all")
  func noWait() throws {
    let start = ContinuousClock.now
    #expect(try BuiltProgram.run(["--sysfs", Self.firecracker, "--wait", "60"]).status == 0)
    #expect(ContinuousClock.now - start < .seconds(30))
    #expect(try BuiltProgram.run(["--sysfs", Self.firecracker, "--wait", "0", "eth7"]).status == 3)
  }

  @Test("--wait does not wait where that helps nothing", .needsLibPCI)
  func hopeless() throws {
    let unknown = try BuiltProgram.run(
      ["-A", "libpci:nope", "--wait", "3600"], by: #"timeout 20 "$0" "$@""#)
    #expect(unknown.status == 2)
  }

  /// The number of waits, not processor time: that depends on the build and on who shares the machine.
  @Test(
    "--wait pauses before each look, longer and longer", .enabled(if: Tool("strace") != nil))
  func idle() throws {
    let outcome = try BuiltProgram.run(
      ["--wait", "2", "--sysfs", Self.firecracker, "eth7"],
      by: #"strace -qq -e trace=poll,ppoll "$0" "$@" 2>&1 >/dev/null | grep poll"#)
    let waits = outcome.output.split(separator: "\n")
    #expect(1...9 ~= waits.count)
    #expect(waits.first?.hasPrefix("poll(NULL, 0, 50)") == true)
    #expect(waits.dropFirst().first?.hasPrefix("poll(NULL, 0, 75)") != false)
  }
}
