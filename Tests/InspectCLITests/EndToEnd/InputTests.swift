import Foundation
import TestSupport
import Testing
import VirtioConformance

@Suite("Saved config space as input", .timeLimit(.minutes(10)))
struct InputTests {
  private static let dumps = "\(Fixtures.folder)/dumps"

  @Test("a pipe, a FIFO and standard input are read as a file is")
  func pipes() throws {
    let file = "\(Self.dumps)/firecracker-host.txt"
    let expected = InProcess.run(["-F", file]).output
    #expect(!expected.isEmpty)
    #expect(try BuiltProgram.run([file], by: #""$0" -F - < "$1""#).output == expected)
    #expect(try BuiltProgram.run([file], by: #"cat "$1" | "$0" -F -"#).output == expected)
    try withScratchFolder { folder in
      let fifo = try BuiltProgram.run(
        [file, "\(folder)/fifo"], by: #"mkfifo "$2"; cat "$1" > "$2" & "$0" -F "$2""#)
      #expect(fifo.output == expected)
      #expect(fifo.status == 0)
    }
  }

  @Test("a FIFO is read as a raw file by --dump, and as a DEVICE it is refused without waiting")
  func rawPipe() throws {
    try withScratchFolder { folder in
      let outcome = try BuiltProgram.run(
        ["\(Self.dumps)/socket.config", "\(folder)/fifo"],
        by: #"mkfifo "$2"; cat "$1" > "$2" & "$0" --noheadings -o TYPE,CAPABILITIES -F "$2""#)
      #expect(outcome.output == "socket  common isr device notify pci\n")
      #expect(outcome.status == 0)
      let device = try BuiltProgram.run(["\(folder)/fifo"], by: #"exec "$0" "$1""#)
      #expect(device.error.hasSuffix("--dump reads pipes\n"))
      #expect(device.status == 4)
    }
  }

  @Test("a device node is not opened as saved config space", arguments: ["/dev/null", "/dev/tty"])
  func deviceNode(path: String) {
    let outcome = InProcess.run([path])
    #expect(
      outcome.error == "virtio-pci-inspect: \(path): is a device node, not a saved config file: "
        + "name the function or what belongs to it, without /dev/\n")
    #expect(outcome.status == 4)
  }

  @Test(
    "the kernel's config space of a device is not read whole, whatever leads to it",
    arguments: [
      #""$0" -F "$1""#, #""$0" "$1""#, #""$0" -F - < "$1""#, #""$0" -F /dev/stdin < "$1""#,
    ])
  func live(script: String) throws {
    // Any files of the kernel's will do; these have no config space to be read by mistake.
    for path in ["/sys/kernel/uevent_seqnum", "/proc/self/status"] {
      let outcome = try BuiltProgram.run([path], by: script)
      #expect(outcome.error.contains("lies in sysfs or procfs, where a read may reach a device"))
      #expect(outcome.status == 4)
    }
  }

  @Test("a terminal is read to its end", .enabled(if: Tool("script") != nil))
  func terminal() throws {
    let outcome = try BuiltProgram.run(
      ["\(Self.dumps)/socket.hexdump"],
      by: #"""
        export PROGRAM="$0"; { sleep 0.2; cat "$1"; printf '\004'; sleep 0.2; printf '\004'; } |
          script -qec '"$PROGRAM" --noheadings -o TYPE,CAPABILITIES -F /dev/tty' /dev/null
        """#)
    #expect(outcome.output.contains("socket  common isr device notify pci"))
    #expect(outcome.status == 0)
  }

  @Test(
    "every form of a dump shows the same function",
    arguments: ["hexdump", "hexdump-v", "od", "xxd", "xxd-a", "xxd-g1", "xxd-g4"])
  func forms(form: String) throws {
    let raw = try show("socket.config")
    #expect(try show("socket.\(form)") == raw)
  }

  private func show(_ name: String) throws -> String {
    let outcome = InProcess.run(["-F", "\(Self.dumps)/\(name)", "-J"])
    #expect(outcome.error == "")
    return try outcome.jq(".devices[] | del(.source)")
  }

  /// Damage to a dump of two functions, the addresses still shown, and the line that is named.
  static let damages:
    [(name: String, edit: @Sendable (String) -> String, shown: [String], line: Int?)] = [
      ("no final newline", { String($0.dropLast()) }, both, nil),
      ("CRLF", { $0.replacing("\n", with: "\r\n") }, both, nil),
      ("a one-digit bus", { $0.replacing("0000:00:03.0", with: "0:3.0") }, both, nil),
      ("upper case", { $0.replacing("f4 1a", with: "F4 1A") }, both, nil),
      ("a byte order mark", { "\u{FEFF}" + $0 }, both, nil),
      ("function 8", { $0.replacing("03.0 x", with: "03.8 x") }, [both[1]], 1),
      ("function 9", { $0.replacing("04.0 x", with: "04.9 x") }, [both[0]], 19),
      ("offset f0000000", { $0.replacing("03.0 x\n00:", with: "03.0 x\nf0000000:") }, [both[1]], 2),
      (
        "offset fffffff0", { $0.replacing("04.0 x\n00:", with: "04.0 x\nfffffff0:") }, [both[0]], 20
      ),
      (
        "a line of 300 bytes",
        { $0.replacing("03.0 x", with: "03.0 " + String(repeating: "x", count: 300)) }, both, nil
      ),
      ("a NUL byte", { $0.replacing("04.0 x\n00: f4", with: "04.0 x\n00: \u{0}4") }, [both[0]], 20),
    ]
  private static let both = ["0000:00:03.0", "0000:00:04.0"]

  @Test(
    "damage is accepted or named with its line, and spares the other function", arguments: damages)
  func damage(
    row: (name: String, edit: @Sendable (String) -> String, shown: [String], line: Int?)
  ) throws {
    let text = ["03.0", "04.0"].map { slot in
      let config = InProcess.run(["\(Self.dumps)/socket.config", "-x"]).output
      let lines = config.split(separator: "\n").suffix(16).joined(separator: "\n")
      return "0000:00:\(slot) x\n\(lines)\n\n"
    }.joined()
    let edited = row.edit(text)
    #expect(edited != text)
    let dump = try TemporaryFile(edited.utf8)
    let outcome = InProcess.run(["-F", dump.path, "--noheadings", "-o", "ADDRESS"])
    #expect(outcome.output.split(separator: "\n").map { String($0) } == row.shown)
    if let line = row.line {
      #expect(outcome.error.contains(": \(dump.path): line \(line): "))
      #expect(outcome.status == 4)
    } else {
      #expect(outcome.error == "")
      #expect(outcome.status == 0)
    }
  }

  @Test(
    "UTF-16 without a mark is refused by that name",
    arguments: [String.Encoding.utf16LittleEndian, .utf16BigEndian])
  func wide(encoding: String.Encoding) throws {
    let text = try String(contentsOfFile: "\(Self.dumps)/socket.xxd", encoding: .utf8)
    let file = try TemporaryFile(try #require(text.data(using: encoding)))
    let outcome = InProcess.run(["-F", file.path])
    #expect(outcome.status == 4)
    #expect(outcome.error.contains("line 1: UTF-16 text"))
  }

  @Test("a file that is opened does not become a standard stream that was closed")
  func closedStreams() throws {
    let input = try BuiltProgram.run(
      ["-F", "\(Self.dumps)/socket.config", "-F", "-"], by: #"exec "$0" "$@" <&-"#)
    #expect(input.error == "virtio-pci-inspect: standard input: Bad file descriptor\n")
    #expect(input.output.split(separator: "\n").count == 2)
  }

  @Test("UTF-16 is refused")
  func utf16() throws {
    let text = try String(contentsOfFile: "\(Self.dumps)/legacy-pc.txt", encoding: .utf8)
    let file = try TemporaryFile(try #require(text.data(using: .utf16)))
    let outcome = InProcess.run(["-F", file.path])
    #expect(outcome.status == 4)
    #expect(outcome.error.contains("UTF-16"))
  }

  @Test("a duplicate function is shown as often as it is there")
  func duplicate() throws {
    let file = "\(Self.dumps)/firecracker-host.txt"
    let outcome = InProcess.run(
      ["-F", file, "-F", file, "--noheadings", "-o", "ADDRESS", "-s", "03.0"])
    #expect(outcome.output == "0000:00:03.0\n0000:00:03.0\n")
  }

  @Test(
    "what -x prints is read back to the same",
    arguments: ["firecracker", "q35", "legacy-pc", "transitional-pc", "unbound"])
  func roundTrip(tree: String) throws {
    let root = "\(Fixtures.folder)/sysfs/\(tree)"
    let query =
      ".devices[] | [.address, .device_id, .interface, .pci_capabilities]"
      + " + (.capabilities | map(del(.bytes, .pci_cfg_data)))"
    let direct = try InProcess.run(["--sysfs", root, "-J"]).jq("-c", query)
    let dump = try TemporaryFile(InProcess.run(["--sysfs", root, "-x"]).output.utf8)
    let back = InProcess.run(["-F", dump.path, "-J"])
    #expect(back.error == "")
    #expect(!direct.isEmpty)
    #expect(try back.jq("-c", query) == direct)
  }

  private static let hostDumps: [String] = [
    "all-q35", "firecracker-host", "legacy-pc", "transitional-pc",
  ]

  @Test("a dump printed with -x is the same dump", arguments: hostDumps)
  func sameDump(name: String) throws {
    try expectSameDump(name) { $0 }
  }

  @Test(
    "a dump printed with -x is the same dump, through lspci too",
    .enabled(if: Tool("lspci") != nil), arguments: hostDumps)
  func sameDumpOfLspci(name: String) throws {
    let lspci = try #require(Tool("lspci"))
    try expectSameDump(name) { dump in
      let file = try TemporaryFile(dump.utf8)
      return try lspci.run(["-F", file.path, "-n", "-xxxx"]).output
    }
  }

  private func expectSameDump(_ name: String, through: (String) throws -> String) throws {
    // lspci sorts.
    let query = ".access, .errors, (.devices | sort_by(.address)[] | del(.source))"
    let path = "\(Self.dumps)/\(name).txt"
    let direct = InProcess.run(["-F", path, "-J"])
    let dump = try TemporaryFile(try through(InProcess.run(["-F", path, "-x"]).output).utf8)
    let back = InProcess.run(["-F", dump.path, "-J"])
    #expect(direct.output.contains(#""cfg_type""#) || name == "legacy-pc")
    #expect(try back.jq(query) == direct.jq(query))
    #expect(back.error == direct.error)
  }

  @Test("lspci reads -x back", .enabled(if: Tool("lspci") != nil))
  func lspci() throws {
    let root = "\(Fixtures.folder)/sysfs/q35"
    let dump = try TemporaryFile(InProcess.run(["--sysfs", root, "-x"]).output.utf8)
    let shown = try #require(Tool("lspci")).run(["-F", dump.path, "-vn"]).output
    let listed = InProcess.run(["--sysfs", root, "--noheadings", "-o", "ADDRESS,ID"])
    let functions = shown.split(separator: "\n").filter { $0.contains(" 1af4:1") }
      .filter { !$0.contains("Subsystem") }
    #expect(functions.count == listed.output.split(separator: "\n").count)
    #expect(shown.components(separatedBy: "VirtIO: CommonCfg").count == functions.count + 1)
    #expect(shown.components(separatedBy: "VirtIO: Notify").count == functions.count + 1)
  }

  @Test("lspci reads -x back however long a line would be", .enabled(if: Tool("lspci") != nil))
  func longLines() throws {
    // Every structure on top of every other, and 100 bytes of a vendor.
    let config = (0..<4).reduce(ConfigSpace()) { $0.adding(.isr(offset: 0), at: 0x40 + 16 * $1) }
      .adding(.vendor(0x1234, data: Array(repeating: 0xAB, count: 100)), at: 0x80)
    let tree = try SysfsFixture()
    try tree.add("0000:00:03.0", config)
    let dump = InProcess.run(["--sysfs", tree.root, "-vx"]).output
    let file = try TemporaryFile(dump.utf8)
    let shown = try #require(Tool("lspci")).run(["-F", file.path, "-n"]).output
    #expect(shown.hasPrefix("00:03.0 ffff: 1af4:1053"))
    let back = InProcess.run(["-F", file.path, "-J"])
    #expect(back.output.contains(String(repeating: "ab", count: 100)))
    #expect(dump.split(separator: "\n").contains { $0.utf8.count > 200 })
  }

  @Test("what is wrong with a function of a dump that was not asked for is left out")
  func notAskedFor() throws {
    let dump = try TemporaryFile(
      Array("00:03.0 Unassigned class: 1af4:1041\n\n".utf8)
        + Data(contentsOf: URL(fileURLWithPath: "\(Self.dumps)/firecracker-host.txt")))
    let outcome = InProcess.run(["-F", dump.path, "0000:00:04.0", "-o", "ADDRESS"])
    #expect(outcome.output == "ADDRESS\n0000:00:04.0\n")
    #expect(outcome.error == "")
    #expect(outcome.status == 0)
    #expect(InProcess.run(["-F", dump.path]).status == 4)
  }

  @Test("what was not read has no count of problems")
  func problems() throws {
    let tree = try SysfsFixture()
    try tree.add("0000:00:03.0")
    try tree.write(
      Array(ConfigSpace.healthy.bytes[..<64]), to: "bus/pci/devices/0000:00:03.0/config")
    try tree.add("0000:00:04.0")
    let outcome = InProcess.run(
      ["--sysfs", tree.root, "--noheadings", "-o", "ADDRESS,PROBLEMS"])
    #expect(outcome.output == "0000:00:03.0  ?\n0000:00:04.0  0\n")
  }
}
