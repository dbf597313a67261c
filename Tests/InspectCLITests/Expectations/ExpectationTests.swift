import TestSupport
import Testing
import VirtioConformance
import VirtioPCI

@testable import InspectCLI

@Suite("Expectation")
struct ExpectationTests {
  /// What is found in each row.
  static let document = """
    {"schema_version": 1, "access": "sysfs", "devices": [
      {"address": "0000:00:01.0", "type": "blk", "type_id": 2, "driver": "virtio-pci",
        "numa_node": null, "virtio": {"name": "virtio0", "driver": "virtio_blk", "nodes": ["vda"]},
        "bars": [{"index": 0, "prefetchable": false, "size": 18446744073709551615}],
        "capabilities": [
          {"position": 64, "cfg_type": "common", "length": 56},
          {"position": 80, "cfg_type": "notify", "length": 4096}],
        "registers": null},
      {"address": "0000:00:02.0", "type": "net", "type_id": 1, "driver": "vfio-pci",
        "numa_node": 0, "virtio": null, "bars": [], "capabilities": [],
        "registers": {"common": {"device_status_flags": null}, "offered_features": null}}],
      "errors": []}
    """

  /// An expectation, and why it does not hold: nothing when it does.
  struct Row: Sendable, CustomTestStringConvertible {
    var text: String
    var reasons: [String]

    init(_ text: String, _ reasons: String...) {
      self.text = text
      self.reasons = reasons
    }

    var testDescription: String { text }
  }

  @Test(
    "what was found holds it, or does not, for the reason given",
    arguments: [
      Row("{}"),
      Row(document),
      Row(#"{"schema_version": 1}"#),
      Row(#"{"schema_version": 2}"#, ".schema_version: expected 2, found 1"),
      Row(#"{"tool": {}}"#, ".tool: expected an object, found nothing"),
      Row(#"{"access": "dump"}"#, #".access: expected "dump", found "sysfs""#),

      Row(#"{"devices": []}"#),
      Row(#"{"devices": [{}, {}]}"#),
      Row(#"{"devices": [{"type": "net"}, {"type": "blk"}]}"#),
      Row(#"{"devices": [{}, {"type": "blk"}]}"#),
      Row(#"{"devices": [{}, {}, {}]}"#, ".devices[2]: nothing is left: the list has 2"),
      Row(
        #"{"devices": [{"type": "net"}, {"type": "net"}]}"#,
        #".devices[0]: no match; address "0000:00:01.0" is closest: "#
          + #".type: expected "net", found "blk""#),
      Row(
        #"{"devices": [{"type": "net", "virtio": {"nodes": ["eth0"]}, "driver": "virtio-pci"}]}"#,
        #".devices[0]: no match; address "0000:00:02.0" is closest: "#
          + #".virtio: expected an object, found null; "#
          + #".driver: expected "virtio-pci", found "vfio-pci""#),
      Row(
        #"{"devices": {"includes": [{"type": "blk", "driver": "virtio_blk"}]}}"#,
        #".devices.includes[0]: no match; address "0000:00:01.0" is closest: "#
          + #".driver: expected "virtio_blk", found "virtio-pci"; the virtio driver is .virtio.driver"#
      ),
      Row(
        #"{"devices": [{"address": "0000:00:1f.0", "type": "blk"}]}"#,
        #".devices[0]: no match: there is none with address "0000:00:1f.0""#),
      Row(
        #"{"devices": [{"type": "net", "driver": "vfio-pci", "bars": [{"index": 0}]}]}"#,
        #".devices[0]: no match; address "0000:00:02.0" is closest: "#
          + ".bars[0]: no match: the list is empty"),
      Row(#"{"devices": [{"bars": [{"size": 18446744073709551615}]}]}"#),
      Row(
        #"{"devices": {"all": {"bars": [{"size": 18446744073709551614}]}}}"#,
        #".devices.all: address "0000:00:01.0": .bars[0]: no match; index 0 is closest: "#
          + ".size: expected 18446744073709551614, found 18446744073709551615",
        #".devices.all: address "0000:00:02.0": .bars[0]: no match: the list is empty"#),

      Row(#"{"devices": {"count": 2}, "errors": {"count": 0}}"#),
      Row(#"{"devices": {"count": 3}}"#, ".devices.count: expected 3, found 2"),
      Row(#"{"devices": {"count": {"at_least": 1, "at_most": 2}}}"#),
      Row(
        #"{"devices": {"count": {"at_least": 3}}}"#,
        ".devices.count.at_least: expected at least 3, found 2"),
      Row(
        #"{"devices": {"count": {"at_most": 1}}}"#,
        ".devices.count.at_most: expected at most 1, found 2"),
      Row(#"{"devices": {"count": 2, "includes": [{"type": "net"}]}}"#),
      Row(
        #"{"devices": {"count": 1, "includes": [{"driver": {"absent": true}}]}}"#,
        ".devices.count: expected 1, found 2",
        #".devices.includes[0]: no match; address "0000:00:01.0" is closest: "#
          + #".driver.absent: expected nothing, found "virtio-pci""#),
      Row(#"{"devices": {"none": {"type": "fs"}}}"#),
      Row(
        #"{"devices": {"none": {"type": "net"}}}"#,
        #".devices.none: found address "0000:00:02.0""#),
      Row(#"{"devices": {"all": {"driver": {"matches": "*-pci"}}}}"#),
      Row(
        #"{"devices": {"all": {"driver": {"matches": "virtio*"}}}}"#,
        #".devices.all: address "0000:00:02.0": .driver.matches: "#
          + #"expected a match for "virtio*", found "vfio-pci""#),
      Row(#"{"devices": [{"numa_node": null}, {"numa_node": {"absent": false}}]}"#),
      Row(#"{"devices": [{"virtio": {"absent": true}, "type": {"one_of": ["net", "fs"]}}]}"#),
      Row(#"{"devices": {"all": {"type": {"not": {"one_of": ["fs", "pmem"]}}}}}"#),
      Row(
        #"{"devices": {"all": {"type": {"not": "net"}}}}"#,
        #".devices.all: address "0000:00:02.0": .type.not: found "net""#),
      Row(#"{"devices": [{"capabilities": [{"length": {"at_least": 4096}}, {"position": 64}]}]}"#),
      Row(
        #"{"devices": [{"type": {"one_of": ["fs", "pmem"]}}]}"#,
        #".devices[0]: no match; address "0000:00:01.0" is closest: "#
          + #".type.one_of: expected one of 2 values, found "blk""#),
      Row(
        #"{"devices": {"all": {"registers": {"offered_features": {"none": {"bit": 1}}}}}}"#,
        #".devices.all: address "0000:00:01.0": .registers: "#
          + "expected an object, found null: --registers reads it",
        #".devices.all: address "0000:00:02.0": .registers.offered_features.none: "#
          + "expected a list, found null"),
    ])
  func comparison(row: Row) throws {
    let expectation = try Expectation(name: "e.json", text: Array(row.text.utf8))
    let document = try JSONParser.parse(Array(Self.document.utf8))
    #expect(expectation.outcomes(in: document).flatMap(\.reasons) == row.reasons)
  }

  @Test(
    "what can never be in the output is an error that names the nearest",
    arguments: [
      ("[]", "expected an object as --json prints it"),
      ("5", "is not JSON: expected an object as --json prints it"),
      ("00:04.0 Class", "is not JSON: expected an object as --json prints it"),
      ("", "is empty"),
      (
        #"{"address": "0000:00:01.0"}"#,
        #"this is one function, as --jsonl prints it: write {"devices": [...]}"#
      ),
      ("{\n", "line 2, column 1: unexpected end of the text"),
      (#"{"device": []}"#, #"no key "device" here; the nearest is "devices""#),
      (
        #"{"devices": [{"nodes": []}]}"#,
        #".devices[0]: no key "nodes" here; "#
          + "did you mean .devices[0].virtio.nodes or .devices[0].vdpa.nodes?"
      ),
      (
        #"{"devices": [{"capabilities": [{"revision": "0x01"}]}]}"#,
        #".devices[0].capabilities[0]: no key "revision" here; an object above has it"#
      ),
      (
        #"{"devices": [{"bars": {"index": 0}}]}"#,
        ".devices[0].bars: expects an object, where the output has a list: write [{...}]"
      ),
      (
        #"{"devices": [{"virtio": {"nodes": "eth0"}}]}"#,
        #".devices[0].virtio.nodes: expects "eth0", where the output has a list: write ["eth0"]"#
      ),
      (
        #"{"devices": [{"vendor_id": "0x1AF4"}]}"#,
        #".devices[0].vendor_id: "0x1AF4" can never match: "#
          + #"the output has 0x and 4 hex digits in lower case: write "0x1af4""#
      ),
      (
        #"{"devices": [{"vendor_id": "x"}]}"#,
        #".devices[0].vendor_id: "x" can never match: "#
          + "the output has 0x and 4 hex digits in lower case"
      ),
      (
        #"{"devices": [{"address": {"matches": "00:04.0"}}]}"#,
        #".devices[0].address.matches: "00:04.0" can never match: "#
          + #"the output has whole PCI addresses, 0000:00:04.0: write "0000:00:04.0""#
      ),
      (
        #"{"devices": [{"bars": [{"address": "0x0000000004"}]}]}"#,
        #".devices[0].bars[0].address: "0x0000000004" can never match: "#
          + #"the output has 0x and hex digits in lower case, without leading zeros: write "0x4""#
      ),
      (
        #"{"devices": [{"virtio": {"status": {"flags": ["DRIVEROK"]}}}]}"#,
        #".devices[0].virtio.status.flags[0]: "DRIVEROK" can never match: "#
          + #"no bit has this name: write "DRIVER_OK""#
      ),
      (
        #"{"devices": [{"virtio": {"features": [{"name": "NET_F_MAC"}]}}]}"#,
        #".devices[0].virtio.features[0].name: "NET_F_MAC" can never match: "#
          + #"no feature has this name: write "VIRTIO_NET_F_MAC""#
      ),
      (
        #"{"devices": [{"virtio": {"features": ["VIRTIO_NET_F_MAC"]}}]}"#,
        #".devices[0].virtio.features[0]: expects "VIRTIO_NET_F_MAC", "#
          + #"where the output has an object: write {"name": "VIRTIO_NET_F_MAC"}"#
      ),
      (
        #"{"devices": [{"vendor_id": 6900}]}"#,
        #".devices[0].vendor_id: expects 6900, where the output has a string: write "0x1af4""#
      ),
      (
        #"{"devices": {"count": ">=5"}}"#,
        #".devices.count: expects ">=5", where the output has an integer; "#
          + #"{"at_least": 1} is a lower bound"#
      ),
      (
        #"{"devices": [{}, {"capabilites": []}]}"#,
        #".devices[1]: no key "capabilites" here; the nearest is "capabilities""#
      ),
      (
        #"{"devices": [{"registers": {"common": {"queue_sise": 1}}}]}"#,
        #".devices[0].registers.common: no key "queue_sise" here; the nearest is "queue_size""#
      ),
      (
        #"{"devices": [{"registers": {"device": {"max_virtqueue_pair": 1}}}]}"#,
        #".devices[0].registers.device: no key "max_virtqueue_pair" here; "#
          + #"the nearest is "max_virtqueue_pairs""#
      ),
      (
        #"{"devices": {"none": {"type": "soket"}}}"#,
        #".devices.none.type: no value "soket" here; the nearest is "socket""#
      ),
      (
        #"{"devices": {"counts": 5}}"#,
        #".devices: no condition "counts" here; there are \#(Self.conditions)"#
      ),
      (#"{"devices": {}}"#, ".devices: holds no condition: a list stands in the output"),
      (
        #"{"devices": [{"virtio": {"absent": false, "name": "virtio0"}}]}"#,
        #".devices[0].virtio: no condition "name" here; there are \#(Self.conditions)"#
      ),
      (
        #"{"devices": [{"address": 4}]}"#,
        ".devices[0].address: expects 4, where the output has a string or null"
      ),
      (
        #"{"devices": [{"type_id": "2"}]}"#,
        #".devices[0].type_id: expects "2", where the output has an integer or null: write 2"#
      ),
      (
        #"{"devices": [{"vendor_id": null}]}"#,
        ".devices[0].vendor_id: expects null, where the output has a string"
      ),
      (#"{"devices": null}"#, ".devices: expects null, where the output has a list"),
      (
        #"{"schema_version": []}"#,
        ".schema_version: expects an empty list, where the output has an integer"
      ),
      (
        #"{"devices": {"absent": true}}"#, ".devices.absent: what stands here is never absent"
      ),
      (
        #"{"devices": [{"driver": {"absent": 1}}]}"#,
        ".devices[0].driver.absent: takes true or false"
      ),
      (
        #"{"devices": {"at_least": 1}}"#,
        ".devices.at_least: is about integers, where the output has a list"
      ),
      (
        #"{"devices": {"count": {"at_most": "1"}}}"#, ".devices.count.at_most: takes an integer"
      ),
      (
        #"{"access": {"count": 1}}"#,
        ".access.count: is about lists, where the output has one of sysfs, libpci, dump, raw"
      ),
      (
        #"{"schema_version": {"matches": "1"}}"#,
        ".schema_version.matches: is about strings, where the output has an integer"
      ),
      (#"{"access": {"matches": 1}}"#, ".access.matches: takes a string"),
      (#"{"access": {"one_of": []}}"#, ".access.one_of: takes a list of values"),
      (#"{"access": {"one_of": "raw"}}"#, ".access.one_of: takes a list of values"),
      (#"{"devices": {"includes": {}}}"#, ".devices.includes: takes a list"),
    ])
  func errors(text: String, message: String) {
    do {
      _ = try Expectation(name: "e.json", text: Array(text.utf8))
      Issue.record("no error")
    } catch {
      #expect(error.description == "--expect e.json: \(message)")
    }
  }

  private static let conditions =
    "absent, at_least, at_most, matches, one_of, not, count, all, none, includes"

  @Test(
    "an expectation that everything holds is known as one",
    arguments: [
      ("{}", true), (#"{"devices": []}"#, true), (#"{"$schema": "x"}"#, true),
      (#"{"devices": [{}]}"#, false), (#"{"devices": {"count": 0}}"#, false),
    ])
  func idle(text: String, demandsNothing: Bool) throws {
    let expectation = try Expectation(name: "e.json", text: Array(text.utf8))
    #expect(expectation.demandsNothing == demandsNothing)
  }

  @Test("no key of the output is the name of a condition")
  func disjoint() {
    let conditions = Set(ConditionForm.table.map { $0.name })
    #expect(conditions.count == ConditionForm.table.count)
    let document = JSONDocument.table.shape
    for shape in document.nested + [document] {
      let keys = shape.keys.map(\.key)
      #expect(conditions.isDisjoint(with: keys))
      #expect(Set(keys).count == keys.count)
    }
  }

  @Test("details of --expect name every condition", arguments: ConditionForm.table)
  func documented(form: ConditionForm) {
    let option = Option.table.first { $0.long == "expect" }
    #expect(option?.details.contains("{\"\(form.name)\": ") == true)
  }

  @Test("each device and each other key is a case, by the function that it found")
  func cases() throws {
    let text = #"{"devices": [{"type": "net"}, {"type": "fs"}, {"type": "blk"}], "errors": []}"#
    let expectation = try Expectation(name: "e.json", text: Array(text.utf8))
    let cases = expectation.outcomes(in: try JSONParser.parse(Array(Self.document.utf8)))
    #expect(cases.map(\.suite) == ["0000:00:02.0", "e.json", "0000:00:01.0", "e.json"])
    #expect(cases.map(\.name) == [".devices[0]", ".devices[1]", ".devices[2]", ".errors"])
    #expect(cases.map { $0.outcome == .passed } == [true, false, true, true])
  }

  @Test("a device of the same type comes closer than others")
  func closest() throws {
    let expectation = try Expectation(
      name: "", text: Array(#"{"devices": [{"type": "net", "type_id": 1}]}"#.utf8))
    let document =
      #"{"devices": [{"address": "a", "type": "blk", "type_id": 1}, "#
      + #"{"address": "b", "type": "net", "type_id": 2}]}"#
    let outcomes = expectation.outcomes(in: try JSONParser.parse(Array(document.utf8)))
    #expect(
      outcomes.flatMap(\.reasons) == [
        ".devices[0]: no match; address \"b\" is closest: "
          + ".type_id: expected 1, found 2"
      ])
  }

  @Test("a large expectation in another order is compared in time", .timeLimit(.minutes(5)))
  func large() throws {
    let devices = (0..<5000).map {
      #"{"address": "\#(Hex(UInt16($0)).bare):00:00.0", "type_id": \#($0)}"#
    }
    let document = #"{"devices": [\#(devices.joined(separator: ","))]}"#
    let reversed = #"{"devices": [\#(devices.reversed().joined(separator: ","))]}"#
    let expectation = try Expectation(name: "", text: Array(reversed.utf8))
    let outcomes = expectation.outcomes(in: try JSONParser.parse(Array(document.utf8)))
    #expect(outcomes.allSatisfy { $0.outcome == .passed })
  }
}
