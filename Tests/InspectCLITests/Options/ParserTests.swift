import TestSupport
import Testing
import VirtioConformance
import VirtioPCI

@testable import InspectCLI

@Suite("Command line")
struct ParserTests {
  /// A command line, split at spaces, and what it should mean, set on empty arguments.
  struct Setting: Sendable {
    var line: String
    var change: @Sendable (inout Arguments) throws -> Void

    init(_ line: String, _ change: @escaping @Sendable (inout Arguments) throws -> Void) {
      self.line = line
      self.change = change
    }
  }

  static let settings = [
    Setting("") { _ in },
    Setting("-s 04.0") { $0.slot = try AddressPattern("04.0") },
    Setting("-d 1af4:") { $0.id = try IDPattern("1af4:") },
    Setting("-t net,2") { $0.types = [.init(rawValue: 1), .init(rawValue: 2)] },
    Setting("-A sysfs") { $0.access = .sysfs },
    Setting("-A libpci") { $0.access = .libpci(method: nil) },
    Setting("-A libpci:linux-sysfs") { $0.access = .libpci(method: "linux-sysfs") },
    Setting("-A libpci -O a=b=c -O d=") {
      $0.access = .libpci(method: nil)
      $0.libpciParameters = [
        try LibPCIParameter(parsing: "a=b=c"), try LibPCIParameter(parsing: "d="),
      ]
    },
    Setting("-F a -F -") { $0.dumps = [.path("a"), .standardInput] },
    Setting("--sysfs /tmp/sys") { $0.sysfs = "/tmp/sys" },
    Setting("--decode net=1") { $0.decode = try DecodedFeatures(parsing: "net=1") },
    Setting("-J") { $0.json = true },
    Setting("--jsonl") { $0.jsonLines = true },
    Setting("-o type,NODES") { $0.columns = try ColumnChoice(parsing: "TYPE,NODES") },
    Setting("-o +virtio") { $0.columns = try ColumnChoice(parsing: "+VIRTIO") },
    Setting("--noheadings") { $0.showsHeadings = false },
    Setting("-v") { $0.isVerbose = true },
    Setting("-vv --verbose") { $0.isVerbose = true },
    Setting("--layout") { $0.layout = true },
    Setting("-x") { $0.hex = true },
    Setting("--color always") { $0.color = .always },
    Setting("--color=auto --color auto") { $0.color = .auto },
    Setting("-q") { $0.isQuiet = true },
    Setting("-o type -o nodes,VIRTIO") {
      $0.columns = try ColumnChoice(parsing: "TYPE,NODES,VIRTIO")
    },
    Setting("-o +class -o virtio") { $0.columns = try ColumnChoice(parsing: "+CLASS,VIRTIO") },
    Setting("-t net -t 2,net") {
      $0.types = [.init(rawValue: 1), .init(rawValue: 2), .init(rawValue: 1)]
    },
    Setting("--expect a --expect b --expect a") { $0.expectations = ["a", "b"] },
    Setting("--expect a") { $0.expectations = ["a"] },
    Setting("--wait 5") { $0.wait = 5000 },
    Setting("--wait 1.0609") { $0.wait = 1060 },
    Setting("--wait 86400") { $0.wait = 86_400_000 },
    Setting("--expect a --report junit") {
      $0.expectations = ["a"]
      $0.report = .junit
    },
    Setting("-h") { $0.action = .help },
    Setting("-V") { $0.action = .version },
    Setting("--registers") { $0.registers = true },
    Setting("--probe --force") {
      $0.probe = true
      $0.force = true
    },
    Setting("--check --strict") {
      $0.check = true
      $0.strict = true
    },
    Setting("--check --drivers none") {
      $0.check = true
      $0.drivers = try DriverChoice(parsing: "none")
    },
    Setting("-d 1dd8: --as net") {
      $0.id = try IDPattern(parsing: "1dd8:")
      $0.assumedType = .net
    },
    Setting("--check --ignore cap-isr-length,driver-linux --ignore cap-pci-cfg-present") {
      $0.check = true
      $0.ignored = try IgnoredRules(
        parsing: "cap-pci-cfg-present,driver-linux,cap-isr-length")
    },
    Setting("--capture a") { $0.capture = "a" },
    Setting("--list-rules") { $0.action = .listRules },
    Setting("--explain cap-isr-length") {
      $0.action = .explain(try Topic(parsing: "cap-isr-length"))
    },
    Setting("--schema") { $0.action = .schema(.output) },
    Setting("--schema=diff") { $0.action = .schema(.diff) },
    Setting("--diff a") { $0.diff = "a" },
  ]

  @Test("every option sets what it says", arguments: settings)
  func setters(setting: Setting) throws {
    var expected = Arguments()
    try setting.change(&expected)
    #expect(try parse(setting.line) == expected)
  }

  @Test("every option has a row above", arguments: Option.shown)
  func rows(option: Option) {
    let words = Self.settings.flatMap { $0.line.split(separator: " ") }
    #expect(
      words.contains { word in
        word.split(separator: "=")[0] == "--\(option.long)"
          || option.short.map { word == "-\($0)" } ?? false
      })
  }

  @Test(
    "values attach or stand apart, short options bundle, long ones may be shortened",
    arguments: [
      ("-s04.0", "-s 04.0"), ("--slot=04.0", "-s 04.0"), ("--slot 04.0", "-s 04.0"),
      ("--sl 04.0", "-s 04.0"), ("--sl=04.0", "-s 04.0"), ("--co=never", "--color never"),
      ("-vJ", "-v -J"), ("-vvs4", "-v -v -s 4"), ("-vs 4", "-v -s 4"), ("-Jo", "-J -o"),
      ("--json", "-J"), ("--noh", "--noheadings"), ("eth0 -v vda", "-v eth0 vda"),
      ("--dump=a=b", "-F a=b"), ("--dump -v", "-F-v"), ("-F- -v", "-F - -v"),
      ("-F --", "--dump=--"), ("-- eth0", "eth0"), ("-v -- eth0", "eth0 -v"),
    ])
  func spellings(line: String, same: String) {
    #expect(outcome(line) == outcome(same))
  }

  @Test("after -- everything is an operand")
  func operandsOnly() throws {
    #expect(try parse("-- -v --json --").devices == [.name("-v"), .name("--json"), .name("--")])
  }

  @Test("an operand that means the same as one before is kept once")
  func sameOperand() throws {
    let devices = try parse("00:04.0 eth0 0:4.0 ./config eth0 0x0:0x4.0 ./config").devices
    #expect(
      devices == [
        .address(try AddressPattern("00:04.0")), .name("eth0"), .path("./config"),
      ])
  }

  @Test(
    "what comes first of --help and --version wins over all that follows",
    arguments: [
      ("--help --version", .help), ("--version --help", .version), ("-hV", .help),
      ("-Vh", .version),
      ("-h --nonsense", .help), ("-hq", .help), ("-h -s", .help), ("-J --jsonl --help", .help),
      ("-vh -", .help), ("- -h", nil), ("-Z -h", nil), ("-Zh", nil), ("-s -h", nil),
    ] as [(String, Arguments.Action?)])
  func information(line: String, action: Arguments.Action?) {
    #expect((try? parse(line))?.action == action)
  }

  @Test(
    "a wrong command line is told what is wrong with it",
    arguments: [
      ("-Z", "unknown option -Z; try --help"),
      ("-s 4 -s 5", "-s is given twice, with 4 and with 5"),
      ("--sysfs a -s 4 --sysfs ''", "--sysfs is given twice, with a and with ''"),
      ("-q -J", "--quiet and --json exclude each other"),
      ("-vZ", "unknown option -Z; try --help"),
      ("-json", "unknown option -j; try --json, or --help"),
      ("--slto 4", "unknown option --slto; try --slot, or --help"),
      ("--colour=never", "unknown option --colour; try --color, or --help"),
      ("--nonsense", "unknown option --nonsense; try --help"),
      ("--jsonx", "unknown option --jsonx; try --json, or --help"),
      ("--xyzjsonl", "unknown option --xyzjsonl; try --help"),
      ("---", "unknown option ---; try --help"),
      ("--=x", "unknown option --; try --help"),
      ("--s 4", "--s is ambiguous: --slot, --sysfs, --strict or --schema"),
      ("--ver", "--ver is ambiguous: --verbose or --version"),
      ("-s", "-s needs a value: --slot SPEC"),
      ("-vs", "-s needs a value: --slot SPEC"),
      ("--du", "--dump needs a value: --dump FILE"),
      ("--json=1", "--json takes no value"),
      ("--js=", "--js is ambiguous: --json or --jsonl"),
      ("--verb=", "--verbose takes no value"),
      ("-s 00:04.9", "-s 00:04.9: function 9 is above 7"),
      ("--slot=0:20.0", "--slot 0:20.0: slot 20 is above 1f"),
      ("-d 1af4", "-d 1af4: fewer than 2 fields"),
      ("-t ,", "-t ,: has an empty item between its commas"),
      ("-t net,,blk", "-t net,,blk: has an empty item between its commas"),
      ("--type=", "--type '': is empty"),
      ("-A proc", "-A proc: is not sysfs, libpci or libpci:NAME"),
      ("-A libpci:", "-A libpci:: is not sysfs, libpci or libpci:NAME"),
      ("-A libpci:dump", "-A libpci:dump: is not offered; read a dump with -F FILE"),
      ("-O x", "-O x: is not of the form PARAMETER=VALUE; lspci -O help lists the parameters"),
      ("-O =x", "-O =x: is not of the form PARAMETER=VALUE; lspci -O help lists the parameters"),
      ("--dump=", "--dump '': is empty"),
      ("--sysfs=", "--sysfs '': is empty"),
      ("-o +", "-o +: is empty"),
      ("--color red", "--color red: is not auto, always or never"),
      ("--color=", "--color '': is not auto, always or never"),
      ("-", "-: is not a device; -F - reads a dump from standard input"),
      ("-- -", "-: is not a device; -F - reads a dump from standard input"),
      ("00:04.9", "00:04.9: function 9 is above 7"),
      ("00:20.0", "00:20.0: slot 20 is above 1f"),
      ("-J --jsonl", "--json and --jsonl exclude each other"),
      ("-F a -A libpci", "--dump and --access exclude each other"),
      ("-F a --sysfs b", "--dump and --sysfs exclude each other"),
      ("--strict", "--strict has no effect without --check"),
      ("--as net", "--as has no effect without a DEVICE, --slot or --id"),
      ("--force --registers", "--force has no effect without --probe"),
      ("-F a --registers", "--registers and --dump exclude each other"),
      ("-F a --probe", "--probe and --dump exclude each other"),
      ("-o TYPE --registers", "--registers and --output exclude each other"),
      ("-o TYPE --probe", "--probe and --output exclude each other"),
      ("-O a=b", "--libpci-option has no effect without --access libpci"),
      ("-O a=b -A sysfs", "--libpci-option has no effect without --access libpci"),
      ("-J -o TYPE", "--output has no effect with JSON; JSON always holds every key"),
      ("-x --jsonl", "--hex and --jsonl exclude each other"),
      ("--report tap", "--report has no effect without --check or --expect"),
      ("--expect a --report tap -J", "--report tap or junit and JSON exclude each other"),
      ("--expect a --report junit -x", "--report tap or junit and --hex exclude each other"),
      (
        "--expect a --report tap -o TYPE",
        "--report tap or junit and --output exclude each other"
      ),
      ("--wait 1 -F a", "--wait and --dump exclude each other"),
      ("-F - --expect -", "--dump - and --expect - exclude each other"),
      ("--wait 1 --capture a", "--wait and --capture exclude each other"),
      ("--wait -1", "--wait -1: is not a number of seconds from 0 to 86400"),
      ("--wait 1s", "--wait 1s: is not a number of seconds from 0 to 86400"),
      ("--wait .5", "--wait .5: is not a number of seconds from 0 to 86400"),
      ("--wait 5.", "--wait 5.: is not a number of seconds from 0 to 86400"),
      ("--wait 1.2.3", "--wait 1.2.3: is not a number of seconds from 0 to 86400"),
      ("--wait 86400.001", "--wait 86400.001: is not a number of seconds from 0 to 86400"),
      (
        "--wait 99999999999999999999",
        "--wait 99999999999999999999: is not a number of seconds from 0 to 86400"
      ),
      ("--report xml", "--report xml: is not text, tap or junit"),
      ("-x -o TYPE", "--hex and --output exclude each other"),
    ])
  func refusals(line: String, message: String) {
    #expect(outcome(line) == .failure(message))
  }

  @Test(
    "help in place of a value asks for all of them",
    arguments: [
      ("-t help", CandidateKind.types), ("--as help", .types), ("-o help", .columns),
      ("-A help", .access), ("--drivers help", .drivers), ("--ignore help", .rules),
      ("--explain help", .topics),
    ])
  func lists(line: String, kind: CandidateKind) throws {
    #expect(try parse(line).action == .list(kind))
  }

  @Test("help names no column or type itself")
  func helpIsFree() {
    #expect(Column.named("help") == nil && DeviceType(key: "help") == nil)
    #expect(!(Driver.all.map(\.key) + IgnoredRules.known).contains("help"))
  }

  @Test(
    "a name that is in no table is told what is there",
    arguments: [
      ("-o TYPE,FOO", "-o TYPE,FOO: no column FOO (help lists them)"),
      ("-o STATE", "-o STATE: no column STATE; did you mean STATUS? (help lists them)"),
      ("-t net,foo", "-t net,foo: no device type foo (help lists them)"),
      ("-t nett", "-t nett: no device type nett; did you mean net? (help lists them)"),
      ("-t 65536", "-t 65536: no device type 65536 (help lists them)"),
      ("1af4:1041", "1af4:1041: is not an address; functions with these IDs: -d 1af4:1041"),
      (
        "--explain cap-lan-base",
        "--explain cap-lan-base: no rule or driver cap-lan-base; try cap-len-base,"
      ),
      (
        "--explain tso6",
        "--explain tso6: no rule or driver tso6; try feature-net-guest-tso6-requires or "
      ),
    ])
  func unknownNames(line: String, beginning: String) throws {
    let error = #expect(throws: UsageError.self) { try parse(line) }
    #expect(try #require(error).description.hasPrefix(beginning))
  }

  @Test("an empty word is no device")
  func emptyOperand() {
    #expect(throws: UsageError.invalidDevice("", .empty)) { try Parser.parse([""]) }
    #expect(UsageError.invalidDevice("", .empty).description == "'': is empty")
  }

  @Test(
    "a message holds no control character of the input",
    arguments: ["--\u{1b}[2J", "-\u{9b}", "--slot=\u{202e}", "--color=a\nb", "--access=\u{fffd}"])
  func hostileMessages(word: String) throws {
    let error = #expect(throws: UsageError.self) { try Parser.parse([word]) }
    let message = try #require(error).description
    #expect(message.unicodeScalars.allSatisfy { (0x20...0x7E).contains($0.value) })
    #expect(message.contains(#"\"#))
  }

  @Test(
    "a hyphen counts also before a combining character",
    arguments: ["-\u{301}", "--\u{301}", "--slot\u{301}", "--json\u{301}=x"])
  func combining(word: String) {
    #expect(throws: UsageError.self) { try Parser.parse([word]) }
  }

  @Test("JSON without headings, and with more, is JSON", arguments: ["--noheadings", "-v"])
  func harmless(option: String) throws {
    #expect(try Parser.parse(["-J", option]).json)
  }

  @Test("no command line traps", arguments: 0..<8)
  func anything(seed: UInt64) {
    var random = SplitMix(state: seed)
    let pieces =
      Option.table.flatMap { ["--\($0.long)", $0.short.map { "-\($0)" } ?? "-"] } + [
        "-", "--", "=", ",", ":", ".", "*", "+", "x", "0x", "libpci", "net", "ffffffffffffffff",
        "é",
        "\u{0}", "\u{1F1E6}", "\u{301}", "\u{fffd}", "/", " ", "J",
      ]
    for _ in 0..<500 {
      let words = (0..<Int.random(in: 0...5, using: &random)).map { _ in
        (0..<Int.random(in: 0...3, using: &random)).map { _ in
          pieces.randomElement(using: &random) ?? ""
        }.joined()
      }
      do { _ = try Parser.parse(words) } catch { #expect(!error.description.isEmpty) }
    }
  }

  private func parse(_ line: String) throws(UsageError) -> Arguments {
    try Parser.parse(words(line))
  }

  private enum Outcome: Equatable {
    case success(Arguments)
    case failure(String)
  }

  private func outcome(_ line: String) -> Outcome {
    do { return .success(try parse(line)) } catch { return .failure(error.description) }
  }

  private func words(_ line: String) -> [String] { line.split(separator: " ").map { String($0) } }
}
