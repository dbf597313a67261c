import TestSupport
import Testing

@testable import InspectCLI

/// What `--ignore` accepts, as a user sees it.
@Suite("Ignored rules")
struct IgnoreTests {
  /// A function without a window, which breaks one rule and stops no driver; or without an ISR, which
  /// stops Linux, too.
  private static func tree(lacksISR: Bool = false) throws -> SysfsFixture {
    let tree = try SysfsFixture()
    var config = ConfigSpace(device: 0x1044, revision: 1, subsystem: 0x1100)
      .adding(.common(length: 0x38), at: 0x40)
      .adding(.notify(offset: 0x6000, multiplier: 4), at: 0x70)
      .adding(.msix(vectors: 4, table: 0x8000, pending: 0x4_8000), at: 0x98)
    if !lacksISR { config = config.adding(.isr(offset: 0x2000), at: 0x50) }
    try tree.add("0000:00:04.0", config, resource: "0x4000000000 0x400007ffff 0x140204\n")
    return tree
  }

  private static func run(
    _ tree: SysfsFixture, _ options: [String]
  ) throws -> BuiltProgram.Outcome {
    try BuiltProgram.run(["--sysfs", tree.root, "--check"] + options)
  }

  @Test(
    "the findings of an ignored rule are shown as ignored and change no exit status",
    arguments: [
      ([], 1), (["--ignore", "cap-pci-cfg-present"], 0),
      (["--strict", "--ignore", "cap-pci-cfg-present"], 0),
      (["--ignore", "cap-isr-length", "--ignore=cap-pci-cfg-present,queue-size-max"], 0),
      (["--ignore", "cap-isr-length"], 1),
    ] as [([String], Int32)])
  func rules(options: [String], status: Int32) throws {
    let outcome = try Self.run(try Self.tree(), options)
    #expect(outcome.status == status)
    let severity = status == 0 ? "ignored" : "error"
    #expect(outcome.output.contains("  \(severity)  cap-pci-cfg-present  violation: there is no"))
    #expect(outcome.output.contains(", 1 ignored, ") == (status == 0))
    #expect(outcome.output.contains(status == 0 ? ", 0 errors, " : ", 1 error, "))
  }

  @Test("the refusal of a driver is ignored by the driver's name")
  func drivers() throws {
    let rules = ["--ignore", "cap-pci-cfg-present,cap-isr-present"]
    let tree = try Self.tree(lacksISR: true)
    #expect(try Self.run(tree, rules).status == 1)
    let outcome = try Self.run(tree, rules + ["--ignore", "driver-linux"])
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("  ignored  driver-linux         Linux refuses it: "))
  }

  @Test("JSON says of each problem whether it is ignored")
  func json() throws {
    let tree = try Self.tree()
    for (options, value) in [([], "false"), (["--ignore", "cap-pci-cfg-present"], "true")] {
      let outcome = try Self.run(tree, options + ["--jsonl"])
      #expect(outcome.output.contains(#""there is no pci capability","ignored":\#(value)}"#))
    }
  }

  @Test("reports skip what is ignored, with the reason")
  func reports() throws {
    let ignoring = ["--ignore", "cap-pci-cfg-present,cap-isr-present,driver-linux"]
    let tree = try Self.tree(lacksISR: true)
    let outcome = try Self.run(tree, ignoring + ["--report", "tap"])
    #expect(outcome.status == 0)
    #expect(!outcome.output.contains("not ok"))
    #expect(
      outcome.output.contains(
        "0000:00:04.0: capabilities, ignored # SKIP "
          + "cap-isr-present, cap-pci-cfg-present: accepted by --ignore\n"))
    #expect(
      outcome.output.contains(
        "0000:00:04.0: driver-linux # SKIP accepted by --ignore: Linux refuses it: "))
    let junit = try Self.run(tree, ignoring + ["--report", "junit"])
    #expect(junit.output.contains(#"name="driver-linux"><skipped message="accepted by --ignore: "#))
  }

  @Test(
    "a name that is none, and an option without effect, are refused",
    arguments: [
      (["--check", "--ignore", "cap-pci-cfg"], "try cap-pci-cfg-present"),
      (["--check", "--ignore", "driver-linus"], "try driver-linux"),
      (["--check", "--ignore", "linux"], "try driver-linux"),
      (["--check", "--ignore", ""], "is empty"),
      (["--ignore", "cap-isr-length"], "--ignore has no effect without --check"),
    ])
  func refused(options: [String], message: String) throws {
    let outcome = try BuiltProgram.run(options)
    #expect(outcome.status == 2)
    #expect(outcome.error.contains(message))
  }

  @Test("every rule and driver that a problem can name is known")
  func names() throws {
    let names = IgnoredRules.known
    #expect(Set(names).count == names.count)
    let all = try IgnoredRules(parsing: names.joined(separator: ","))
    #expect(names.allSatisfy { all.contains($0) })
    #expect(!all.contains("linux"))
  }
}
