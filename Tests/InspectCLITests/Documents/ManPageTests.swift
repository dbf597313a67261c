import Foundation
import TestSupport
import Testing
import VirtioConformance
import VirtioPCI

@testable import InspectCLI

@Suite("Manual pages")
struct ManPageTests {
  static let pages = [
    (file: "virtio-pci-inspect.8", text: ManPage.program),
    (file: "virtio-pci-inspect.json.5", text: ManPage.json),
  ]

  /// A page as a file.
  private func page(_ file: String) throws -> TemporaryFile {
    try TemporaryFile(#require(Self.pages.first { $0.file == file }).text.utf8)
  }

  @Test("those that are committed are made from the tables", arguments: pages.map(\.file))
  func golden(file: String) throws {
    let page = try #require(Self.pages.first { $0.file == file })
    if let difference = try Golden.difference(page.text, fromGenerated: "man/\(file)") {
      Issue.record("\(difference)")
    }
  }

  @Test(
    "mandoc finds nothing wrong", .enabled(if: Tool("mandoc") != nil),
    arguments: pages.map(\.file))
  func mandoc(file: String) throws {
    let page = try page(file)
    let outcome = try #require(Tool("mandoc")).run(["-Tlint", "-Wwarning", page.path])
    #expect(outcome.output == "")
    #expect(outcome.status == 0)
  }

  @Test(
    "groff finds nothing wrong", .enabled(if: Tool("groff") != nil), arguments: pages.map(\.file))
  func groff(file: String) throws {
    let page = try page(file)
    let outcome = try #require(Tool("groff")).run(["-man", "-ww", "-z", page.path])
    #expect(outcome.output == "")
    #expect(outcome.status == 0)
  }

  /// The ways to read a page on a terminal of 80 columns.
  static let viewers: [[String]] = [
    ["mandoc", "-Tutf8", "-Owidth=80"], ["groff", "-man", "-Tutf8", "-rLL=80n", "-P-cbou"],
  ].filter { Tool($0[0]) != nil }

  private func lines(of file: String, in viewer: [String]) throws -> [Substring] {
    let page = try page(file)
    let outcome = try #require(Tool(viewer[0])).run(viewer.dropFirst() + [page.path])
    // Bold is a letter struck twice.
    return outcome.output.replacing(#/.\u{8}/#, with: "").split(separator: "\n")
  }

  @Test(
    "no line is wider than 80 columns", .enabled(if: !viewers.isEmpty), arguments: viewers,
    pages.map(\.file))
  func width(viewer: [String], file: String) throws {
    let lines = try lines(of: file, in: viewer)
    #expect(lines.count > 200)
    #expect(lines.filter { $0.count > 80 } == [])
  }

  @Test(
    "commands and expectations can be copied as they are", .enabled(if: !viewers.isEmpty),
    arguments: viewers)
  func copies(viewer: [String]) throws {
    let shown = Set(
      try Self.pages.flatMap { try lines(of: $0.file, in: viewer) }.map {
        $0.trimmingCharacters(in: .whitespaces)
      })
    let texts =
      (Manual.examples + JSONManual.examples).map(\.command)
      + JSONManual.expectationExamples.map(\.1)
    let missing = texts.flatMap { $0.split(separator: "\n") }.map {
      $0.trimmingCharacters(in: .whitespaces)
    }.filter { !shown.contains($0) }
    #expect(missing == [])
  }

  @Test(
    "text is shown as it is, whatever it holds",
    arguments: [
      ("--hex", "\\-\\-hex"), ("a\\b", "a\\eb"), ("'`\"^~", "\\(aq\\(ga\\(dq\\(ha\\(ti"),
      ("§ 4\u{1F600}", "\\[u00A7] 4\\[u1F600]"), (".SH", ".SH"), ("", ""),
    ])
  func escaping(text: String, roff: String) {
    #expect(Roff.escaped(text) == roff)
  }

  @Test(
    "options and pages are bold, variables italic, and what only looks so is neither",
    arguments: [
      ("with --hex.", "with \\fB\\-\\-hex\\fR."), ("(-x)", "(\\fB\\-x\\fR)"),
      ("lspci(8)", "\\fBlspci\\fR(8)"), ("a FILE.", "a \\fIFILE\\fR."), ("FILES", "FILES"),
      ("2^64-1", "2\\(ha64\\-1"), ("--", "\\-\\-"), ("---x", "\\-\\-\\-x"), ("...", "..."),
      ("f(x)", "f(x)"),
    ])
  func marks(text: String, roff: String) {
    #expect(Roff.marked(text, variables: ["FILE"]) == roff)
  }

  @Test("a line that begins with a full stop is no macro")
  func macro() {
    var page = Roff(name: "x", section: 8, about: "y")
    page.section("X")
    page.prose(".PP")
    page.literal(".EX")
    #expect(page.text.hasSuffix(".SH X\n\\&.PP\n.PP\n.RS 4\n.EX\n\\&.EX\n.EE\n.RE\n"))
  }

  @Test("each sentence is on a line of its own, however its lines are divided")
  func sentences() {
    var page = Roff(name: "x", section: 8, about: "y")
    page.prose("One, two ... three. Four\nfive. Six")
    #expect(page.text.hasSuffix(".PP\nOne, two ... three.\nFour five.\nSix\n"))
  }

  @Test("each type of capability is described")
  func capabilityTypes() {
    #expect(Manual.capabilityTypes.map(\.0) == CapCfgType.defined)
  }

  @Test("the environment variables are those that the sources ask for")
  func environment() throws {
    let folder = "\(Fixtures.package)/Sources"
    let names = try FileManager.default.subpathsOfDirectory(atPath: folder)
      .filter { $0.hasSuffix(".swift") }
      .flatMap { name in
        try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
          .matches(of: #/(?:getenv|environment)\("([A-Z_]+)"\)/#).map { String($0.1) }
      }
    #expect(Set(names) == Set(Manual.environment.map(\.0)))
  }

  @Test("every condition is in an example and in the text", arguments: ConditionForm.table)
  func conditions(form: ConditionForm) {
    #expect(JSONManual.expectationExamples.contains { $0.1.contains("\"\(form.name)\": ") })
    #expect(JSONManual.conditions.contains(form.name))
  }
}

/// The manual's commands, in a shell where `virtio-pci-inspect` is the program over a made tree and
/// `lspci` prints a dump.
@Suite("What the manual pages say is so")
struct ManualExampleTests {
  private static let functions: [(address: String, id: UInt16)] = [
    ("0000:00:02.0", 0x1042), ("0000:00:03.0", 0x1041), ("0000:00:04.0", 0x1053),
  ]

  private func tree() throws -> SysfsFixture {
    let tree = try SysfsFixture()
    for (index, (address, id)) in Self.functions.enumerated() {
      let isDriven = id != 0x1053
      try tree.add(
        address,
        ConfigSpace(device: id)
          .adding(.common(), at: 0x40).adding(.isr(offset: 0x1000), at: 0x50)
          .adding(.device(offset: 0x2000), at: 0x60)
          .adding(.notify(offset: 0x3000, multiplier: 4), at: 0x70).adding(.window(), at: 0x84)
          .adding(.msix(vectors: 3, table: 0x8000, pending: 0x9000), at: 0x98),
        driver: isDriven ? "virtio-pci" : nil,
        virtio: isDriven
          ? .init(
            "virtio\(index)", driver: id == 0x1041 ? "virtio_net" : "virtio_blk",
            features: String(repeating: "0", count: 32) + "1" + String(repeating: "0", count: 31),
            nodes: [id == 0x1041 ? "net/eth0" : "block/vda"]) : nil)
      var bar = [UInt8](repeating: 0, count: 0x80000)
      // Three queues, the selected one of 256 descriptors.
      bar[0x12] = 3
      bar[0x19] = 1
      try tree.write(bar, to: "bus/pci/devices/\(address)/resource0")
    }
    return tree
  }

  private func run(
    _ command: String, in tree: SysfsFixture, _ prefix: String = ""
  ) throws -> BuiltProgram.Outcome {
    try withScratchFolder { folder in
      let files = [
        "virtio-pci-inspect": """
        #!/bin/sh
        case " $* " in
          *" -F "* | *" --sysfs "*) exec \(prefix) "$PROGRAM" "$@" ;;
          *) exec \(prefix) "$PROGRAM" --sysfs "$TREE" "$@" ;;
        esac
        """,
        "lspci": "#!/bin/sh\nexec cat \"$DUMP\"\n",
      ]
      try FileManager.default.createDirectory(
        atPath: "\(folder)/bin", withIntermediateDirectories: false)
      for (name, text) in files {
        let path = "\(folder)/bin/\(name)"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
      }
      return try BuiltProgram.run(
        [], by: #"set -e; export PROGRAM="$0"; PATH="$BIN:$PATH"; cd "$BIN/.."; eval "$COMMAND""#,
        environment: [
          "BIN": "\(folder)/bin", "COMMAND": command, "TREE": tree.root,
          "DUMP": "\(Fixtures.folder)/dumps/firecracker-host.txt",
        ].merging(AsSysfs.environment(tree)) { $1 })
    }
  }

  static let commands =
    (Manual.examples + JSONManual.examples).map(\.command) + Help.examples.map(\.0)

  @Test("every example succeeds without a message", arguments: commands)
  func examples(command: String) throws {
    let outcome = try run(command, in: try tree())
    #expect(outcome.status == 0)
    #expect(outcome.error == "")
    // All of them print something, be it to a file.
    #expect(!outcome.output.isEmpty || command.contains(" > "))
  }

  @Test("every expectation holds", arguments: JSONManual.expectationExamples.map(\.1))
  func expectations(text: String) throws {
    let file = try TemporaryFile(text.utf8)
    let outcome = try run("virtio-pci-inspect --expect \(file.path) > list", in: try tree())
    #expect(outcome.status == 0)
    #expect(outcome.error == "")
  }

  @Test("the files that are read are those of FILES", .enabled(if: Tool("strace") != nil))
  func files() throws {
    let tree = try tree()
    try tree.createFolder("kernel/debug/virtio/virtio1")
    try tree.write("32\n", to: "kernel/debug/virtio/virtio1/device_features")
    try tree.write("D0\n", to: "bus/pci/devices/0000:00:03.0/power_state")
    let words = Set(
      Manual.paths.flatMap {
        "\($0.0) \($0.1)".split { !($0.isLetter || $0.isNumber || "_.".contains($0)) }
      })
    var names: Set<Substring> = []
    for arguments in ["-v", "--registers eth0", "--probe 04.0", "--check --json", "-x"] {
      let outcome = try run(
        "virtio-pci-inspect \(arguments) > /dev/null", in: tree,
        "strace -qq -y -e trace=openat,readlink,readlinkat")
      let paths = outcome.error.matches(of: #/<([^>]*)>, "([^"]+)"/#).map {
        $0.2.hasPrefix("/") ? String($0.2) : "\($0.1)/\($0.2)"
      }
      names.formUnion(
        paths.filter { path in
          var isFolder: ObjCBool = false
          return path.hasPrefix(tree.root) && !path.hasSuffix("/")
            && FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
            && !isFolder.boolValue
        }.compactMap { $0.split(separator: "/").last })
    }
    #expect(names.isSuperset(of: ["uevent", "config", "resource0", "device_features", "features"]))
    #expect(names.subtracting(words) == [])
  }
}
