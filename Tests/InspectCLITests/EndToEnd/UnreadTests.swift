import Foundation
import TestSupport
import Testing

@testable import InspectCLI

@Suite("What was not read is not stated")
struct UnreadTests {
  private static func dump(_ name: String) -> String { "\(Fixtures.folder)/dumps/\(name).txt" }

  /// `-J` of a function, its `drivers` aside.
  private func json(_ arguments: [String]) throws -> [String: Any] {
    let outcome = try BuiltProgram.run(arguments + ["-J"])
    let document = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
    let devices = (document as? [String: Any])?["devices"] as? [[String: Any]]
    return try #require(devices?.first)
  }

  @Test("a dump does not say what the kernel made of a function, a tree does")
  func kernel() throws {
    let columns = "DRIVER,VIRTIO,NODES,STATUS,PCI-DRIVER,NUMA,IOMMU,FEATURES"
    let words = ["--noheadings", "-o", columns]
    let row = { (outcome: BuiltProgram.Outcome) in
      outcome.output.split(separator: "\n").first?.split(separator: " ").joined()
    }
    let dumps = "\(Fixtures.folder)/dumps"
    #expect(row(InProcess.run(["-F", "\(dumps)/socket.config"] + words)) == "????????")
    #expect(row(InProcess.run(["-F", "\(dumps)/uefi-shell.txt"] + words)) == "????????")
    #expect(row(InProcess.run(["\(dumps)/socket.config"] + words)) == "????????")
    let tree = try SysfsFixture()
    try tree.add("0000:00:04.0", ConfigSpace())
    #expect(row(InProcess.run(["--sysfs", tree.root] + words)) == "--------")
  }

  @Test("64 bytes do not tell whether a function is legacy or transitional")
  func interface() throws {
    let dump = Self.dump("legacy-64-bytes")
    let outcome = try BuiltProgram.run(
      ["-F", dump, "--noheadings", "-o", "TYPE,INTERFACE,CAPABILITIES,MSIX,DRIVERS,PROBLEMS"])
    #expect(outcome.output == String(repeating: "net  ?  ?  ?  ?  ?\n", count: 2))
    #expect(outcome.status == 4)
    #expect(try json(["-F", dump])["interface"] is NSNull)
    let full = try BuiltProgram.run(["-F", dump, "03.0"])
    #expect(full.output.hasPrefix("0000:00:03.0  net device, interface ?  ["))
  }

  @Test(
    "where the list was not read, a driver shows the interface",
    arguments: [
      (Int?.none, "0x0000000f", "legacy"), (32, "0x0000000f", "transitional"),
      (nil, "0x00000001", "?"),
    ])
  func driver(bit: Int?, status: String, interface: String) throws {
    let tree = try SysfsFixture()
    let name = "0000:00:03.0"
    let features = (0..<64).map { $0 == bit ? "1" : "0" }.joined()
    try tree.add(
      name, resource: "0xc000 0xc01f 0x40101\n", driver: "virtio-pci",
      virtio: .init("virtio0", driver: "virtio_net", status: status, features: features))
    // What an ordinary user sees of a legacy function with a capability list.
    var config = Array(ConfigSpace.healthy.bytes[..<64])
    config.replaceSubrange(2..<4, with: [0x00, 0x10])
    config[8] = 0
    try tree.identify(name, as: config, id: "1AF4:1000")
    let outcome = try BuiltProgram.run(
      ["--sysfs", tree.root, "--noheadings", "-o", "INTERFACE"])
    #expect(outcome.output == interface + "\n")
    let known = try json(["--sysfs", tree.root])["interface"] as? String
    #expect((known ?? "?") == interface)
  }

  @Test("a status that cannot be read is a question mark, and one of all ones is that of nothing")
  func status() throws {
    let tree = try SysfsFixture()
    try tree.add("0000:00:03.0", virtio: .init("virtio0", status: "0x000000ff"))
    try tree.add("0000:00:04.0", virtio: .init("virtio1"))
    try tree.remove("bus/pci/devices/0000:00:04.0/virtio1/status")
    try tree.remove("bus/pci/devices/0000:00:04.0/virtio1/features")
    try tree.add("0000:00:05.0")
    let outcome = try BuiltProgram.run(
      ["--sysfs", tree.root, "--noheadings", "-o", "ADDRESS,STATUS,FEATURES"])
    #expect(
      outcome.output == """
        0000:00:03.0  gone  -
        0000:00:04.0  ?     ?
        0000:00:05.0  -     -

        """)
    let full = try BuiltProgram.run(["--sysfs", tree.root, "03.0"])
    #expect(full.output.contains("\n  state      gone: the device status reads all ones\n"))
    #expect(!full.output.contains("FAILED"))
    #expect(!full.output.contains("\n  drivers"))
  }

  @Test("a function without an answer is gone, or asleep where the kernel says so")
  func absence() throws {
    let tree = try SysfsFixture()
    for name in ["0000:00:03.0", "0000:00:04.0"] {
      try tree.add(name)
      try tree.write(Array(repeating: 0xFF, count: 256), to: "bus/pci/devices/\(name)/config")
    }
    try tree.write("D3cold\n", to: "bus/pci/devices/0000:00:04.0/power_state")
    let outcome = try BuiltProgram.run(
      ["--sysfs", tree.root, "--noheadings", "-o", "ADDRESS,STATUS,CAPABILITIES"])
    #expect(outcome.output == "0000:00:03.0  gone    ?\n0000:00:04.0  asleep  ?\n")
    #expect(outcome.error.split(separator: "\n").count == 2)
    #expect(outcome.status == 4)
    let full = try BuiltProgram.run(["--sysfs", tree.root, "04.0"])
    #expect(full.output.contains("\n  state      asleep: config space reads all ones\n"))
  }

  @Test("IDs of the header line stand in for those that read all ones")
  func virtualFunction() throws {
    let dump = Self.dump("virtual-function")
    let outcome = try BuiltProgram.run(
      ["-F", dump, "--noheadings", "-o", "ADDRESS,TYPE,ID,CAPABILITIES"])
    #expect(outcome.output == "0000:3b:04.4  net  1af4:1041  common notify isr device\n")
    #expect(outcome.status == 0)
  }

  @Test(
    "without IDs anywhere it is said what is there",
    arguments: [
      (
        "virtual-function",
        ": 0000:3b:04.4 has no IDs in config space (a virtual function? "
          + "lspci -nn shows its IDs)"
      ),
      ("gone", ": 0000:00:05.0 reads all ones (gone or powered down)"),
    ])
  func nothing(name: String, end: String) throws {
    let text = String(decoding: try Data(contentsOf: URL(filePath: Self.dump(name))), as: UTF8.self)
    let dump = try TemporaryFile(text.replacing(" [1af4:1041]", with: "").utf8)
    let outcome = try BuiltProgram.run(["-F", dump.path])
    #expect(
      outcome.error
        == "virtio-pci-inspect: \(dump.path): no virtio function, but 1 other\(end)\n")
    #expect(outcome.status == 3)
  }

  @Test("where there is no virtio function the others are counted, with their IDs")
  func others() throws {
    let tree = try SysfsFixture()
    for slot in 3...4 {
      let name = "0000:00:0\(slot).0"
      try tree.add(name)
      var config = ConfigSpace.healthy.bytes
      config.replaceSubrange(0..<4, with: [0x86, 0x80, 0x37, 0x12])
      try tree.identify(name, as: config, id: "8086:1237")
    }
    let outcome = try BuiltProgram.run(["--sysfs", tree.root])
    #expect(
      outcome.error
        == "virtio-pci-inspect: no virtio function on the PCI bus, but 2 others (8086:1237)\n")
    #expect(outcome.status == 3)
  }
}

extension SysfsFixture {
  /// Gives the function this config space, and the kernel its IDs.
  fileprivate func identify(_ name: String, as config: [UInt8], id: String) throws {
    try write(config, to: "bus/pci/devices/\(name)/config")
    try write(
      "PCI_CLASS=20000\nPCI_ID=\(id)\nPCI_SUBSYS_ID=1AF4:0001\nPCI_SLOT_NAME=\(name)\n",
      to: "bus/pci/devices/\(name)/uevent")
    try write("0x00\n", to: "bus/pci/devices/\(name)/revision")
  }
}
