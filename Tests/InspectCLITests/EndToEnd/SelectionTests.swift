import Foundation
import TestSupport
import Testing
import VirtioConformance

@Suite("What is asked for is shown, once", .timeLimit(.minutes(10)))
struct SelectionTests {
  /// What is asked for of the tree `q35` or `firecracker`, and the addresses shown.
  static let rows: [(tree: String, line: String, shown: [String])] = [
    ("q35", "05.0", ["0000:00:05.0"]),
    ("q35", "00:05.0 0000:00:05.0 0x0:0x5.0 virtio0 05.*", ["0000:00:05.0"]),
    ("q35", "10:00.0 01:00.0", ["0000:01:00.0", "0000:10:00.0"]),
    ("q35", "00:*.*", ["0000:00:05.0", "0000:00:06.0", "0000:00:08.0"]),
    ("q35", "-s 00:*", ["0000:00:05.0", "0000:00:06.0", "0000:00:08.0"]),
    ("q35", "-s 0x0:0x5.0x0", ["0000:00:05.0"]),
    ("q35", "-d 1af4:1041", ["0000:01:00.0"]),
    ("q35", "-d :1000", ["0000:00:08.0"]),
    ("q35", "-d 1af4:0x1000", ["0000:00:08.0"]),
    ("q35", "-t net", ["0000:00:08.0", "0000:01:00.0"]),
    ("q35", "-t 1,gpu", ["0000:00:05.0", "0000:00:08.0", "0000:01:00.0"]),
    ("q35", "-t net -s 01:", ["0000:01:00.0"]),
    ("q35", "-t net virtio0 virtio8", ["0000:01:00.0"]),
    ("q35", "virtio28", ["0000:15:00.0"]),
    ("q35", "virtio_net", ["0000:00:08.0", "0000:01:00.0"]),
    ("q35", "virtio-pci -t gpio", ["0000:15:00.0"]),
    ("firecracker", "eth0", ["0000:00:03.0"]),
    ("firecracker", "vda virtio1 02.0", ["0000:00:02.0"]),
    ("firecracker", "vda eth0", ["0000:00:02.0", "0000:00:03.0"]),
    ("vdpa", "eth7", ["0000:3b:04.4"]), ("vdpa", "virtio5", ["0000:3b:04.4"]),
    ("vdpa", "vdpa0 vhost-vdpa-0", ["0000:3b:04.4", "0000:3b:04.5"]),
    ("vdpa", "vhost_vdpa", ["0000:3b:04.5"]),
  ]

  @Test("by address, ID, type, kernel name and driver", arguments: rows)
  func selected(row: (tree: String, line: String, shown: [String])) throws {
    let words = row.line.split(separator: " ").map { String($0) }
    let outcome = try list(["--sysfs", "\(Fixtures.folder)/sysfs/\(row.tree)"] + words)
    #expect(outcome.lines == row.shown)
    // A name that a filter excludes was not found.
    #expect(outcome.status == (row.line.hasSuffix("virtio0 virtio8") ? 3 : 0))
  }

  /// What the program says of `arguments`, and its status.
  private func messages(_ arguments: [String]) throws -> (lines: [String], status: Int32) {
    let outcome = InProcess.run(arguments)
    let lines = outcome.error.split(separator: "\n").map {
      String($0.trimmingPrefix("virtio-pci-inspect: "))
    }
    return (lines, outcome.status)
  }

  @Test("a name that could not be read may be the one that was asked for")
  func unreadNames() throws {
    let tree = try SysfsFixture()
    try tree.add("0000:00:03.0", virtio: .init("virtio2", nodes: ["net/eth0"]))
    try tree.add("0000:00:04.0", virtio: .init("virtio3", nodes: ["net/eth1"]))
    try tree.write("", to: "bus/pci/devices/0000:00:03.0/virtio2/uevent")
    let uevent = tree.function("0000:00:03.0", "virtio2/uevent")
    let missing = try messages(["--sysfs", tree.root, "eth0"])
    #expect(missing.lines == ["\(uevent): is empty"])
    #expect(missing.status == 4)
    let found = try messages(["--sysfs", tree.root, "eth1"])
    #expect(found.lines == [])
    #expect(found.status == 0)
  }

  @Test("where something could not be looked at nothing is said to be missing there")
  func overlooked() throws {
    let tree = try SysfsFixture()
    for slot in 3...4 { try tree.add("0000:00:0\(slot).0", virtio: .init("virtio\(slot)")) }
    try tree.remove("bus/pci/devices/0000:00:04.0/uevent")
    for device in ["04.0", "virtio4", "0000:00:04.0"] {
      let outcome = try messages(["--sysfs", tree.root, device])
      #expect(outcome.lines.count == 1)
      #expect(outcome.lines.first?.hasSuffix("uevent: No such file or directory") == true)
      #expect(outcome.status == 4)
    }
    // What is wrong with one function says nothing of another.
    let other = try messages(["--sysfs", tree.root, "05.0", "04.0"])
    #expect(other.lines.contains("05.0: no such virtio function"))
    #expect(other.lines.count == 2)
    #expect(other.status == 4)
    let nowhere = try messages(["-F", tree.path("nowhere"), "04.0"])
    #expect(nowhere.lines == ["\(tree.path("nowhere")): No such file or directory"])
    #expect(nowhere.status == 4)
  }

  @Test("a file without an address is in the slot that is any", arguments: [["-s", "*"], ["*.*"]])
  func anySlot(arguments: [String]) throws {
    let file = "\(Fixtures.folder)/dumps/socket.config"
    let outcome = InProcess.run(["--noheadings", "-o", "TYPE", "-F", file] + arguments)
    #expect(outcome.output == "socket\n")
    #expect(outcome.status == 0)
  }

  @Test(
    "a name that no function has gets the hint that helps",
    arguments: [
      ("net", "no such virtio function; net is a device type, which -t net selects"),
      ("help", "no such virtio function; --help shows the options"),
      ("vda1", "is a partition: name its disk, vda"),
      ("lo", "is a network interface, but not of a virtio function on PCI"),
      ("sda", "is a disk, but not of a virtio function on PCI"),
      ("eth9", "no such virtio function"),
    ])
  func hints(name: String, message: String) throws {
    let tree = try SysfsFixture()
    try tree.add("0000:00:03.0", virtio: .init("virtio3"))
    try tree.createFolder("class/net/lo")
    try tree.createFolder("class/block/sda")
    try tree.createFolder("devices/vda/vda1")
    try tree.write("1\n", to: "devices/vda/vda1/partition")
    try tree.link("class/block/vda1", to: "../../devices/vda/vda1")
    let outcome = try messages(["--sysfs", tree.root, name])
    #expect(outcome.lines == ["\(name): \(message)"])
    #expect(outcome.status == 3)
  }

  @Test("a path to nothing is missing, whatever is asked of it")
  func nothing() throws {
    for option in ["--registers", "--probe", "-v"] {
      let outcome = try messages([option, "./nowhere/device"])
      #expect(outcome.lines == ["./nowhere/device: No such file or directory"])
      #expect(outcome.status == 3)
    }
    let file = "\(Fixtures.folder)/dumps/socket.config"
    #expect(try messages(["--registers", file]).status == 2)
  }

  @Test("an argument that is not UTF-8 is refused, and names no other file")
  func notUTF8() throws {
    try withScratchFolder { folder in
      let outcome = try BuiltProgram.run(
        [folder], by: #"cd "$1" && "$0" --capture "$(printf 'c\377')" 04.0; ls >&2"#)
      // Nothing was made that `ls` would show.
      let message = #"c\u{fffd} is not UTF-8; name a file by a link to it, or from its folder"#
      #expect(outcome.error == "virtio-pci-inspect: \(message)\n")
    }
  }

  @Test(
    "the tree that libpci is told to read is the one for all else, too",
    .needsLibPCI, arguments: ["", "/"])
  func libpciTree(slash: String) throws {
    let tree = try SysfsFixture()
    try tree.add("0000:00:04.0", driver: "nobody", virtio: .init("virtio7", nodes: ["net/eth9"]))
    for (name, text) in [
      ("vendor", "0x1af4"), ("device", "0x1053"), ("class", "0xffff00"),
      ("subsystem_vendor", "0x1af4"), ("subsystem_device", "0x0013"),
    ] {
      try tree.write("\(text)\n", to: "bus/pci/devices/0000:00:04.0/\(name)")
    }
    let outcome = InProcess.run([
      "-A", "libpci", "-O", "sysfs.path=\(tree.path("bus/pci"))\(slash)", "--noheadings", "-o",
      "ADDRESS,VIRTIO,NODES",
    ])
    #expect(outcome.output == "0000:00:04.0  virtio7  eth9\n")
    #expect(outcome.status == 0)
  }

  @Test("by the folder of the function, by one below it, and by a link to it")
  func folders() throws {
    let tree = try SysfsFixture()
    try tree.add("0000:00:03.0", virtio: .init("virtio2", nodes: ["net/eth0"]))
    try tree.add("0000:00:04.0")
    let function = tree.function("0000:00:03.0")
    try tree.createFolder("class/net")
    let node = "bus/pci/devices/0000:00:03.0/virtio2/net/eth0"
    try tree.link("class/net/eth0", to: "../../\(node)")
    try tree.link("\(node)/device", to: "../../../virtio2")
    let paths = [
      function, function + "/", function + "/virtio2", tree.path(node),
      tree.path("class/net/eth0/device"), tree.path("class/net/eth0"),
    ]
    for path in paths {
      #expect(try list(["--sysfs", tree.root, path]).lines == ["0000:00:03.0"])
      // The same without the tree: what the path leads to says enough.
      #expect(try list([path]).lines == ["0000:00:03.0"])
    }
    #expect(try list(["--sysfs", tree.root, "eth0", "03.0"] + paths).lines == ["0000:00:03.0"])
    #expect(try list(paths).lines == ["0000:00:03.0"])
  }

  @Test("a raw file is shown beside a function of the machine, each as asked")
  func mixed() throws {
    let tree = "\(Fixtures.folder)/sysfs/q35"
    let file = "\(Fixtures.folder)/dumps/socket.config"
    let outcome = try list(["--sysfs", tree, file, "05.0"])
    #expect(outcome.lines == ["0000:00:05.0", "-"])
  }

  @Test("a raw file is shown once, however its path is spelled")
  func sameFile() throws {
    let folder = "\(Fixtures.folder)/dumps"
    let paths = ["\(folder)/socket.config", "\(folder)/../dumps//socket.config"]
    #expect(try list(paths).lines == ["-"])
    #expect(try list(paths + ["\(folder)/transitional-pc.txt"]).status == 4)
  }

  @Test("a filter holds for files too")
  func filteredFile() throws {
    let file = "\(Fixtures.folder)/dumps/socket.config"
    #expect(try list([file, "-t", "socket"]).lines == ["-"])
    #expect(try list([file, "-t", "net"]).status == 3)
  }

  private func list(_ words: [String]) throws -> (lines: [String], status: Int32) {
    let outcome = InProcess.run(["--noheadings", "-o", "ADDRESS"] + words)
    return (outcome.output.split(separator: "\n").map { String($0) }, outcome.status)
  }
}
