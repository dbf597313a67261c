import Foundation
import TestSupport
import Testing
import VirtioConformance

@Suite("--capture", .timeLimit(.minutes(10)))
struct CaptureTests {
  @Test(
    "a capture reads back to the same JSON",
    arguments: ["firecracker", "q35", "legacy-pc", "transitional-pc", "unbound", "vdpa"])
  func same(tree: String) throws {
    try withScratchFolder { folder in
      let root = "\(Fixtures.folder)/sysfs/\(tree)"
      let live = InProcess.run(["--sysfs", root, "-J", "--capture", "\(folder)/capture"])
      let again = InProcess.run(["--sysfs", "\(folder)/capture", "-J"])
      #expect(live.status == 0)
      #expect(again.output == live.output)
      #expect(again.error == "")
    }
  }

  @Test("the header alone, without a capability list or with one, reads back the same")
  func header() throws {
    let fixture = try SysfsFixture()
    try fixture.add("0000:00:04.0", ConfigSpace(size: 64))
    try fixture.add("0000:00:05.0", ConfigSpace(size: 64).pointing(at: 0x40))
    try withScratchFolder { folder in
      let live = InProcess.run(["--sysfs", fixture.root, "-J", "--capture", folder])
      let again = InProcess.run(["--sysfs", folder, "-J"])
      let message = "only the first 64 bytes of its config space were saved: save it as root, with"
      #expect(live.output.contains(message))
      #expect(again.output == live.output)
    }
  }

  @Test("links are kept as links")
  func links() throws {
    let fixture = try SysfsFixture()
    try fixture.add("0000:00:04.0", iommuGroup: 3)
    try withScratchFolder { folder in
      let live = InProcess.run(["--sysfs", fixture.root, "-J", "--capture", folder])
      #expect(live.output.contains(#""iommu_group": 3,"#))
      #expect(InProcess.run(["--sysfs", folder, "-J"]).output == live.output)
    }
  }

  @Test("a capture of a capture holds no more than that one")
  func twice() throws {
    try withScratchFolder { folder in
      let root = "\(Fixtures.folder)/sysfs/firecracker"
      let (first, second) = ("\(folder)/first", "\(folder)/second")
      _ = InProcess.run(["--sysfs", root, "04.0", "--capture", first])
      let ranges = URL(filePath: "\(first)/bus/pci/devices/0000:00:04.0/config.read")
      try Data("0x4-0x7\n".utf8).write(to: ranges)
      let once = InProcess.run(["--sysfs", first, "04.0", "--capture", second])
      #expect(once.error.hasSuffix("not all of the 4 bytes at 0x34 were captured\(Self.cure)\n"))
      let again = InProcess.run(["--sysfs", second, "04.0"])
      #expect(again.output == once.output)
      #expect(again.error == once.error.replacing(first, with: second))
    }
  }

  private static let cure = ": capture the function again with -x"

  @Test("what a device of several kinds has made is kept", arguments: ["event4", "js0"])
  func nodes(name: String) throws {
    let fixture = try SysfsFixture()
    let nodes = ["input/input3", "input/input3/\(name)", "net/eth0", "host0"]
    try fixture.add("0000:00:04.0", virtio: .init("virtio3", nodes: nodes))
    try withScratchFolder { folder in
      let live = InProcess.run(
        ["--sysfs", fixture.root, "-o", "NODES", "--capture", folder])
      #expect(live.output.contains("eth0"))
      #expect(live.output.contains(name) == (name == "event4"))
      let again = InProcess.run(["--sysfs", folder, "-o", "NODES"])
      #expect(again.output == live.output)
    }
  }

  @Test("rules for what a capture does not hold are not checked, and that is no error")
  func extended() throws {
    try withScratchFolder { folder in
      let root = "\(Fixtures.folder)/sysfs/sriov"
      _ = InProcess.run(["--sysfs", root, "-J", "--capture", "\(folder)/json"])
      _ = InProcess.run(["--sysfs", root, "--check", "--capture", "\(folder)/check"])
      let tree = InProcess.run(["--sysfs", root, "--check"])
      let checked = InProcess.run(["--sysfs", "\(folder)/check", "--check"])
      #expect(checked.output == tree.output)
      let other = InProcess.run(["--sysfs", "\(folder)/json", "--check"])
      for outcome in [checked, other] {
        #expect(outcome.error == "")
        #expect(outcome.status == 0)
      }
    }
  }

  @Test("it holds the functions that were asked for, and of each all that JSON needs")
  func selected() throws {
    try withScratchFolder { folder in
      let root = "\(Fixtures.folder)/sysfs/firecracker"
      let list = InProcess.run(
        ["--sysfs", root, "-t", "net", "-o", "ADDRESS", "--capture", folder + "/a/b"])
      #expect(list.status == 0)
      let devices = folder + "/a/b/bus/pci/devices"
      let captured = try FileManager.default.contentsOfDirectory(atPath: devices)
      #expect(captured == ["0000:00:03.0"])
      let live = InProcess.run(["--sysfs", root, "-t", "net", "-J"])
      #expect(InProcess.run(["--sysfs", folder + "/a/b", "-J"]).output == live.output)
    }
  }

  @Test("nothing is overwritten, and what is there stays as it is")
  func kept() throws {
    try withScratchFolder { folder in
      let root = "\(Fixtures.folder)/sysfs/firecracker"
      let arguments = ["--sysfs", root, "04.0", "--capture", folder]
      #expect(InProcess.run(arguments).status == 0)
      let mark = "\(folder)/bus/pci/devices/0000:00:04.0/config"
      try Data("mine".utf8).write(to: URL(filePath: mark))
      let again = InProcess.run(arguments)
      #expect(again.status == 4)
      #expect(again.error.hasSuffix("0000:00:04.0: already exists and is not overwritten\n"))
      #expect(try Data(contentsOf: URL(filePath: mark)) == Data("mine".utf8))
    }
  }

  @Test("bytes that were not read are not read back", arguments: ["-x", "config"])
  func unread(way: String) throws {
    try withScratchFolder { folder in
      let root = "\(Fixtures.folder)/sysfs/firecracker"
      _ = InProcess.run(["--sysfs", root, "04.0", "--capture", folder])
      let config = "\(folder)/bus/pci/devices/0000:00:04.0/config"
      // As of a device, whose window is not read.
      let ranges = "0x4-0x7\n0x34-0x37\n0x40-0x93\n0x98-0xa3\n"
      try Data(ranges.utf8).write(to: URL(filePath: config + ".read"))
      if way == "-x" {
        let outcome = InProcess.run(["--sysfs", folder, "-x", "04.0"])
        #expect(outcome.status == 4)
        let message = "not all of the 256 bytes at 0x0 were captured\(Self.cure)\n"
        #expect(outcome.error.hasSuffix(message))
      } else {
        // The file itself, as a DEVICE: the window's data stand there as zeros, which are nobody's.
        let outcome = InProcess.run(["-J", config])
        #expect(
          try outcome.jq("-c", "[.devices[0].capabilities[].pci_cfg_data]")
            == "[null,null,null,null,null]\n")
        #expect(outcome.error == "")
      }
    }
  }

  @Test("the config of a capture is no dump")
  func dump() throws {
    try withScratchFolder { folder in
      let root = "\(Fixtures.folder)/sysfs/firecracker"
      _ = InProcess.run(["--sysfs", root, "04.0", "--capture", folder])
      let config = "\(folder)/bus/pci/devices/0000:00:04.0/config"
      let outcome = InProcess.run(["-F", config])
      #expect(outcome.status == 4)
      #expect(outcome.error.hasSuffix("is part of a capture: name its folder, or use --sysfs\n"))
    }
  }

  @Test("a damaged list of what was read is an error")
  func damaged() throws {
    try withScratchFolder { folder in
      let root = "\(Fixtures.folder)/sysfs/firecracker"
      _ = InProcess.run(["--sysfs", root, "04.0", "--capture", folder])
      let ranges = "\(folder)/bus/pci/devices/0000:00:04.0/config.read"
      #expect(try String(contentsOfFile: ranges, encoding: .utf8).hasPrefix("0x4-0x7\n0x34-0x37\n"))
      for text in ["0x40\n", "0x50-0x40\n", "0x0-0x1000\n", "0-ff\n", "junk-0x4-0x7\n"] {
        try Data(text.utf8).write(to: URL(filePath: ranges))
        let outcome = InProcess.run(["--sysfs", folder, "04.0"])
        #expect(outcome.status == 4)
        #expect(outcome.error.contains("config.read: is not a list of offset ranges"))
        #expect(outcome.output.contains("0000:00:04.0  socket device"))
      }
    }
  }

  @Test("a folder that cannot be written is an error, and the function is shown")
  func unwritable() throws {
    let root = "\(Fixtures.folder)/sysfs/firecracker"
    let outcome = InProcess.run(["--sysfs", root, "04.0", "--capture", "/proc/nowhere"])
    #expect(outcome.status == 4)
    #expect(outcome.output.hasPrefix("0000:00:04.0  socket device"))
    #expect(outcome.error.hasSuffix("0000:00:04.0: /proc/nowhere: No such file or directory\n"))
  }

  @Test("a file in place of the folder is named, and stays")
  func file() throws {
    let file = try TemporaryFile("mine".utf8)
    let root = "\(Fixtures.folder)/sysfs/firecracker"
    let outcome = InProcess.run(["--sysfs", root, "04.0", "--capture", file.path])
    #expect(outcome.status == 4)
    #expect(outcome.error.hasSuffix("0000:00:04.0: \(file.path): Not a directory\n"))
    #expect(try Data(contentsOf: URL(filePath: file.path)) == Data("mine".utf8))
  }

  @Test("a capture that was cut short leaves nothing, and does not stand in the way of another")
  func cutShort() throws {
    try withScratchFolder { folder in
      let root = "\(Fixtures.folder)/sysfs/firecracker"
      let devices = "\(folder)/capture/bus/pci/devices"
      let arguments = ["--sysfs", root, "04.0", "--capture", "\(folder)/capture"]
      // No file may grow.
      let outcome = try BuiltProgram.run(arguments, by: #"ulimit -f 0; "$0" "$@""#)
      #expect(outcome.status == 4)
      #expect(try FileManager.default.contentsOfDirectory(atPath: devices) == [])
      #expect(InProcess.run(arguments).status == 0)
      #expect(try FileManager.default.contentsOfDirectory(atPath: devices) == ["0000:00:04.0"])
    }
  }

  @Test("a function whose address nothing says is shown, and not captured")
  func nameless() throws {
    let fixture = try SysfsFixture()
    try fixture.add("0000:00:04.0")
    let function = fixture.function("0000:00:04.0")
    let uevent = try String(contentsOfFile: "\(function)/uevent", encoding: .utf8)
    try fixture.write(
      uevent.replacing(#/PCI_SLOT_NAME.*\n/#, with: ""),
      to: "bus/pci/devices/0000:00:04.0/uevent")
    try withScratchFolder { folder in
      let outcome = InProcess.run(["--capture", folder, function])
      #expect(outcome.output.contains("socket device"))
      #expect(outcome.error.hasSuffix("is not captured: nothing says its address\n"))
      #expect(outcome.status == 4)
    }
  }
}
