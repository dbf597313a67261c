import Foundation
import TestSupport
import Testing
import VirtioConformance
import VirtioPCI

@testable import InspectCLI

/// The completions in the shells that they are for.
@Suite("Tab")
struct ShellTests {
  /// A folder to type in: a sysfs tree with a net and a socket device, and a share whose tag is odd.
  private func tree(tag: String = "my share") throws -> SysfsFixture {
    let tree = try SysfsFixture()
    try tree.add(
      "0000:00:03.0", ConfigSpace(device: 0x1041), driver: "virtio-pci",
      virtio: .init("virtio2", driver: "virtio_net", nodes: ["net/eth0"]))
    try tree.add(
      "0000:00:04.0", driver: "virtio-pci", virtio: .init("virtio3", driver: "vsock"))
    try tree.add(
      "0000:00:05.0", ConfigSpace(device: 0x1049), driver: "virtio-pci", virtio: .init("virtio4"))
    try tree.write(tag + "\n", to: "bus/pci/devices/0000:00:05.0/virtio4/mount_tag")
    try tree.createFolder("guest")
    try tree.write("", to: "guest.txt")
    return tree
  }

  /// What is typed after the name of the program, and what is offered for its last word, or not.
  struct Row: Sendable {
    var line: String
    var offered: [String]
    var others: [String]

    init(_ line: String, _ offered: [String], not others: [String] = []) {
      self.line = line
      self.offered = offered
      self.others = others
    }

    /// Records what is wrong with `candidates`.
    func expect(_ candidates: [String], in shell: Shell) {
      for word in offered {
        #expect(candidates.contains(word), "\(shell): \(line): \(candidates)")
      }
      for word in others {
        #expect(!candidates.contains(word), "\(shell): \(line): \(candidates)")
      }
    }
  }

  private func expect(_ rows: [Row], in shell: Shell) throws {
    let tree = try tree()
    let candidates = try shell.candidates(rows.map(\.line), in: tree.root)
    for (row, candidates) in zip(rows, candidates) { row.expect(candidates, in: shell) }
  }

  static let dump = "\(Fixtures.folder)/dumps/legacy-pc.txt"

  static let rows = [
    Row(
      "--sysfs . ", ["0000:00:03.0", "virtio2", "eth0", "virtio_net", "virtio-pci"],
      not: ["guest.txt", "guest", "bus", "--type", "net"]),
    Row("--sysfs . 0000:00:04", ["0000:00:04.0"], not: ["0000:00:03.0", "virtio3"]),
    Row("--sysfs=. vi", ["virtio2", "virtio3", "virtio_net"], not: ["0000:00:03.0"]),
    Row("--sysfs . -v eth", ["eth0"], not: ["virtio2"]),
    Row("--sysfs . -s 0000:", ["0000:00:03.0", "0000:00:04.0"], not: ["virtio2"]),
    Row("--sysfs . -s0000:00:04", ["-s0000:00:04.0"]),
    Row("--sysfs . --slot=0000:00:04", ["--slot=0000:00:04.0"]),
    Row("--sysfs . -d 1af4:", ["1af4:1041", "1af4:1053"], not: ["0000:00:03.0"]),
    Row("-F \(dump) ", ["0000:00:07.0"], not: ["0000:0a:00.0", "virtio2"]),
    Row("-F guest.txt ", [], not: ["0000:00:03.0", "guest"]),
    Row("-t n", ["net", "nitro-secure-module"], not: ["blk", "eth0"]),
    Row("-t net,", ["net,blk", "net,socket"], not: ["net,net", "blk"]),
    Row("-t net,BL", ["net,blk"]),
    Row("-vtnet,bl", ["-vtnet,blk"]),
    Row("--type=net,bl", ["--type=net,blk"]),
    Row("-o T", ["TYPE"], not: ["NODES"]),
    Row("-o ty", ["TYPE"]),
    Row("-o +FEAT", ["+FEATURES"]),
    Row("--output=+TYPE,FEAT", ["--output=+TYPE,FEATURES"]),
    Row("-A libpci -O sysfs.path=./bus/pci vi", ["virtio2", "virtio3", "virtio_net"]),
    Row("-A s", ["sysfs"], not: ["libpci"]),
    Row("--color=a", ["--color=auto", "--color=always"], not: ["--color=never"]),
    Row("--report t", ["tap", "text"], not: ["junit"]),
    Row("--explain cap-isr", ["cap-isr-length"], not: ["cap-len-base"]),
    Row("-F gu", ["guest.txt", "guest"]),
    Row("-Fgu", ["-Fguest.txt"]),
    Row("--dump=gu", ["--dump=guest.txt"]),
    Row("--sysfs gu", ["guest"], not: ["guest.txt"]),
    Row("./gu", ["./guest.txt", "./guest"]),
    Row("gu", [], not: ["guest.txt", "guest"]),
    Row("-", ["--type", "-t", "-v"]),
    Row("--comp", [], not: ["--complete"]),
    Row("-- --", [], not: ["--type"]),
  ]
  static let libpci = Row("-A libpci:", ["libpci:linux-sysfs"], not: ["sysfs", "libpci:dump"])

  @Test("what fits is offered, and nothing else", arguments: Shell.allCases)
  func candidates(shell: Shell) throws {
    try expect(Self.rows + (Version.libpci ? [Self.libpci] : []), in: shell)
  }

  @Test("every option is offered", arguments: Shell.allCases)
  func options(shell: Shell) throws {
    try expect(Option.shown.map { Row("--\($0.long.dropLast())", ["--\($0.long)"]) }, in: shell)
  }

  @Test("every value is offered what its kind allows", arguments: Shell.allCases)
  func values(shell: Shell) throws {
    let rows = Option.shown.compactMap { option in
      option.value.map { value in
        let place = value.kind == .address || value.kind == .id ? "--sysfs . " : ""
        let row = Self.values(of: value.kind)
        return Row("\(place)--\(option.long) ", row.offered, not: row.others)
      }
    }
    try expect(rows, in: shell)
  }

  private static func values(of kind: Option.Kind) -> (offered: [String], others: [String]) {
    switch kind {
    case .text: ([], ["guest.txt", "guest", "--type", "net", "eth0"])
    case .file: (["guest.txt", "guest"], ["net"])
    case .directory: (["guest"], ["guest.txt"])
    case .address: (["0000:00:03.0"], ["virtio2", "guest"])
    case .id: (["1af4:1041"], ["0000:00:03.0"])
    case .deviceType: (DeviceType.defined.dropFirst().compactMap(\.key), ["invalid", "guest"])
    case .column: (Column.all.map(\.name), ["guest"])
    case .accessMethod: (AccessMethod.known.map { "\($0.method)" }, ["guest"])
    case .topic: (["linux", "cap-isr-length", "cap-len-base"], ["guest"])
    case .driver: (["linux", "all", "none"], ["cap-isr-length", "guest"])
    case .rule: (["driver-linux", "cap-isr-length"], ["linux", "guest"])
    case .words(let words): (words, ["guest"])
    }
  }

  @Test(
    "a tab completes the line on the screen", arguments: Shell.allCases,
    [
      ("--sysfs . 0000:00:04\tx", "--sysfs . 0000:00:04.0 x"),
      ("--sysfs . --slot=0000:00:04\tx", "--sysfs . --slot=0000:00:04.0 x"),
      ("--sysfs . -d 1af4:1041\tx", "--sysfs . -d 1af4:1041 x"),
      ("--ver\tb\tx", "--verbose x"),
      ("-o +FEAT\t", "-o +FEATURES"),
      ("-F guest.\tx", "-F guest.txt x"),
      ("./guest.\tx", "./guest.txt x"),
      ("--sysfs . my\tx", #"--sysfs . my\ share x"#),
    ])
  func typing(shell: Shell, row: (typed: String, line: String)) throws {
    let line = "ready> virtio-pci-inspect \(row.line)"
    try withScratchFolder { folder in
      let tree = try tree()
      let terminal = try shell.terminal(in: tree.root, keeping: folder)
      try terminal.type("virtio-pci-inspect \(row.typed)")
      let screen = try terminal.screen { $0.contains(line) }
      #expect(screen.contains(line), "\(screen)")
    }
  }

  @Test("candidates are shown with what they mean", arguments: Shell.allCases)
  func meanings(shell: Shell) throws {
    try withScratchFolder { folder in
      let tree = try tree()
      let terminal = try shell.terminal(in: tree.root, keeping: folder)
      try terminal.type("virtio-pci-inspect --sysfs . 0000:00:0\t\t\t")
      let screen = try terminal.screen { $0.contains("net, virtio2, eth0") }
      #expect(screen.contains("net, virtio2, eth0") && screen.contains("socket, virtio3"))
    }
  }

  @Test(
    "a name that means something to a shell is quoted, and runs nothing", arguments: Shell.allCases)
  func hostileName(shell: Shell) throws {
    let line = #"ready> virtio-pci-inspect --sysfs . a\$\(touch\ pwned\)"#
    try withScratchFolder { folder in
      let tree = try tree(tag: "a$(touch pwned)")
      let terminal = try shell.terminal(in: tree.root, keeping: folder)
      try terminal.type("virtio-pci-inspect --sysfs . a\t\n")
      let screen = try terminal.screen { $0.contains("no such") || $0.contains("cap") }
      #expect(screen.contains(line), "\(screen)")
      #expect(!FileManager.default.fileExists(atPath: tree.path("pwned")))
    }
  }

  @Test("a name with a control character is not offered", arguments: Shell.allCases)
  func controlCharacters(shell: Shell) throws {
    let tree = try tree(tag: "a\u{1B}[31mb")
    let offered = try shell.candidates(["--sysfs . "], in: tree.root)[0]
    #expect(offered.contains("eth0"))
    #expect(!offered.contains { $0.hasPrefix("a") })
  }
}
