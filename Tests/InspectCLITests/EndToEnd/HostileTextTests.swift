import Foundation
import TestSupport
import Testing
import VirtioConformance

@testable import InspectCLI

/// Text of the machine, of a file or of the command line that is meant to be obeyed or to hide.
@Suite("Hostile text never reaches the terminal")
struct HostileTextTests {
  /// What a terminal obeys or hides: ESC, C0, DEL, C1 as UTF-8 and as bare bytes, bidirectional
  /// overrides and isolates, a line separator, bytes that are no UTF-8.
  private static let hostile: [UInt8] =
    Array("\u{1b}]0;x\u{7}\u{1b}[31m\u{8}\r\u{7f}\u{9b}2J\u{85}\u{202e}\u{2066}\u{2069}".utf8)
    + Array("\u{2028}\u{feff}\u{200b}".utf8) + [0x9B, 0x80, 0xFF, 0xC3]
  private static let address = "0000:00:04.0"

  /// Whether a terminal takes it for more than a character to show; a newline ends lines of ours.
  private static func isObeyed(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control: scalar != "\n"
    case .format, .lineSeparator, .paragraphSeparator: true
    default: false
    }
  }

  /// Bytes that are no UTF-8 come out of this test as U+FFFD.
  private func expectHarmless(_ outcome: BuiltProgram.Outcome) {
    for text in [outcome.output, outcome.error] {
      #expect(text.unicodeScalars.filter(Self.isObeyed).isEmpty, "\(text.debugDescription)")
      #expect(!text.contains("\u{FFFD}"))
    }
    for line in outcome.error.split(separator: "\n") {
      #expect(line.hasPrefix("virtio-pci-inspect: ") || line.hasPrefix("::error title="))
    }
  }

  /// A function whose drivers, tag and nodes have hostile names.
  private func tree() throws -> SysfsFixture {
    let tree = try SysfsFixture()
    try tree.add(
      Self.address, driver: "PLACE", virtio: .init("virtio3", driver: "PLACE", nodes: ["net/eth0"]))
    for name in ["uevent", "virtio3/uevent"] {
      let path = tree.function(Self.address, name)
      let text = try String(contentsOfFile: path, encoding: .utf8)
      let parts = text.components(separatedBy: "PLACE").map { Array($0.utf8) }
      try tree.write(
        Array(parts.joined(separator: Self.hostile)),
        to: "bus/pci/devices/\(Self.address)/\(name)")
    }
    try tree.write(Self.hostile, to: "bus/pci/devices/\(Self.address)/virtio3/mount_tag")
    // As the bytes are: file names need not be UTF-8.
    let node = Array(tree.function(Self.address, "virtio3/net/").utf8) + Self.hostile + [10, 0]
    try #require(mkdir(node.map { CChar(bitPattern: $0) }, 0o755) == 0)
    return tree
  }

  @Test(
    "names that the kernel gives",
    arguments: [
      [], ["-v"], ["-o", "DRIVER,PCI-DRIVER,VIRTIO,NODES"], [address], ["-v", address],
      ["--check"], ["--check", address], ["--check", "--report", "tap"],
      ["--check", "--report", "junit"], ["-x", address],
    ])
  func names(options: [String]) throws {
    let tree = try tree()
    expectHarmless(InProcess.run(["--sysfs", tree.root] + options))
  }

  @Test("in JSON they are UTF-8, with U+FFFD for what was not", arguments: ["-J", "--jsonl"])
  func json(option: String) throws {
    let tree = try tree()
    let outcome = try BuiltProgram.run(
      ["--sysfs", tree.root, option],
      by: #""$0" "$@" | tee /dev/stderr | iconv -f UTF-8 -t UTF-16 > /dev/null && echo UTF-8"#)
    #expect(outcome.output == "UTF-8\n")
    #expect(outcome.error.contains("\u{FFFD}"))
    #expect(outcome.error.unicodeScalars.filter(Self.isObeyed).isEmpty)
  }

  @Test("a dump", arguments: [[], ["-v"], ["-J"], ["-x"]])
  func dump(options: [String]) throws {
    let header = Array("0000:00:04.0 ".utf8) + Self.hostile + [10]
    let lines = ["00: f4 1a ", "zz", "0000:00:05.0 x", "10: "].map { Array($0.utf8) + Self.hostile }
    let input = header + Array(lines.joined(separator: [10])) + [10]
    let file = try TemporaryFile(input)
    expectHarmless(InProcess.run(["-F", file.path] + options))
  }

  @Test(
    "what the command line says",
    arguments: [
      ["HOSTILE"], ["./HOSTILE"], ["--HOSTILE"], ["-HOSTILE"], ["-s", "HOSTILE"],
      ["-d", "HOSTILE"], ["-t", "HOSTILE"], ["-o", "HOSTILE"], ["-F", "HOSTILE"],
      ["-A", "HOSTILE"], ["-A", "libpci", "-O", "x=HOSTILE"], ["-A", "libpci:HOSTILE"],
      ["--sysfs", "HOSTILE"], ["--expect", "HOSTILE"], ["--wait", "HOSTILE"],
      ["--report", "HOSTILE"], ["--color", "HOSTILE"], ["--explain", "HOSTILE"],
      ["--json=HOSTILE"],
    ])
  func words(command: [String]) {
    let text = String(decoding: Self.hostile.dropLast(4), as: UTF8.self)
    let outcome = InProcess.run(command.map { $0.replacing("HOSTILE", with: text) })
    #expect(outcome.status != 0)
    #expect(!outcome.error.isEmpty)
    expectHarmless(outcome)
  }

  /// The shell makes the bytes, since an argument need not be UTF-8 either.
  @Test("what the command line says in bytes that are not UTF-8", arguments: ["", "-F", "--"])
  func bytes(option: String) throws {
    let octal = Self.hostile.map { byte in
      let digits = String(byte, radix: 8)
      return "\\" + String(repeating: "0", count: 3 - digits.count) + digits
    }.joined()
    let outcome = try BuiltProgram.run(
      [option], by: #""$0" "$1$(printf '\#(octal)_')""#)
    #expect(outcome.status == 2)
    #expect(outcome.error.contains("is not UTF-8"))
    expectHarmless(outcome)
  }

  @Test("an expectation", arguments: ["text", "tap", "junit"])
  func expectation(format: String) throws {
    let tree = try tree()
    let bad = Array(#"{"devices": [{"type": ""#.utf8) + Self.hostile + Array(#""}]}"#.utf8)
    let escaped = #"{"devices": [{"type": "\u001b[31m\u009b\u202e"}], "none": 1, "\u001b": 2}"#
    let unmet = #"{"devices": [{"driver": "\u001b[31m\u009b", "type": {"matches": "\u202e"}}]}"#
    for text in [bad, Array(escaped.utf8), Array(unmet.utf8)] {
      let file = try TemporaryFile(text)
      let outcome = InProcess.run(
        ["--sysfs", tree.root, "--expect", file.path, "--report", format],
        in: Surroundings(isGitHub: true))
      // A node has a name that is not UTF-8, which outranks what the expectation says.
      #expect(outcome.status == 4 || outcome.status == 2)
      expectHarmless(outcome)
    }
  }
}
