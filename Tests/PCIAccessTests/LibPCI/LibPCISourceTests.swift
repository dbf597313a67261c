#if LibPCI
  import Foundation
  import TestSupport
  import Testing
  import VirtioConformance
  import VirtioPCI

  @testable import PCIAccess

  /// What this machine has.
  private enum Machine {
    static let devices = "/sys/bus/pci/devices"
    static let names = (try? FileManager.default.contentsOfDirectory(atPath: devices)) ?? []
    static let hasPCI = !names.isEmpty
    static let hasProc = hasPCI && FileManager.default.fileExists(atPath: "/proc/bus/pci/devices")
  }

  @Suite(
    "libpci source",
    .enabled("libpci, and its header for the build, must be installed") {
      LibPCISource.isBuiltIn && (try? LibPCISource()) != nil
    })
  struct LibPCISourceTests {
    @Test(
      "this machine's functions are those of sysfs, in order and byte for byte",
      .enabled(if: Machine.hasPCI))
    func liveFunctions() throws {
      let functions = try all()
      #expect(functions.compactMap(\.address) == Machine.names.compactMap { Address($0) }.sorted())

      for function in functions {
        let address = try #require(function.address)
        let path = "\(Machine.devices)/\(address)/config"
        let file = try #require(FileHandle(forReadingAtPath: path))
        let header = try read(file, at: 0, count: 64)
        let identity = try Identity(from: header.span)
        #expect(try function.readConfig(at: 0, count: 64) == header)
        #expect(function.isLive && function.file == nil)
        // The config space of a virtual function has no IDs, PCIe SR-IOV §3.4.1.
        guard identity.vendorID != 0xFFFF else { continue }
        #expect(try function.identity() == identity)
        guard identity.isVirtio else { continue }

        var list = CapabilityList(
          status: try header.span.load(at: ConfigHeader.status),
          pointer: header[ConfigHeader.capabilitiesPointer])
        var heads = header + [UInt8](repeating: 0, count: 192)
        while let position = list.position.map({ Int($0) }) {
          heads.replaceSubrange(
            position..<position + 4, with: try read(file, at: position, count: 4))
          guard let entry = try list.next(in: heads.span) else { break }
          // `pci_cfg_data` begins after the 16 bytes: reading it makes the device read its BAR.
          let count = entry.id == .vendorSpecific ? Cap.size : PCICapability.size
          let expected = try read(file, at: position, count: count)
          #expect(try function.readConfig(at: position, count: count) == expected)
        }
      }
    }

    @Test("another method finds the same functions, but no sizes", .enabled(if: Machine.hasProc))
    func linuxProc() throws {
      let (functions, others) = (try all(method: "linux-proc"), try all())
      #expect(functions.map(\.address) == others.map(\.address))
      for (function, expected) in zip(functions, others) {
        #expect(try function.identity() == expected.identity())
        #expect(try function.readConfig(at: 0, count: 64) == expected.readConfig(at: 0, count: 64))
        #expect(
          try function.bars()
            == expected.bars().map {
              BAR(index: $0.index, space: $0.space, address: $0.address, size: nil)
            })
        #expect(
          try function.kernelFacts([.placement, .features])
            == expected.kernelFacts([.placement, .features]))
        #expect(function.configSize == 256)
      }
      let first = try #require(functions.first?.address)
      #expect(try all(method: "linux-proc", exactly: [first]).map(\.address) == [first])
    }

    @Test("functions that are named are opened without a scan, in order, the missing left out")
    func named() throws {
      let tree = try MadeBus([
        "0000:00:04.0", "ffffffff:00:00.0", "0000:00:03.0", "not an address",
      ])
      var source = try tree.source(
        exactly: ["ffffffff:00:00.0", "0000:00:04.0", "0000:00:09.0"])
      let functions = try rest(of: &source)
      #expect(functions.map(text) == ["0000:00:04.0", "ffffffff:00:00.0"])
      for function in functions { #expect(try function.identity().vendorID == 0x1AF4) }
    }

    @Test("a scan yields what is wanted, in the order of the numbers")
    func scanned() throws {
      let tree = try MadeBus(["10000:00:00.0", "0000:00:1f.7", "0000:00:04.0", "0000:80:00.0"])
      var source = try tree.source { $0.bus == 0 }
      #expect(try rest(of: &source).map(text) == ["0000:00:04.0", "0000:00:1f.7", "10000:00:00.0"])
    }

    @Test("identity, BARs and the kernel's facts come from the files of sysfs")
    func facts() throws {
      let tree = try MadeBus(["0000:00:04.0"])
      try tree.write(
        "resource",
        """
        0x4000180000 0x40001fffff 0x140204
        0x0 0x0 0x0
        0xc000 0xc01f 0x40101
        0xfe000000 0xfe000000 0x40200
        0x0 0xfff 0x42208
        0xfd000000 0xfd000fff 0x20040200

        """)
      try tree.write("numa_node", "1\n")
      try tree.link("driver", to: "drivers/virtio-pci")
      try tree.link("iommu_group", to: "kernel/iommu_groups/12")
      // What config space holds is not asked for.
      try tree.write("config", "")
      var source = try tree.source()
      let function = try #require(try source.next())
      #expect(
        try function.identity()
          == Identity(
            vendorID: 0x1AF4, deviceID: 0x1053, revision: 1, classCode: 0xFFFF00,
            subsystemVendorID: 0x1AF4, subsystemID: 0x0013))
      #expect(
        try function.bars() == [
          BAR(
            index: 0, space: .memory(width: 64, prefetchable: false), address: 0x40_0018_0000,
            size: 0x80000),
          BAR(index: 2, space: .io, address: 0xC000, size: 32),
          // libpci gives 0 as the size of one byte.
          BAR(
            index: 3, space: .memory(width: 32, prefetchable: false), address: 0xFE00_0000,
            size: nil),
          BAR(
            index: 4, space: .memory(width: 32, prefetchable: true), address: nil, size: 0x1000),
          // The kernel says that what stands there is not in force.
          BAR(
            index: 5, space: .memory(width: 32, prefetchable: false), address: nil, size: 0x1000),
        ])
      #expect(
        try function.kernelFacts(.placement)
          == KernelFacts(driver: "virtio-pci", numaNode: 1, iommuGroup: 12))
      #expect(function.configSize == 0)
      #expect(try function.readConfig(at: 0, count: 4) == [])
    }

    @Test(
      "no more is read than config space has",
      arguments: [
        (size: 63, offset: 0, count: 64, expected: 0..<63),
        (size: 64, offset: 0x34, count: 16, expected: 0x34..<64),
        (size: 256, offset: 0, count: 256, expected: 0..<256),
        (size: 256, offset: 0xFC, count: 16, expected: 0xFC..<256),
        (size: 4096, offset: 0xF0, count: 32, expected: 0xF0..<0x110),
        (size: 256, offset: 256, count: 4, expected: 0..<0),
        (size: 256, offset: -4, count: 4, expected: 0..<0),
        (size: 256, offset: 8, count: Int.max, expected: 8..<256),
      ])
    func lengths(size: Int, offset: Int, count: Int, expected: Range<Int>) throws {
      let tree = try MadeBus(["0000:00:04.0"])
      let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 * 7) }
      try tree.write("config", bytes: bytes)
      var source = try tree.source()
      let function = try #require(try source.next())
      #expect(function.configSize == size)
      #expect(try function.readConfig(at: offset, count: count) == Array(bytes[expected]))
    }

    @Test("config space that turns out shorter keeps what could be read, and its size")
    func shortened() throws {
      let tree = try MadeBus(["0000:00:04.0"])
      try tree.write("config", bytes: [UInt8](repeating: 1, count: 256))
      var source = try tree.source()
      let function = try #require(try source.next())
      // As the kernel does for the unprivileged: the file's size says 256, reads end after 64.
      try tree.write("config", bytes: [UInt8](repeating: 2, count: 64))
      #expect(try function.readConfig(at: 0x30, count: 0x20) == Array(repeating: 2, count: 16))
      #expect(function.configSize == 64)
    }

    @Test("config space is written in place, and what was written is read back")
    func written() throws {
      let tree = try MadeBus(["0000:00:04.0", "0000:00:05.0"])
      try tree.write("config", bytes: [UInt8](repeating: 1, count: 256))
      var source = try tree.source()
      let function = try #require(try source.next())
      _ = try function.readConfig(at: 0, count: 4)
      let config = LibPCIConfig(
        session: source.session, location: try #require(function.address))
      try config.write([0xAA], at: 0x88)
      try config.write([1, 2, 3, 4], at: 0x8C)
      #expect(try config.read(at: 0x88, count: 1) == [0xAA])
      #expect(try function.readConfig(at: 0x8B, count: 6) == [1, 1, 2, 3, 4, 1])
    }

    @Test("config space that cannot be opened to be written is an error")
    func unwritable() throws {
      let tree = try MadeBus(["0000:00:04.0"])
      var source = try tree.source()
      let function = try #require(try source.next())
      try FileManager.default.removeItem(atPath: tree.path("config"))
      let config = LibPCIConfig(
        session: source.session, location: try #require(function.address))
      let error = #expect(throws: AccessError.self) { try config.write([1], at: 0x88) }
      #expect(error?.description.hasPrefix("libpci: ") == true)
    }

    @Test("what libpci reads may be a device's, and nothing is written where it was given a path")
    func path() throws {
      let tree = try MadeBus(["0000:00:04.0"])
      var source = try tree.source()
      let function = try #require(try source.next())
      #expect(function.isLive)
      let error = #expect(throws: AccessError.self) { try function.writableConfig() }
      #expect(error?.description.contains("with parameters") == true)
      let place = try #require(Function.fake.place(of: .common))
      #expect(throws: AccessError.self) {
        _ = try function.openRegion(place, count: 16, writable: true)
      }
    }

    @Test("what sysfs itself does not tell of a function is an error among its facts")
    func unreadableFolder() throws {
      let (tree, other) = (try MadeBus(["0000:00:04.0"]), try SysfsFixture())
      // A link to itself leads nowhere.
      try other.link(
        "bus/pci/devices/0000:00:04.0", to: other.path("bus/pci/devices/0000:00:04.0"))
      var source = try LibPCISource(
        parameters: [(name: "sysfs.path", value: tree.root)], tree: SysfsTree(root: other.root))
      let function = try #require(try source.next())
      let facts = try function.kernelFacts(.placement)
      #expect(facts.errors.map(\.subject) == [other.function("0000:00:04.0")])
      #expect(facts.errors.map(\.reason) == [.system(.tooManySymbolicLinkLevels)])
    }

    @Test("of a capture, which lacks files that libpci reads, it says what reads it")
    func captured() throws {
      let tree = try MadeBus(["0000:00:04.0"])
      try tree.write("vendor", nil)
      try tree.write("config.read", "0x0-0x3\n")
      var source = try tree.source()
      let function = try #require(try source.next())
      let error = #expect(throws: AccessError.self) { try function.identity() }
      #expect(
        error?.description
          == "libpci: Cannot open \(tree.path("vendor")): No such file or directory: a capture is"
          + " read with -A sysfs")
    }

    @Test("registers are reached through the files of sysfs")
    func registers() throws {
      let tree = try SysfsFixture()
      try tree.add("0000:00:04.0")
      try tree.write([UInt8](repeating: 7, count: 64), to: "bus/pci/devices/0000:00:04.0/resource0")
      var source = try LibPCISource(
        parameters: [(name: "sysfs.path", value: tree.path("bus/pci"))],
        tree: SysfsTree(root: tree.root))
      let function = try #require(try source.next())
      let place = try #require(Function.fake.place(of: .common))
      let region = try function.openRegion(place, count: 64, writable: false)
      #expect(try region.load16(at: 62) == 0x0707)
    }

    @Test(
      "where sysfs does not say whether a driver is bound, nothing is written",
      .enabled(if: Machine.hasProc))
    func undriven() throws {
      var source = try LibPCISource(method: "linux-proc", tree: SysfsTree(root: "/nowhere"))
      let function = try #require(try source.next())
      let error = #expect(throws: AccessError.self) { try function.writableConfig() }
      #expect(error?.description == "cannot be reached: the function is not in sysfs")
    }

    @Test("BARs that config space does not reach are an error")
    func noBARs() throws {
      try withScratchFolder { folder in
        let columns = String(repeating: "\t0", count: 15)
        try Data("0020\t1af41053\(columns)\tvirtio-pci\n".utf8)
          .write(to: URL(filePath: "\(folder)/devices"))
        try FileManager.default.createDirectory(
          atPath: "\(folder)/00", withIntermediateDirectories: false)
        try Data(repeating: 1, count: 16).write(to: URL(filePath: "\(folder)/00/04.0"))
        var source = try LibPCISource(
          method: "linux-proc", parameters: [(name: "proc.path", value: folder)])
        let function = try #require(try source.next())
        #expect(try function.readConfig(at: 0, count: 2) == [1, 1])
        let error = #expect(throws: AccessError.self) { try function.bars() }
        #expect(error?.description == "4 bytes at 0x10 end after the last of 16")
        // Of a `/proc` from elsewhere this machine's sysfs knows nothing.
        #expect(try function.kernelFacts(.placement) == KernelFacts())
        #expect(throws: AccessError.self) { try function.writableConfig() }
        let place = try #require(Function.fake.place(of: .common))
        #expect(throws: AccessError.self) {
          _ = try function.openRegion(place, count: 64, writable: false)
        }
      }
    }

    @Test("after libpci gave up, a function that is gone is one")
    func gone() throws {
      let tree = try MadeBus(["0000:00:03.0", "0000:00:04.0"])
      var source = try tree.source()
      let functions = try rest(of: &source)
      try tree.write("vendor", nil, in: "0000:00:03.0")
      #expect(throws: AccessError.self) { try functions[0].identity() }
      try FileManager.default.removeItem(atPath: tree.path(""))
      let error = #expect(throws: AccessError.self) { try functions[1].identity() }
      #expect(error?.description == "the function is gone")
      #expect(error?.address == Address("0000:00:04.0"))
    }

    @Test(
      "after libpci gave up, functions that only a scan finds are found by another",
      .enabled("needs a C compiler") { Tool("cc") != nil })
    func scannedAgain() throws {
      try withScratchFolder { folder in
        let library = try Self.oldLibrary(in: folder)
        var source = try LibPCISource(
          library: library, method: "linux-proc", tree: SysfsTree(root: "/nowhere")
        ) { _ in true }
        let function = try #require(try source.next())
        #expect(try function.readConfig(at: 4, count: 2) == [4, 5])
        let error = #expect(throws: AccessError.self) {
          try function.readConfig(at: 254, count: 2)
        }
        #expect(error?.description == "libpci: no byte at 255")
        #expect(try function.readConfig(at: 4, count: 2) == [4, 5])
      }
    }

    /// A libpci made of `old-libpci.c`.
    private static func oldLibrary(in folder: String, _ options: String...) throws -> String {
      let code = #filePath.replacing("LibPCISourceTests.swift", with: "old-libpci.c")
      let library = "\(folder)/libpci.so"
      let (output, status) = try #require(Tool("cc")).run(
        ["-D_GNU_SOURCE", "-fPIC", "-shared", code, "-o", library] + options)
      try #require(status == 0, "\(output)")
      return library
    }

    @Test(
      "a libpci that gives no access is an error",
      .enabled("needs a C compiler") { Tool("cc") != nil })
    func noAccess() throws {
      try withScratchFolder { folder in
        let library = try Self.oldLibrary(in: folder, "-DWITHOUT_ACCESS")
        let error = #expect(throws: AccessError.self) {
          try LibPCISource(
            library: library, method: "linux-proc", tree: SysfsTree(root: "/nowhere")
          ) { _ in true }
        }
        #expect(error?.description.hasSuffix("pci_alloc returns NULL") == true)
      }
    }

    @Test("config space that gives nothing at a capability ends with the header")
    func withheld() throws {
      let tree = try MadeBus(["0000:00:04.0"])
      try tree.write("config", bytes: [UInt8](repeating: 1, count: 256))
      var source = try tree.source()
      let function = try #require(try source.next())
      try tree.write("config", bytes: [UInt8](repeating: 2, count: 64))
      #expect(try function.readConfig(at: 0x84, count: 4).isEmpty)
      #expect(function.configSize == 64)
    }

    @Test("config space that cannot be opened is an error in libpci's words")
    func unreadable() throws {
      let tree = try MadeBus(["0000:00:04.0"])
      var source = try tree.source()
      let function = try #require(try source.next())
      try FileManager.default.removeItem(atPath: tree.path("config"))
      let error = #expect(throws: AccessError.self) { try function.readConfig(at: 0, count: 4) }
      #expect(error?.address == Address("0000:00:04.0"))
      #expect(error?.description.hasPrefix("libpci: Cannot open /") == true)
    }

    @Test(
      "a function that libpci gives up on hides no other, before or after it",
      arguments: [
        ("vendor", nil, "vendor: No such file or directory"),
        ("resource", "nonsense\n", "Syntax error in "),
        ("class", nil, "class: No such file or directory"),
      ])
    func isolated(file: String, content: String?, message: String) throws {
      let tree = try MadeBus(["0000:00:03.0", "0000:00:04.0", "0000:00:05.0"])
      try tree.write(file, content)
      var source = try tree.source()
      let functions = try rest(of: &source)
      for _ in 1...2 {
        for function in functions {
          do throws(AccessError) {
            #expect(try function.identity().deviceID == 0x1053)
            #expect(try function.bars().count == 1)
            #expect(function.address != Address("0000:00:04.0"))
          } catch {
            #expect(error.address == Address("0000:00:04.0"))
            #expect(error.description.contains(message))
            #expect(error.description.hasPrefix("libpci: "))
          }
          #expect(try function.readConfig(at: 0, count: 2) == [0xF4, 0x1A])
        }
      }
    }

    @Test(
      "a scan that fails is said once, and ends",
      arguments: [
        ("virtio0", "parse entry name virtio0"),
        ("0000:00:04.9", "no such device and function: 4.9"),
      ])
    func failedScan(name: String, message: String) throws {
      let tree = try MadeBus(["0000:00:04.0", name])
      var source = try tree.source()
      let error = #expect(throws: AccessError.self) { try source.next() }
      #expect(error?.subject == "linux-sysfs")
      #expect(error?.description.contains(message) == true)
      #expect(try source.next() == nil)
    }

    @Test("a tree without devices is an error")
    func noDevices() throws {
      let tree = try MadeBus([])
      try FileManager.default.removeItem(atPath: tree.root + "/devices")
      var source = try tree.source()
      let error = #expect(throws: AccessError.self) { try source.next() }
      #expect(error?.description == "libpci: Cannot open \(tree.root)/devices")
    }

    @Test("names that libpci does not know are refused, and dumps are left to -F")
    func names() throws {
      let method = #expect(throws: AccessError.self) { try LibPCISource(method: "sysfs") }
      #expect(method?.subject == "libpci")
      #expect(method?.description.hasPrefix("no method 'sysfs', only linux-sysfs, ") == true)
      let parameter = #expect(throws: AccessError.self) {
        try LibPCISource(parameters: [(name: "no.such\n", value: "1")])
      }
      #expect(parameter?.description.hasPrefix("no parameter 'no.such?'") == true)
      let dump = #expect(throws: AccessError.self) { try LibPCISource(method: "dump") }
      #expect(dump?.description.contains("-F") == true)
    }

    @Test(
      "the shim loses no memory and touches none that is not its own, on every path",
      .enabled("needs valgrind and a C compiler") {
        Tool("valgrind") != nil && Tool("cc") != nil
      })
    func valgrind() throws {
      let script = #filePath.replacing("LibPCISourceTests.swift", with: "valgrind-libpci.sh")
      let (output, status) = try Tool(path: "/bin/sh").run([script])
      #expect(status == 0, "\(output)")
    }

    private func all(
      method: String = SysfsTree.libpciMethod, exactly: Set<Address>? = nil
    ) throws(AccessError) -> [any PCIFunction] {
      var source = try LibPCISource(method: method, exactly: exactly)
      return try rest(of: &source)
    }

    private func rest(of source: inout LibPCISource) throws(AccessError) -> [any PCIFunction] {
      var functions: [any PCIFunction] = []
      while let function = try source.next() { functions.append(function) }
      return functions
    }

    private func text(_ function: any PCIFunction) -> String {
      function.address.map { "\($0)" } ?? ""
    }

    private func read(_ file: FileHandle, at offset: Int, count: Int) throws -> [UInt8] {
      try file.seek(toOffset: UInt64(offset))
      return Array(try file.read(upToCount: count) ?? Data())
    }
  }

  @Suite(
    "libpci that is not installed",
    .enabled("libpci's header must be there for the build") { LibPCISource.isBuiltIn })
  struct MissingLibPCITests {
    @Test("the message says which package to install")
    func missing() {
      let error = #expect(throws: AccessError.self) {
        try LibPCISource(library: "libpci.so.none") { _ in true }
      }
      #expect(error?.subject == "libpci")
      #expect(error?.description.contains("install libpci3 (Debian, Ubuntu)") == true)
    }
  }

  /// A made `/sys/bus/pci` with a socket device at each address, removed with this object.
  private final class MadeBus {
    let root = NSTemporaryDirectory() + "libpci-\(UUID().uuidString)"

    init(_ names: [String]) throws {
      let files = [
        "vendor": "0x1af4\n", "device": "0x1053\n", "class": "0xffff00\n", "revision": "0x01\n",
        "subsystem_vendor": "0x1af4\n", "subsystem_device": "0x0013\n",
        "resource": "0x4000180000 0x40001fffff 0x140204\n",
      ]
      try FileManager.default.createDirectory(
        atPath: root + "/devices", withIntermediateDirectories: true)
      for name in names {
        try FileManager.default.createDirectory(
          atPath: path("", in: name), withIntermediateDirectories: true)
        for (file, content) in files { try write(file, content, in: name) }
        try write("config", bytes: [0xF4, 0x1A, 0x53, 0x10], in: name)
      }
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    func source(
      exactly: Set<String>? = nil, wants: @escaping (Address) -> Bool = { _ in true }
    ) throws -> LibPCISource {
      try LibPCISource(
        parameters: [(name: "sysfs.path", value: root)], tree: SysfsTree(root: root),
        exactly: exactly.map { Set($0.compactMap { Address($0) }) }, wants: wants)
    }

    func path(_ file: String, in name: String = "0000:00:04.0") -> String {
      "\(root)/devices/\(name)/\(file)"
    }

    /// Nil takes the file away.
    func write(_ file: String, _ content: String?, in name: String = "0000:00:04.0") throws {
      guard let content else {
        return try FileManager.default.removeItem(atPath: path(file, in: name))
      }
      try write(file, bytes: Array(content.utf8), in: name)
    }

    func write(_ file: String, bytes: [UInt8], in name: String = "0000:00:04.0") throws {
      try Data(bytes).write(to: URL(fileURLWithPath: path(file, in: name)))
    }

    func link(_ file: String, to target: String) throws {
      try FileManager.default.createDirectory(
        atPath: "\(root)/\(target)", withIntermediateDirectories: true)
      try FileManager.default.createSymbolicLink(
        atPath: path(file), withDestinationPath: "../../\(target)")
    }
  }
#endif
