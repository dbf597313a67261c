import Foundation
import TestSupport
import Testing

@testable import InspectCLI

@Suite("--diff", .timeLimit(.minutes(5)))
struct DifferencesTests {
  private static let trees = [
    "firecracker", "q35", "legacy-pc", "transitional-pc", "unbound", "vdpa",
  ]

  private static func tree(_ name: String) -> String { "\(Fixtures.folder)/sysfs/\(name)" }

  /// What `--diff` says of `words` beside `path`.
  private func diff(_ words: [String], _ path: String) -> BuiltProgram.Outcome {
    InProcess.run(words + ["--diff", path])
  }

  @Test("of a machine with itself is empty, in each form of it", arguments: trees)
  func itself(name: String) throws {
    let words = ["--sysfs", Self.tree(name)]
    try withScratchFolder { folder in
      for (file, form) in [("all.json", "--json"), ("lines.jsonl", "--jsonl")] {
        try InProcess.run(words + [form]).output
          .write(toFile: "\(folder)/\(file)", atomically: true, encoding: .utf8)
      }
      _ = InProcess.run(words + ["--capture", "\(folder)/capture"])
      for path in ["all.json", "lines.jsonl", "capture"].map({ "\(folder)/\($0)" }) + [words[1]] {
        let outcome = diff(words, path)
        #expect(outcome.output == "")
        #expect(outcome.error == "")
        #expect(outcome.status == 0)
      }
    }
  }

  @Test(
    "of one with another mirrors that of the other with it",
    arguments: zip(trees, trees.dropFirst() + trees.prefix(1)))
  func mirrored(name: String, other: String) throws {
    let there = try differences(of: name, with: other)
    let back = try differences(of: other, with: name)
    #expect(!there.isEmpty)
    #expect(Set(there) == Set(back.map { [$0[0], $0[2], $0[1]] }))
  }

  /// Path, before and after of each; of functions that have another address the address is left out.
  private func differences(of name: String, with other: String) throws -> [[String]] {
    let outcome = diff(["--sysfs", Self.tree(name), "--json"], Self.tree(other))
    let filter = """
      (.differences[] | [.path, (.before | tojson), (.after | tojson)]),
      (.only_before[] | ["function", .address, "null"]), (.only_after[] | ["function", "null", .address])
      | @tsv
      """
    return try outcome.jq("-r", filter).split(separator: "\n").map {
      $0.split(separator: "\t").map(String.init)
    }
  }

  @Test("names what differs as people and the JSON name it")
  func lines() throws {
    let before = try SysfsFixture()
    let after = try SysfsFixture()
    let features = { (bits: Set<Int>) in
      String((0..<64).map { bits.contains($0) ? "1" : "0" })
    }
    try before.add(
      "0000:00:04.0", driver: "virtio-pci", numaNode: 0,
      virtio: .init("virtio3", driver: "virtio_net", features: features([0, 5, 32])))
    try before.add("0000:00:05.0")
    try after.add(
      "0000:00:04.0", driver: "virtio-pci", numaNode: 1,
      virtio: .init(
        "virtio0", driver: "virtio_net", status: "0x00000007", features: features([5, 22, 32])))
    let outcome = diff(["--sysfs", after.root], before.root)
    let lines = outcome.output.split(separator: "\n").map(String.init)
    #expect(lines.contains("0000:00:04.0 virtio.features: - VIRTIO_VSOCK_F_STREAM"))
    #expect(lines.contains("0000:00:04.0 virtio.features: + bit 22"))
    #expect(
      lines.contains {
        $0.hasPrefix("0000:00:05.0 (") && $0.hasSuffix(" is only in \(before.root)")
      })
    // What the host assigns anew takes -v.
    #expect(!outcome.output.contains("numa_node"))
    #expect(!outcome.output.contains("virtio0"))
    let verbose = diff(["--sysfs", after.root, "-v"], before.root)
    #expect(verbose.output.contains("0000:00:04.0 numa_node: 0 -> 1\n"))
    #expect(verbose.output.contains("0000:00:04.0 virtio.name: virtio3 -> virtio0\n"))
    #expect(outcome.error == "virtio-pci-inspect: \(before.root): \(lines.count) differences\n")
    #expect(outcome.status == 1)
    // Of the others nothing was asked.
    #expect(!diff(["--sysfs", after.root, "04.0"], before.root).output.contains("05.0"))
  }

  @Test("what one side does not know is no difference, and is said")
  func unknown() {
    let dump = "\(Fixtures.folder)/dumps/firecracker-host.txt"
    let outcome = diff(["--sysfs", Self.tree("firecracker")], dump)
    #expect(
      outcome.output
        == "not compared: driver, virtio, bars[index 0].size: not known in \(dump)\n")
    #expect(outcome.status == 0)
    let back = diff(["-F", dump], Self.tree("firecracker"))
    #expect(back.output.contains(": known only in \(Self.tree("firecracker"))\n"))
  }

  @Test("a feature that was negotiated and is not offered breaks a migration")
  func notOffered() throws {
    let live = InProcess.run(["--sysfs", Self.tree("firecracker"), "eth0", "--json"])
    let file = try TemporaryFile(
      live.output.replacing(
        #""registers": null"#,
        with: #""registers": {"offered_features": [{"bit": 32, "name": "VIRTIO_F_VERSION_1"}]}"#
      ).utf8)
    let outcome = diff(["--sysfs", Self.tree("firecracker"), "eth0"], file.path)
    #expect(
      outcome.output.contains(" VIRTIO_NET_F_MAC: negotiated in the functions selected, and not"))
    #expect(!outcome.output.contains("VERSION_1"))
    #expect(outcome.status == 1)
    let json = diff(["--sysfs", Self.tree("firecracker"), "eth0", "--json"], file.path)
    #expect(try json.jq("-r", ".not_offered[0] | .side, .feature.bit") == "before\n0\n")
  }

  @Test(
    "what cannot be read is named, with the line, and the status is 4",
    arguments: [
      ("", "is empty"), ("{", "line 1: column 2: "), ("{}", "line 1: is not the output of --json"),
      (#"{"devices": 1}"#, "line 1: is not"),
      (#"{"devices": [{"vendor_id": 1}]}"#, "line 1: is not"),
      (#"{"schema_version": 2, "devices": []}"#, "line 1: schema_version is not 1, "),
      (#"{"schema_version": "1", "devices": []}"#, "line 1: schema_version is not 1, "),
      ("Text\n", "line 1: no config space found"),
      (
        #"{"vendor_id": "0x1af4", "capabilities": []}"# + "\n\n{\"a\": 1}\n",
        "line 3: is not a function"
      ),
      (#"{"vendor_id": "0x1af4", "capabilities": []}"# + "\n[\n", "line 2: column 2: "),
    ])
  func broken(text: String, message: String) throws {
    let file = try TemporaryFile(text.utf8)
    let outcome = diff(["--sysfs", Self.tree("vdpa")], file.path)
    #expect(outcome.error.contains("\(file.path): \(message)"))
    #expect(outcome.output == "")
    #expect(outcome.status == 4)
  }

  @Test("values of another kind are differences, and trap nothing")
  func strange() throws {
    let device =
      #"{"address": 5, "vendor_id": "0x1af4", "capabilities": {"a": [1]}, "bars": [7, null, "x"], "#
      + #""virtio": [], "type_id": null, "pci_capabilities": [{"position": []}], "registers": "x"}"#
    let file = try TemporaryFile(device.utf8)
    let outcome = diff(["--sysfs", Self.tree("vdpa"), "--json"], file.path)
    #expect(outcome.status == 1)
    #expect(try outcome.jq(".only_after | length") == "2\n")
  }
}
