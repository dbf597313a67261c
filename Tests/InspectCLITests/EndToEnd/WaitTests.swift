import Foundation
import TestSupport
import Testing

@Suite("--wait")
struct WaitTests {
  private static let firecracker = "\(Fixtures.folder)/sysfs/firecracker"

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
