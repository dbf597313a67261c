import Foundation
import TestSupport
import Testing

@Suite("Exit status and messages")
struct OutcomeTests {
  /// A command line, split at spaces. `sysfs/` and `dumps/` are folders of the fixtures.
  struct Row: Sendable, CustomTestStringConvertible {
    var line: String
    var status: Int32
    /// Without the program's name, which begins each.
    var messages: [String]

    init(_ line: String, _ status: Int32, _ messages: String...) {
      self.line = line
      self.status = status
      self.messages = messages
    }

    var testDescription: String { line }
  }

  static let rows = [
    Row("--sysfs sysfs/q35", 0),
    Row("--sysfs sysfs/q35 virtio0", 0),
    Row("--help", 0),
    Row("--version", 0),
    Row("-F dumps/socket.config", 0),
    Row("dumps/socket.config", 0),

    Row("-Z", 2, "unknown option -Z; try --help"),
    Row("--sysfs sysfs/q35 -s 00:20.0", 2, "-s 00:20.0: slot 20 is above 1f"),

    Row("--sysfs sysfs/q35 07:00.0", 3, "07:00.0: no such virtio function"),
    Row("--sysfs sysfs/q35 eth9", 3, "eth9: no such virtio function"),
    Row("--sysfs sysfs/q35 00:0e.0", 3, "00:0e.0: not a virtio function, but 1af4:1110"),
    Row(
      "--sysfs sysfs/q35 00:00.0 virtio0 virtio99", 3,
      "00:00.0: not a virtio function, but 8086:29c0", "virtio99: no such virtio function"),
    Row("--sysfs sysfs/q35 -t fs", 3, "no virtio function matches"),
    Row("--sysfs sysfs/q35 -d 1af4:1059", 3, "no virtio function matches"),
    Row("--sysfs sysfs/q35 -s 1f.0", 3, "no virtio function matches"),
    Row(
      "sysfs/q35/bus/pci/devices/0000:00:00.0", 3,
      "sysfs/q35/bus/pci/devices/0000:00:00.0: not a virtio function, but 8086:29c0"),
    Row(
      "dumps/bridge.config", 3, "dumps/bridge.config: not a virtio function, but 8086:0d57"),
    Row("-F dumps/bridge.config", 3, "dumps/bridge.config: not a virtio function, but 8086:0d57"),
    Row(
      "-F dumps/bridge.config -F dumps/bridge.xxd", 3,
      "dumps/bridge.config: not a virtio function, but 8086:0d57",
      "dumps/bridge.xxd: not a virtio function, but 8086:0d57"),
    Row(
      "--sysfs sysfs/firecracker -t net 04.0", 3,
      "04.0: no such virtio function among those that -s, -d and -t select"),
    Row(
      "-F dumps/socket.config eth0", 3,
      "eth0: no such virtio function; a dump holds no names, so select by address or --type"),
    Row(
      "-s 04.0 dumps/socket.config", 3,
      "dumps/socket.config: no such virtio function among those that -s, -d and -t select"),
    Row(
      "-s 04.0 sysfs/q35/bus/pci/devices/0000:00:05.0", 3,
      "sysfs/q35/bus/pci/devices/0000:00:05.0: "
        + "no such virtio function among those that -s, -d and -t select"),
    Row("-s 05.0 sysfs/q35/bus/pci/devices/0000:00:05.0", 0),
    Row("-F dumps/socket.config -F dumps/socket.config", 0),
    Row("-F dumps/legacy-pc.txt 00:1f.0", 3, "00:1f.0: no such virtio function"),

    Row("./nowhere", 3, "./nowhere: No such file or directory"),
    Row("-F nowhere", 4, "nowhere: No such file or directory"),
    Row("-F sysfs/q35", 4, "sysfs/q35: Is a directory"),
    Row("-F /dev/null", 4, "/dev/null: is empty"),
    Row("--sysfs nowhere", 4, "nowhere/bus/pci/devices: No such file or directory"),
    Row("--sysfs nowhere 0000:00:04.0", 4, "nowhere/bus/pci/devices: No such file or directory"),
    Row("--sysfs nowhere -s 0000:00:04.0", 4, "nowhere/bus/pci/devices: No such file or directory"),
    Row("sysfs/q35", 3, "sysfs/q35: is not the folder of a PCI device in sysfs"),
    Row(
      "-F nowhere -F dumps/socket.config -Z", 2, "unknown option -Z; try --help"),
  ]

  @Test(
    "where no sysfs is mounted no device is called missing",
    .enabled(if: (try? Tool("unshare")?.run(["-m", "true"]).status) == 0),
    arguments: ["", "04.0", "0000:00:04.0", "-s 0000:00:04.0"])
  func unmounted(line: String) throws {
    let outcome = try BuiltProgram.run(
      line.split(separator: " ").map { String($0) },
      by: #"exec unshare -m sh -c 'mount -t tmpfs none /sys && exec "$0" "$@"' "$0" "$@""#)
    #expect(
      outcome.error
        == "virtio-pci-inspect: /sys: is not mounted: mount -t sysfs sysfs /sys\n")
    #expect(outcome.status == 4)
  }

  @Test("each command line ends with its status and messages", arguments: rows)
  func outcome(row: Row) {
    let whole = { (text: String) in
      ["sysfs/", "dumps/"].reduce(text) { $0.replacing($1, with: "\(Fixtures.folder)/\($1)") }
    }
    let outcome = InProcess.run(whole(row.line).split(separator: " ").map { String($0) })
    let lines = row.messages.map { "virtio-pci-inspect: \(whole($0))\n" }
    #expect(outcome.error == lines.joined())
    #expect(outcome.status == row.status)
  }

  /// What takes the folder in which the program runs, and one of each status.
  static let startedRows = [
    Row("--sysfs sysfs/q35 virtio0", 0),
    Row("--help", 0),
    Row("-Z", 2, "unknown option -Z; try --help"),
    Row(
      "--sysfs sysfs/q35 dumps", 3,
      "dumps: no such virtio function; a file is named by its path, ./dumps"),
    Row("-F dumps", 4, "dumps: Is a directory"),
    Row("./dumps", 3, "./dumps: is not the folder of a PCI device in sysfs"),
  ]

  @Test("so does a process", arguments: startedRows)
  func started(row: Row) throws {
    let outcome = try BuiltProgram.run(
      row.line.split(separator: " ").map { String($0) }, by: #"cd "$FOLDER" && exec "$0" "$@""#,
      environment: ["FOLDER": Fixtures.folder])
    let lines = row.messages.map { "virtio-pci-inspect: \($0)\n" }
    #expect(outcome.error == lines.joined())
    #expect(outcome.status == row.status)
  }

  @Test("nothing found is told with its likely reason")
  func nothing() throws {
    let empty = try SysfsFixture()
    let none = InProcess.run(["--sysfs", empty.root])
    #expect(none.error == "virtio-pci-inspect: no virtio function on the PCI bus\n")
    #expect(none.status == 3)

    try empty.createFolder("bus/virtio/devices/virtio0")
    let other = InProcess.run(["--sysfs", empty.root])
    #expect(
      other.error
        == "virtio-pci-inspect: the virtio devices of this machine are not on PCI (virtio-mmio, "
        + "for one)\n")
    #expect(other.status == 3)
    let libpci = InProcess.run(["--sysfs", empty.root, "-A", "libpci"])
    #expect(libpci.error == other.error || libpci.status == 4)

    try empty.remove("bus")
    let noBus = InProcess.run(["--sysfs", empty.root])
    #expect(
      noBus.error
        == "virtio-pci-inspect: no PCI bus: \(empty.root)/bus/pci/devices is not there\n")
    #expect(noBus.status == 3)
  }

  @Test("JSON is whole also where nothing could be read")
  func emptyJSON() throws {
    let outcome = InProcess.run(["-J", "-F", "/dev/null"])
    #expect(outcome.status == 4)
    let json = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
    #expect((json?["devices"] as? [Any])?.isEmpty == true)
    let errors = json?["errors"] as? [[String: Any]]
    #expect(errors?.count == 1)
    #expect(errors?.first?["message"] as? String == "/dev/null: is empty")
    #expect(errors?.first?["address"] is NSNull)
  }

  @Test(
    "output that cannot be written is status 4, and told",
    arguments: ["", "--json", "--jsonl", "-v", "--help", "--version"],
    [
      (">/dev/full", "No space left on device"), (">&-", "Bad file descriptor"),
    ])
  func unwritable(option: String, redirection: (to: String, message: String)) throws {
    let outcome = try BuiltProgram.run(
      ["--sysfs", "\(Fixtures.folder)/sysfs/firecracker"] + (option.isEmpty ? [] : [option]),
      by: #""$0" "$@" "# + redirection.to)
    #expect(
      outcome.error == "virtio-pci-inspect: standard output: \(redirection.message)\n")
    #expect(outcome.status == 4)
  }

  @Test(
    "a reader that goes away is no reason for a message, whatever SIGPIPE does",
    arguments: ["", "trap '' PIPE; "])
  func closedPipe(trap: String) throws {
    let outcome = try BuiltProgram.run(
      ["-F", "\(Fixtures.folder)/dumps/all-q35.txt", "-v"],
      by: trap + #"{ "$0" "$@"; echo "$?" >&2; } | head -c 0"#)
    #expect(outcome.error == (trap.isEmpty ? "141\n" : "4\n"))
    #expect(outcome.output == "")
  }

  @Test("a closed standard error does not change the status")
  func noStandardError() throws {
    #expect(try BuiltProgram.run(["-Z"], by: #""$0" "$@" 2>&-"#).status == 2)
  }

  @Test("messages hold no control character of the input")
  func hostile() throws {
    let outcome = InProcess.run(["./\u{1b}[2J\n", "-F", "\u{9b}"])
    #expect(outcome.status == 4)
    #expect(
      outcome.error.unicodeScalars.allSatisfy { (0x20...0x7E).contains($0.value) || $0 == "\n" })
    #expect(outcome.error.split(separator: "\n").count == 2)
  }
}
