import Foundation
import TestSupport
import Testing

@Suite("What is printed of real machines")
struct GoldenTests {
  static let trees = [
    "firecracker", "q35", "legacy-pc", "transitional-pc", "unbound", "sriov", "vdpa",
  ]
  private static let folder = "\(Fixtures.folder)/dumps"
  static let dumps = [
    "firecracker-host.txt", "legacy-pc.txt", "transitional-pc.txt", "socket.config",
  ]
  static let views: [(name: String, options: [String])] = [
    ("list", []), ("columns", ["-o", "+ID,SUBSYSTEM,REVISION,CLASS,PCI-DRIVER,NUMA,MSIX,BARS"]),
    ("verbose", ["-v"]), ("json", ["-J"]),
  ]

  @Test("trees of sysfs", arguments: trees, views.map { $0.name })
  func tree(name: String, view: String) throws {
    let options = try #require(Self.views.first { $0.name == view }).options
    try compare(
      ["--sysfs", "\(Fixtures.folder)/sysfs/\(name)"] + options, with: "\(name).\(view)")
  }

  @Test(
    "dumps",
    arguments: [
      ("firecracker-host.txt", "list"), ("firecracker-host.txt", "json"),
      ("legacy-pc.txt", "verbose"), ("transitional-pc.txt", "verbose"),
      ("socket.config", "verbose"), ("socket.config", "json"),
    ])
  func dump(name: String, view: String) throws {
    let options = try #require(Self.views.first { $0.name == view }).options
    try compare(["-F", "\(Self.folder)/\(name)"] + options, with: "\(name).\(view)")
  }

  @Test("one function in full")
  func detail() throws {
    try compare(
      ["--sysfs", "\(Fixtures.folder)/sysfs/q35", "01:00.0"], with: "q35-net.detail")
    try compare(
      ["--sysfs", "\(Fixtures.folder)/sysfs/q35", "01:00.0", "-x"], with: "q35-net.hex")
  }

  @Test("one function a line")
  func lines() throws {
    try compare(
      ["--sysfs", "\(Fixtures.folder)/sysfs/firecracker", "--jsonl"], with: "firecracker.jsonl")
  }

  /// Takes the folder of the dumps off, so that no golden file says where this checkout is.
  private func compare(_ arguments: [String], with golden: String) throws {
    let outcome = InProcess.run(arguments)
    #expect(outcome.error == "")
    #expect(outcome.status == 0)
    let text = outcome.output.replacing("\(Self.folder)/", with: "")
    if let difference = try Golden.difference(text, from: golden) {
      Issue.record("\(difference)")
    }
  }
}
