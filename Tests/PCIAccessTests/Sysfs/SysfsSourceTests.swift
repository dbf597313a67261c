import Foundation
import Platform
import SystemPackage
import TestSupport
import Testing
import VirtioConformance
import VirtioPCI

@testable import PCIAccess

@Suite("sysfs source", .timeLimit(.minutes(10)))
struct SysfsSourceTests {
  private func all(
    _ tree: SysfsFixture, where wants: @escaping (Address) -> Bool = { _ in true }
  ) throws -> [any PCIFunction] {
    var source = SysfsSource(tree: SysfsTree(root: tree.root), where: wants)
    var functions: [any PCIFunction] = []
    while let function = try source.next() { functions.append(function) }
    return functions
  }

  private func one(_ tree: SysfsFixture) throws -> any PCIFunction {
    try #require(try all(tree).first)
  }

  @Test("functions come in the order of their numbers, and only those that are wanted")
  func order() throws {
    let tree = try SysfsFixture()
    let names = ["10000:00:00.0", "0000:00:1f.7", "0000:00:04.0", "0000:80:00.0"]
    for name in names { try tree.add(name) }
    try tree.createFolder("bus/pci/devices/nonsense")
    #expect(
      try all(tree).compactMap { $0.address?.description }
        == ["0000:00:04.0", "0000:00:1f.7", "0000:80:00.0", "10000:00:00.0"])
    #expect(try all(tree) { $0.bus == 0x80 }.count == 1)
  }

  @Test("functions that are named are opened without a look at any other")
  func named() throws {
    let tree = try SysfsFixture()
    try tree.add("0000:00:04.0")
    try tree.add("0000:00:03.0")
    try tree.remove("bus/pci/devices/0000:00:03.0/uevent")
    let addresses = ["0000:00:09.0", "0000:00:04.0"].compactMap { Address($0) }
    var source = SysfsSource(tree: SysfsTree(root: tree.root), addresses: addresses)
    #expect(try source.next()?.address == Address("0000:00:04.0"))
    #expect(try source.next() == nil)
  }

  @Test("identity is that of uevent, whatever config space says")
  func identity() throws {
    let tree = try SysfsFixture()
    // As an SR-IOV virtual function: its config space has no IDs.
    try tree.add("0000:00:04.0", ConfigSpace(device: 0x1041, revision: 1, classCode: 0x020000))
    try tree.write(Array(repeating: 0xFF, count: 4), to: "bus/pci/devices/0000:00:04.0/config")
    let function = try one(tree)
    #expect(
      try function.identity()
        == Identity(
          vendorID: 0x1AF4, deviceID: 0x1041, revision: 1, classCode: 0x020000,
          subsystemVendorID: 0x1AF4, subsystemID: 0x1100))
  }

  @Test("a revision that has no file is read of config space")
  func revision() throws {
    let tree = try SysfsFixture()
    try tree.add("0000:00:04.0", ConfigSpace(revision: 7))
    try tree.remove("bus/pci/devices/0000:00:04.0/revision")
    let function = try one(tree)
    #expect(try function.identity().revision == 7)
  }

  @Test(
    "a file that is not what it should be is an error that names it",
    arguments: [
      ("uevent", "PCI_ID=1AF4:1041\n"), ("uevent", "PCI_CLASS=20000\nPCI_ID=x\n"),
      ("uevent", "PCI_CLASS=20000\nPCI_ID=1AF41:1041\nPCI_SUBSYS_ID=1AF4:1\n"),
      ("revision", "1\n"), ("revision", "0x100\n"), ("revision", ""),
    ])
  func malformed(file: String, content: String) throws {
    let tree = try SysfsFixture()
    try tree.add("0000:00:04.0")
    try tree.write(content, to: "bus/pci/devices/0000:00:04.0/\(file)")
    let function = try one(tree)
    let error = #expect(throws: AccessError.self) { try function.identity() }
    #expect(error?.address == Address("0000:00:04.0"))
    #expect(error?.subject.hasSuffix("/\(file)") == true)
  }

  @Test("BARs have their size, their kind and, when one is assigned, their address")
  func bars() throws {
    let tree = try SysfsFixture()
    try tree.add(
      "0000:00:04.0",
      resource: """
        0x0000004000180000 0x00000040001fffff 0x0000000000140204
        0x0000000000000000 0x0000000000000000 0x0000000000000000
        0x000000000000c000 0x000000000000c01f 0x0000000000040101
        0x00000000fe000000 0x00000000fe000000 0x0000000000040200
        0x0000000000000000 0x0000000000000fff 0x0000000020042208
        0x0000000000000000 0xffffffffffffffff 0x0000000000040200
        0x00000000000c0000 0x00000000000dffff 0x0000000000000212

        """)
    let function = try one(tree)
    #expect(
      try function.bars() == [
        BAR(
          index: 0, space: .memory(width: 64, prefetchable: false), address: 0x40_0018_0000,
          size: 0x8_0000),
        BAR(index: 2, space: .io, address: 0xC000, size: 32),
        BAR(
          index: 3, space: .memory(width: 32, prefetchable: false), address: 0xFE00_0000, size: 1),
        BAR(
          index: 4, space: .memory(width: 32, prefetchable: true), address: nil, size: 0x1000),
        BAR(index: 5, space: .memory(width: 32, prefetchable: false), address: nil, size: nil),
      ])
  }

  @Test(
    "a resource line that is not three numbers is an error with its number",
    arguments: [
      "nonsense\n", "0x0 0x0\n", "0 0 0\n", "0x0 0x0 0x0 0x0\n", "0x0 junk 0x0 0x0\n", "\n",
    ])
  func badResource(line: String) throws {
    let tree = try SysfsFixture()
    try tree.add("0000:00:04.0", resource: "0x0 0x0 0x0\n" + line)
    let function = try one(tree)
    let error = #expect(throws: AccessError.self) { try function.bars() }
    #expect(error?.description.hasPrefix("line 2: ") == true)
  }

  @Test(
    "a resource file that ends before the last BAR is an error, also within its line",
    arguments: [0, 5, 6], ["", "0x0 0x0 0x0", "0x4000180000 0x40001fffff 0x14020"])
  func shortResource(lines: Int, rest: String) throws {
    let tree = try SysfsFixture()
    let text = String(repeating: "0x0 0x0 0x0\n", count: lines) + rest
    try tree.add("0000:00:04.0")
    try tree.write(text, to: "bus/pci/devices/0000:00:04.0/resource")
    let function = try one(tree)
    guard lines < 6 else {
      #expect(try function.bars() == [])
      return
    }
    let error = #expect(throws: AccessError.self) { try function.bars() }
    #expect(error?.description == "does not have a line for every BAR")
  }

  @Test("the last line of uevent counts without its line feed")
  func unfinishedUEvent() throws {
    let tree = try SysfsFixture()
    try tree.add("0000:00:04.0")
    try tree.write(
      "PCI_CLASS=20000\nPCI_SUBSYS_ID=1AF4:1100\nPCI_ID=1AF4:1041",
      to: "bus/pci/devices/0000:00:04.0/uevent")
    let function = try one(tree)
    #expect(try function.identity().deviceID == 0x1041)
  }

  @Test(
    "no more is read than config space has",
    arguments: [
      (size: 63, offset: 0, count: 64, expected: 0..<63),
      (size: 64, offset: 0x34, count: 16, expected: 0x34..<64),
      (size: 256, offset: 0xFC, count: 16, expected: 0xFC..<256),
      (size: 256, offset: 256, count: 4, expected: 0..<0),
      (size: 4096, offset: 0, count: 4096, expected: 0..<4096),
      (size: 5000, offset: 4090, count: 100, expected: 4090..<4096),
      (size: 0, offset: 0, count: 4, expected: 0..<0),
    ])
  func lengths(size: Int, offset: Int, count: Int, expected: Range<Int>) throws {
    let tree = try SysfsFixture()
    try tree.add("0000:00:04.0")
    let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    try tree.write(bytes, to: "bus/pci/devices/0000:00:04.0/config")
    let function = try one(tree)
    #expect(try function.readConfig(at: offset, count: count) == Array(bytes[expected]))
    #expect(function.configSize == min(size, 4096))
  }

  @Test("a read that comes back short, as for the unprivileged, lowers the size")
  func short() throws {
    let tree = try SysfsFixture()
    try tree.add("0000:00:04.0")
    let function = try one(tree)
    _ = try function.readConfig(at: 0, count: 4)
    try tree.write(Array(repeating: 2, count: 64), to: "bus/pci/devices/0000:00:04.0/config")
    #expect(try function.readConfig(at: 0x30, count: 0x20) == Array(repeating: 2, count: 16))
    #expect(function.configSize == 64)
  }

  @Test("the kernel's facts are read as far as they are asked for")
  func facts() throws {
    let tree = try SysfsFixture()
    try tree.add(
      "0000:00:04.0", driver: "virtio-pci", numaNode: 1, iommuGroup: 12,
      virtio: .init(
        "virtio3", driver: "virtio_net", status: "0x0000000f",
        features: "1" + String(repeating: "0", count: 63), nodes: ["net/eth0", "net/eth1"]))
    let function = try one(tree)
    #expect(
      try function.kernelFacts([])
        == KernelFacts(
          driver: "virtio-pci",
          virtio: KernelVirtioDevice(name: "virtio3", driver: "virtio_net")))
    let all = try function.kernelFacts([.status, .features, .nodes, .placement])
    #expect(all.numaNode == 1)
    #expect(all.iommuGroup == 12)
    #expect(all.virtio?.status == DeviceStatus(rawValue: 0x0F))
    #expect(all.virtio?.nodes == ["eth0", "eth1"])
    #expect(all.virtio?.features != nil)
  }

  @Test("a NUMA node or an IOMMU group of -1 is none, and an empty tag names nothing")
  func absent() throws {
    let tree = try SysfsFixture()
    try tree.add("0000:00:04.0", iommuGroup: -1, virtio: .init("virtio3"))
    try tree.write("", to: "bus/pci/devices/0000:00:04.0/virtio3/mount_tag")
    let function = try one(tree)
    let facts = try function.kernelFacts([.nodes, .placement])
    #expect(facts == KernelFacts(virtio: KernelVirtioDevice(name: "virtio3")))
  }

  @Test("a list of functions that cannot be read is an error")
  func unreadableList() throws {
    let tree = try SysfsFixture()
    try tree.remove("bus/pci/devices")
    try tree.write("", to: "bus/pci/devices")
    var source = SysfsSource(tree: SysfsTree(root: tree.root)) { _ in true }
    let error = #expect(throws: AccessError.self) { _ = try source.next() }
    #expect(error?.subject == tree.path("bus/pci/devices"))
    #expect(error?.reason == .system(.notDirectory))
  }

  @Test(
    "a link to what is no IOMMU group is an error",
    arguments: ["abc", "4294967296", "99999999999999999999"])
  func strangeGroup(name: String) throws {
    let tree = try SysfsFixture()
    try tree.add("0000:00:04.0")
    let path = "bus/pci/devices/0000:00:04.0/iommu_group"
    try tree.link(path, to: "../../../../kernel/iommu_groups/\(name)")
    let function = try one(tree)
    let facts = try function.kernelFacts(.placement)
    #expect(facts.iommuGroup == nil)
    #expect(facts.errors.map(\.subject) == [tree.path(path)])
  }

  @Test("a driver without a name is none")
  func namelessDriver() throws {
    let tree = try SysfsFixture()
    try tree.add("0000:00:04.0", driver: "", virtio: .init("virtio3", driver: ""))
    let function = try one(tree)
    let facts = try function.kernelFacts([])
    #expect(facts.driver == nil)
    #expect(facts.virtio == KernelVirtioDevice(name: "virtio3"))
  }

  @Test(
    "what is there and cannot be read is an error, and no value",
    arguments: [
      "numa_node", "iommu_group", "virtio3/uevent", "virtio3/status", "virtio3/features",
      "virtio3/mount_tag",
    ])
  func unreadable(name: String) throws {
    let tree = try SysfsFixture()
    try tree.add(
      "0000:00:04.0", iommuGroup: 1, virtio: .init("virtio3", nodes: ["net/eth0"]))
    let path = "bus/pci/devices/0000:00:04.0/\(name)"
    try? tree.remove(path)
    if name == "iommu_group" {
      // Not to be read as a link.
      try tree.createFolder(path)
    } else {
      // Root can read whatever there is, but no link is followed.
      try tree.write("1\n", to: "secret")
      try tree.link(path, to: tree.path("secret"))
    }
    let function = try one(tree)
    let facts = try function.kernelFacts([.status, .features, .nodes, .placement])
    #expect(facts.errors.map(\.subject) == [tree.path(path)])
  }

  @Test(
    "a text that is no value is an error",
    arguments: [
      ("numa_node", ""), ("numa_node", "x\n"), ("virtio3/status", ""), ("virtio3/status", "0xg\n"),
      ("virtio3/status", "0x00000100\n"),
      ("virtio3/uevent", ""), ("virtio3/features", "2\n"), ("virtio3/features", ""),
    ])
  func malformedFacts(name: String, content: String) throws {
    let tree = try SysfsFixture()
    try tree.add("0000:00:04.0", virtio: .init("virtio3"))
    let path = "bus/pci/devices/0000:00:04.0/\(name)"
    try tree.write(content, to: path)
    let function = try one(tree)
    let facts = try function.kernelFacts([.status, .features, .placement])
    #expect(facts.errors.map(\.subject) == [tree.path(path)])
  }

  @Test("a resource that ends before the last BAR is an error", arguments: [0, 1, 5])
  func shortResource(count: Int) throws {
    let tree = try SysfsFixture()
    try tree.add("0000:00:04.0")
    let lines = String(repeating: "0x0 0x0 0x0\n", count: count)
    try tree.write(lines, to: "bus/pci/devices/0000:00:04.0/resource")
    let function = try one(tree)
    #expect(throws: AccessError.self) { try function.bars() }
  }

  @Test("where it cannot be told what a capture holds of config space, nothing is read of it")
  func unreadableRanges() throws {
    let tree = try SysfsFixture()
    try tree.add("0000:00:04.0")
    try tree.createFolder("bus/pci/devices/0000:00:04.0/config.read")
    let function = try one(tree)
    let error = #expect(throws: AccessError.self) {
      try function.readConfig(at: 0, count: 4)
    }
    #expect(error?.subject.hasSuffix("/config.read") == true)
  }

  @Test("a virtio device may lie under a vDPA device")
  func virtioVDPA() throws {
    let tree = try SysfsFixture()
    let features = "1" + String(repeating: "0", count: 63)
    try tree.add(
      "0000:00:04.0", driver: "vp-vdpa",
      virtio: .init("vdpa0/virtio5", driver: "virtio_net", features: features, nodes: ["net/eth7"]))
    try tree.write("DRIVER=virtio_vdpa\n", to: "bus/pci/devices/0000:00:04.0/vdpa0/uevent")
    let kernel = try one(tree).kernelFacts([.status, .features, .nodes]).kernel
    #expect(kernel.vdpa == Function.VDPADevice(name: "vdpa0", driver: "virtio_vdpa"))
    #expect(kernel.virtio?.features == FeatureSet(bits: [0]))
    #expect(kernel.devices == ["virtio5", "vdpa0"])
    #expect(kernel.drivers == ["virtio_net", "virtio_vdpa", "vp-vdpa"])
    #expect(kernel.nodes == ["eth7"])
  }

  @Test("the nodes of a vDPA device are its own")
  func vhostVDPA() throws {
    let tree = try SysfsFixture()
    try tree.add("0000:00:04.0", driver: "vp-vdpa")
    let folder = "bus/pci/devices/0000:00:04.0/vdpa1"
    for node in ["vhost-vdpa-10", "vhost-vdpa-x", "vhost-vdpa-2", "power"] {
      try tree.createFolder("\(folder)/\(node)")
    }
    try tree.write("DRIVER=vhost_vdpa\n", to: "\(folder)/uevent")
    let kernel = try one(tree).kernelFacts(.nodes).kernel
    #expect(kernel.virtio == nil)
    #expect(
      kernel.vdpa
        == Function.VDPADevice(
          name: "vdpa1", driver: "vhost_vdpa", nodes: ["vhost-vdpa-10", "vhost-vdpa-2"]))
  }

  @Test("what lets the kernel bind a driver is read where none is bound, and nothing made up")
  func binding() throws {
    let tree = try SysfsFixture()
    try tree.add("0000:00:04.0")
    var binding = Function.Binding()
    #expect(try one(tree).kernelFacts(.binding).kernel.binding == binding)
    try tree.write("(null)\n", to: "bus/pci/devices/0000:00:04.0/driver_override")
    try tree.write("1\n", to: "bus/pci/drivers_autoprobe")
    try tree.createFolder("bus/pci/drivers")
    (binding.isAutomatic, binding.hasDriver) = (true, false)
    #expect(try one(tree).kernelFacts(.binding).kernel.binding == binding)
    try tree.write("vfio-pci\n", to: "bus/pci/devices/0000:00:04.0/driver_override")
    try tree.write("0\n", to: "bus/pci/drivers_autoprobe")
    try tree.createFolder("bus/pci/drivers/virtio-pci")
    (binding.onlyDriver, binding.isAutomatic, binding.hasDriver) = ("vfio-pci", false, true)
    let facts = try one(tree).kernelFacts(.binding)
    #expect(facts.kernel.binding == binding)
    #expect(facts.errors.isEmpty)
    #expect(try one(tree).kernelFacts(.nodes).kernel.binding == nil)
  }

  @Test("what lets the kernel bind a driver to a virtio device is its own bus's")
  func virtioBinding() throws {
    let tree = try SysfsFixture()
    try tree.add("0000:00:04.0", driver: "virtio-pci", virtio: .init("virtio3"))
    try tree.add(
      "0000:00:05.0", driver: "virtio-pci", virtio: .init("virtio4", driver: "virtio_net"))
    try tree.createFolder("bus/virtio")
    try tree.write("0\n", to: "bus/virtio/drivers_autoprobe")
    let bindings = try all(tree).map { try $0.kernelFacts(.binding).kernel.binding }
    #expect(bindings.map { $0?.isAutomatic } == [false, nil])
    #expect(bindings[1] == nil)
  }

  @Test("a physical function of SR-IOV says how many virtual functions there are and can be")
  func physicalFunction() throws {
    let tree = try SysfsFixture()
    let folder = "bus/pci/devices/0000:00:04.0"
    try tree.add("0000:00:04.0")
    #expect(try one(tree).kernelFacts(.sriov).kernel.sriovRole == nil)
    try tree.write("7\n", to: "\(folder)/sriov_totalvfs")
    #expect(
      try one(tree).kernelFacts(.sriov).kernel.sriovRole
        == .physical(totalVFs: 7, numVFs: 0, vfDeviceID: nil))
    try tree.write("2\n", to: "\(folder)/sriov_numvfs")
    try tree.write("1041\n", to: "\(folder)/sriov_vf_device")
    #expect(
      try one(tree).kernelFacts(.sriov).kernel.sriovRole
        == .physical(totalVFs: 7, numVFs: 2, vfDeviceID: 0x1041))
    #expect(try one(tree).kernelFacts(.nodes).kernel.sriovRole == nil)
  }

  @Test("a virtual function of SR-IOV names its physical one")
  func virtualFunction() throws {
    let tree = try SysfsFixture()
    try tree.add("0000:00:04.1")
    try tree.link("bus/pci/devices/0000:00:04.1/physfn", to: "../0000:00:04.0")
    #expect(
      try one(tree).kernelFacts(.sriov).kernel.sriovRole == .virtual(of: Address("0000:00:04.0")))
  }

  @Test(
    "SR-IOV files that make no sense are errors",
    arguments: [
      ("sriov_totalvfs", "65536\n", "is not a number of virtual functions"),
      ("sriov_numvfs", "-1\n", "is not a number of virtual functions"),
      ("sriov_numvfs", "many\n", "is not a number"),
      ("sriov_vf_device", "10410\n", "is not an ID in hex"),
    ])
  func brokenSRIOV(name: String, text: String, message: String) throws {
    let tree = try SysfsFixture()
    try tree.add("0000:00:04.0")
    let folder = "bus/pci/devices/0000:00:04.0"
    try tree.write("7\n", to: "\(folder)/sriov_totalvfs")
    try tree.write(text, to: "\(folder)/\(name)")
    let facts = try one(tree).kernelFacts(.sriov)
    #expect(facts.errors.map(\.description) == ["line 1: " + message])
    #expect(facts.kernel.sriovRole == nil)
    try tree.remove("\(folder)/\(name)")
    try tree.link("\(folder)/physfn", to: "../nowhere")
    #expect(
      try one(tree).kernelFacts(.sriov).errors.map(\.description) == ["leads to no PCI function"])
  }

  @Test(
    "what a driver made is named as users know it",
    arguments: [
      (["net/eth0"], ["eth0"]),
      (["block/vda"], ["vda"]),
      (["virtio-ports/vport0p1", "virtio-ports/vport0p0"], ["vport0p0", "vport0p1"]),
      (["input/input5"], []),
      (["host0"], ["host0"]),
      (["power"], []),
    ] as [([String], [String])])
  func nodes(folders: [String], names: [String]) throws {
    let tree = try SysfsFixture()
    try tree.add("0000:00:04.0", virtio: .init("virtio3", nodes: folders))
    let function = try one(tree)
    #expect(try function.kernelFacts(.nodes).virtio?.nodes == names)
  }

  @Test(
    "a shared file system is known by its tag, without what pads it", arguments: ["\n", "\0\0"])
  func tag(padding: String) throws {
    let tree = try SysfsFixture()
    try tree.add("0000:00:04.0", virtio: .init("virtio3"))
    let path = "bus/pci/devices/0000:00:04.0/virtio3/mount_tag"
    try tree.write("my files\(padding)", to: path)
    let function = try one(tree)
    #expect(try function.kernelFacts(.nodes).virtio?.nodes == ["my files"])
  }

  @Test(
    "a small file is read to its end, and is no device's memory",
    arguments: [0, 1, 100, 4095, 4096, 4097, 10_000])
  func contents(count: Int) throws {
    let tree = try SysfsFixture()
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 % 100 == 99 ? 10 : 65) }
    try tree.write(bytes, to: "file")
    let read = { try File(FilePath(tree.path("file"))).contents(atMost: 4096) }
    if count <= 4096 {
      #expect(try read() == bytes)
    } else {
      #expect(throws: Errno.fileTooLarge) { try read() }
    }
  }

  @Test("a function that vanishes after it was found is an error, not one without a virtio device")
  func vanished() throws {
    let tree = try SysfsFixture()
    try tree.add("0000:00:04.0", driver: "virtio-pci", virtio: .init("virtio3"))
    let function = try one(tree)
    try tree.remove("bus/pci/devices/0000:00:04.0")
    let facts = try function.kernelFacts(.nodes)
    #expect(facts.driver == "virtio-pci")
    #expect(facts.virtio == nil)
    #expect(facts.errors.map(\.reason) == [.system(.noSuchFileOrDirectory)])
  }

  /// `config` as one that is written, whatever it is.
  private func config(at path: String, in tree: SysfsFixture) throws -> SysfsConfig {
    let address = try #require(Address("0000:00:04.0"))
    let folder = try #require(try SysfsTree(root: tree.root).folder(of: address))
    return SysfsConfig(
      File(try FileDescriptor.open(path, .readWrite, options: .closeOnExec)), of: folder)
  }

  @Test("a read or a write of config space that the kernel refuses is an error")
  func refusedConfig() throws {
    let tree = try SysfsFixture()
    try tree.add("0000:00:04.0")
    let full = try config(at: "/dev/full", in: tree)
    #expect(throws: AccessError.self) { try full.write([1], at: 0x88) }
    // Nothing is mapped at its first bytes.
    let memory = try config(at: "/proc/self/mem", in: tree)
    #expect(throws: AccessError.self) { try memory.read(at: 0x88, count: 4) }
  }

  @Test("config space is written in place, and what was written is read back")
  func written() throws {
    let tree = try SysfsFixture()
    try tree.add("0000:00:04.0")
    try tree.write(Array(repeating: 1, count: 256), to: "bus/pci/devices/0000:00:04.0/config")
    let function = try one(tree)
    let config = try config(at: tree.function("0000:00:04.0", "config"), in: tree)
    try config.write([0xAA], at: 0x88)
    try config.write([1, 2, 3, 4], at: 0x8C)
    #expect(try config.read(at: 0x88, count: 1) == [0xAA])
    #expect(try function.readConfig(at: 0x8B, count: 6) == [1, 1, 2, 3, 4, 1])
  }

  @Test("what was saved of config space is no device's, and is not opened to be written")
  func saved() throws {
    let tree = try SysfsFixture()
    try tree.add("0000:00:04.0")
    let function = try one(tree)
    #expect(!function.isLive)
    let error = #expect(throws: AccessError.self) { try function.writableConfig() }
    #expect(error?.subject == tree.function("0000:00:04.0", "config"))
    #expect(error?.description.hasPrefix("is saved, ") == true)
  }

  @Test(
    "a file in a saved tree that leads to a device's is not opened",
    arguments: ["config", "uevent", "resource"])
  func linkToDevice(name: String) throws {
    let tree = try SysfsFixture()
    try tree.add("0000:00:04.0")
    let path = "bus/pci/devices/0000:00:04.0/\(name)"
    try? tree.remove(path)
    try tree.link(path, to: "/sys/kernel/uevent_seqnum")
    let error = #expect(throws: AccessError.self) {
      let function = try one(tree)
      _ = try function.bars()
      _ = try function.readConfig(at: 0, count: 4)
    }
    #expect(error?.subject == tree.path(path))
    #expect(error?.description == "is not a regular file")
  }

  @Test("whether a file is a device's is asked of its file system, however it is reached")
  func live() throws {
    let tree = try SysfsFixture()
    try tree.link("seqnum", to: "/sys/kernel/uevent_seqnum")
    try tree.write("", to: "saved")
    for (path, expected) in [
      (tree.path("seqnum"), Liveness.sysfs), ("/proc/self/status", .procfs),
      (tree.path("saved"), .record),
    ] {
      #expect(try File(FilePath(path)).liveness == expected)
    }
    #expect(try Folder(FilePath(tree.root)).liveness == .record)
  }

  @Test("a pipe in place of a file is not waited for", arguments: ["config", "uevent", "resource"])
  func pipe(name: String) throws {
    let tree = try SysfsFixture()
    for address in ["0000:00:03.0", "0000:00:04.0"] { try tree.add(address) }
    let path = "bus/pci/devices/0000:00:03.0/\(name)"
    try tree.remove(path)
    let waits = try waitsForWriter(at: tree.path(path)) {
      var source = SysfsSource(tree: SysfsTree(root: tree.root)) { _ in true }
      let error = #expect(throws: AccessError.self) {
        let function = try #require(try source.next())
        _ = try function.bars()
        _ = try function.readConfig(at: 0, count: 4)
      }
      #expect(error?.subject == tree.path(path))
      let other = try #require(try source.next())
      #expect(other.address == Address("0000:00:04.0"))
      #expect(try other.readConfig(at: 0, count: 2) == [0xF4, 0x1A])
    }
    #expect(!waits)
  }

  @Test("an input device is known by its event device")
  func input() throws {
    let tree = try SysfsFixture()
    try tree.add(
      "0000:00:04.0",
      virtio: .init("virtio3", nodes: ["input/input5", "input/input5/event3"]))
    let function = try one(tree)
    #expect(try function.kernelFacts(.nodes).virtio?.nodes == ["event3"])
  }

  @Test("of a function that is exchanged all that is read is the first one's")
  func exchanged() throws {
    let tree = try SysfsFixture()
    try tree.add("0000:00:04.0", driver: "virtio-pci", virtio: .init("virtio3"))
    try tree.add("0000:00:05.0", ConfigSpace(device: 0x1042), virtio: .init("virtio4"))
    let function = try one(tree)
    try FileManager.default.moveItem(
      atPath: tree.function("0000:00:04.0"), toPath: tree.path("first"))
    try FileManager.default.moveItem(
      atPath: tree.function("0000:00:05.0"), toPath: tree.function("0000:00:04.0"))
    #expect(try function.kernelFacts(.nodes).virtio?.name == "virtio3")
    #expect(try function.readConfig(at: 0, count: 4) == Array(ConfigSpace.healthy.bytes[..<4]))
  }

  @Test(
    "an entry that is not named as the kernel names a function is an error, and no function",
    arguments: ["00:03.0", "0:0:3.0", "00000:00:03.0", "0000:00:03.0 "])
  func misspelled(name: String) throws {
    let tree = try SysfsFixture()
    try tree.add(name)
    try tree.add("0000:00:04.0")
    var source = SysfsSource(tree: SysfsTree(root: tree.root)) { _ in true }
    if name.hasSuffix(" ") {
      #expect(try source.next()?.address == Address("0000:00:04.0"))
    } else {
      let error = #expect(throws: AccessError.self) { _ = try source.next() }
      #expect(error?.address == Address("0000:00:03.0"))
      #expect(try source.next()?.address == Address("0000:00:04.0"))
    }
    #expect(try source.next() == nil)
  }

  @Test("two entries that lead to one folder are one function and an error")
  func twice() throws {
    let tree = try SysfsFixture()
    try tree.add("0000:00:04.0")
    try tree.link("bus/pci/devices/0000:00:05.0", to: "0000:00:04.0")
    var source = SysfsSource(tree: SysfsTree(root: tree.root)) { _ in true }
    #expect(try source.next()?.address == Address("0000:00:04.0"))
    let error = #expect(throws: AccessError.self) { _ = try source.next() }
    #expect(error?.description == "is the same folder as 0000:00:04.0")
    #expect(error?.address == Address("0000:00:05.0"))
    #expect(try source.next() == nil)
  }

  @Test("an entry that leads nowhere is an error, also when it is named")
  func dangling() throws {
    let tree = try SysfsFixture()
    try tree.link("bus/pci/devices/0000:00:04.0", to: "../../../devices/0000:00:04.0")
    let address = try #require(Address("0000:00:04.0"))
    for var source in [
      SysfsSource(tree: SysfsTree(root: tree.root)) { _ in true },
      SysfsSource(tree: SysfsTree(root: tree.root), addresses: [address]),
    ] {
      let error = #expect(throws: AccessError.self) { _ = try source.next() }
      #expect(error?.description == "is a link that leads nowhere")
      #expect(error?.address == address)
    }
  }

  @Test(
    "a saved tree that has lost a file of its virtio device is damaged",
    arguments: ["uevent", "status", "features"])
  func lost(name: String) throws {
    let tree = try SysfsFixture()
    try tree.add("0000:00:04.0", virtio: .init("virtio3"))
    let path = "bus/pci/devices/0000:00:04.0/virtio3/\(name)"
    try tree.remove(path)
    let function = try one(tree)
    #expect(
      try function.kernelFacts([.status, .features]).errors.map(\.subject) == [tree.path(path)])
  }

  @Test("of two virtio devices under one function the first is shown, and the other is an error")
  func twoDevices() throws {
    let tree = try SysfsFixture()
    try tree.add("0000:00:04.0", virtio: .init("virtio3"))
    try tree.createFolder("bus/pci/devices/0000:00:04.0/virtio4")
    let function = try one(tree)
    let facts = try function.kernelFacts([])
    #expect(facts.virtio?.name == "virtio3")
    #expect(facts.errors.map(\.description) == ["holds 2 virtio devices in place of one"])
  }

  @Test("a name that is not UTF-8 is an error, since a repaired one would be another's")
  func unreadableName() throws {
    let tree = try SysfsFixture()
    try tree.add("0000:00:04.0", virtio: .init("virtio3", nodes: ["net/eth0"]))
    let net = "bus/pci/devices/0000:00:04.0/virtio3/net"
    let name = tree.path(net).utf8CString.dropLast() + [0x2F, -1, -2, 0]
    try #require(mkdir(Array(name), 0o755) == 0)
    let function = try one(tree)
    #expect(
      try function.kernelFacts(.nodes).errors.map(\.description)
        == ["has a name that is not UTF-8"])
  }

  @Test("an entry of a saved tree that leads to a device of this machine is an error")
  func escaping() throws {
    let tree = try SysfsFixture()
    try tree.link("bus/pci/devices/0000:00:04.0", to: "/sys/kernel")
    var source = SysfsSource(tree: SysfsTree(root: tree.root)) { _ in true }
    let error = #expect(throws: AccessError.self) { _ = try source.next() }
    #expect(error?.description == "leads to a device of this machine, out of the saved tree")
    #expect(try source.next() == nil)
  }

  @Test("a function that is named is found to be misspelled, where no other has its name")
  func misspelledAlone() throws {
    let tree = try SysfsFixture()
    try tree.add("00:04.0")
    let address = try #require(Address("0000:00:04.0"))
    var source = SysfsSource(tree: SysfsTree(root: tree.root), addresses: [address])
    let error = #expect(throws: AccessError.self) { _ = try source.next() }
    #expect(error?.address == address)
  }

  @Test(
    "no link is followed to look for what a driver made",
    arguments: ["drm", "virtio3/net", "virtio3"])
  func linkedNodes(name: String) throws {
    let tree = try SysfsFixture()
    try tree.createFolder("elsewhere/net/eth0")
    try tree.write("", to: "elsewhere/net/eth0/uevent")
    try tree.write("DRIVER=virtio_net\n", to: "elsewhere/uevent")
    try tree.add("0000:00:04.0", virtio: name == "virtio3" ? nil : .init("virtio3"))
    try tree.link("bus/pci/devices/0000:00:04.0/\(name)", to: tree.path("elsewhere"))
    let function = try one(tree)
    let facts = try function.kernelFacts(.nodes)
    #expect(facts.virtio?.nodes ?? [] == [])
    #expect(facts.virtio?.driver == nil)
    #expect(facts.errors.isEmpty == (name != "virtio3"))
  }

  @Test("folders that lie deeper than a driver makes them are an error, and so are too many")
  func endlessNodes() throws {
    let tree = try SysfsFixture()
    let device = "bus/pci/devices/0000:00:04.0/virtio3"
    try tree.add("0000:00:04.0", virtio: .init("virtio3"))
    try tree.createFolder(device + String(repeating: "/d", count: 100))
    let function = try one(tree)
    #expect(
      try function.kernelFacts(.nodes).errors.map(\.description)
        == ["is nested deeper than anything in sysfs"])
    try tree.remove(device + "/d")
    for index in 0...4096 {
      try tree.createFolder("\(device)/net/eth\(index)")
      try tree.write("", to: "\(device)/net/eth\(index)/uevent")
    }
    #expect(
      try function.kernelFacts(.nodes).errors.map(\.description)
        == ["holds 4097 entries, more than 4096"])
    try tree.remove("\(device)/net/eth0")
    #expect(
      try function.kernelFacts(.nodes).errors.map(\.description)
        == ["holds more than 4096 folders of a driver"])
  }

  @Test("a tag that is longer than a text of sysfs can be is an error")
  func longTag() throws {
    let tree = try SysfsFixture()
    try tree.add("0000:00:04.0", virtio: .init("virtio3"))
    let path = "bus/pci/devices/0000:00:04.0/virtio3/mount_tag"
    try tree.write(String(repeating: "x", count: 4097), to: path)
    let function = try one(tree)
    let errors = try function.kernelFacts(.nodes).errors
    #expect(errors.map(\.subject) == [tree.path(path)])
    #expect(errors.map(\.description) == ["is longer than 4096 bytes"])
  }

  @Test("the folder of a function is found from anywhere in it, and nowhere else")
  func folders() throws {
    let tree = try SysfsFixture()
    try tree.add("0000:00:04.0", virtio: .init("virtio3", nodes: ["net/eth0"]))
    let sysfs = SysfsTree(root: tree.root)
    let function = tree.function("0000:00:04.0")
    for path in [function, function + "/", function + "/virtio3/net/eth0"] {
      #expect(sysfs.address(ofFolder: path) == Address("0000:00:04.0"))
      #expect(try SysfsSource(folder: path).makeOnly()?.address == Address("0000:00:04.0"))
    }
    #expect(sysfs.address(ofFolder: tree.root) == nil)
    #expect(throws: AccessError.self) { try SysfsSource(folder: tree.root) }
    let other = try SysfsFixture()
    try other.add("0000:00:04.0")
    #expect(sysfs.address(ofFolder: other.function("0000:00:04.0")) == nil)
  }
}

extension SysfsSource {
  fileprivate func makeOnly() throws -> (any PCIFunction)? {
    var source = self
    return try source.next()
  }
}
