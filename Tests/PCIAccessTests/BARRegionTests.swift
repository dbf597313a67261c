import SystemPackage
import TestSupport
import Testing
import VirtioPCI

@testable import PCIAccess

/// Against ordinary files, which can be mapped as the files of sysfs can.
@Suite("Regions of BARs")
struct BARRegionTests {
  private static let address = "0000:00:04.0"
  private static let size = 0x3000

  /// A BAR 0 of two bytes a position: each 16-bit word is its index.
  private static let bytes = (0..<size / 2).flatMap {
    [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)]
  }

  private func tree(isIO: Bool = false) throws -> SysfsFixture {
    let tree = try SysfsFixture()
    try tree.add(
      Self.address,
      resource: isIO ? "0xc000 0xefff 0x40101\n" : "0x4000000000 0x4000002fff 0x140204\n")
    try tree.write(Self.bytes, to: "bus/pci/devices/\(Self.address)/resource0")
    return tree
  }

  private func region(
    of tree: SysfsFixture, at offset: UInt32, count: Int, writable: Bool = false
  ) throws -> BARRegion {
    let address = try #require(Address(Self.address))
    var source = SysfsSource(tree: SysfsTree(root: tree.root), addresses: [address])
    var function = try #require(try source.next())
    var state = FunctionState.fake
    state.bars = try function.bars()
    state.capabilities = [
      Capability(position: 0x40, bytes: RawCapability.common(offset: offset).bytes)
    ].compactMap(\.self)
    let place = try #require(state.place(of: .common))
    return try function.openRegion(place, count: count, writable: writable)
  }

  @Test("loads show the bytes at the place in the BAR", arguments: [false, true])
  func loads(isIO: Bool) throws {
    let tree = try tree(isIO: isIO)
    for offset in [0, 4, 0xFC0, 0xFFC, 0x1000, 0x2F00] as [UInt32] {
      let region = try region(of: tree, at: offset, count: 64)
      let word = UInt16(offset / 2)
      #expect(region.count == 64)
      #expect(try region.load16(at: 0) == word)
      #expect(try region.load16(at: 62) == word + 31)
      #expect(try region.load8(at: 3) == UInt8((word + 1) >> 8))
      #expect(try region.load32(at: 4) == UInt32(word + 2) | UInt32(word + 3) << 16)
    }
  }

  @Test("stores reach the file", arguments: [false, true])
  func stores(isIO: Bool) throws {
    let tree = try tree(isIO: isIO)
    let writable = try region(of: tree, at: 0x1010, count: 16, writable: true)
    try writable.store8(0xAB, at: 1)
    try writable.store16(0xCDEF, at: 2)
    try writable.store32(0x0123_4567, at: 12)
    let region = try region(of: tree, at: 0x1010, count: 16)
    #expect(try region.load32(at: 0) == 0xCDEF_AB08)
    #expect(try region.load32(at: 12) == 0x0123_4567)
    #expect(try region.load16(at: 4) == 0x80A)
  }

  @Test(
    "what lies outside the structure is not accessed, though its page is there",
    arguments: [-4, -1, 61, 64, 4096, .max], [false, true])
  func bounds(offset: Int, isIO: Bool) throws {
    let region = try region(of: try tree(isIO: isIO), at: 0x100, count: 64, writable: true)
    #expect(throws: AccessError.self) { try region.load32(at: offset) }
    #expect(throws: AccessError.self) { try region.store32(0, at: offset) }
  }

  @Test("a register that is not aligned to its width is not accessed", arguments: [1, 2, 3])
  func alignment(offset: UInt32) throws {
    let region = try region(of: try tree(), at: offset, count: 64)
    #expect(throws: AccessError.self) { try region.load32(at: 0) }
    #expect(try region.load8(at: 0) == Self.bytes[Int(offset)])
  }

  @Test("a structure that ends beyond the BAR or its file is refused", arguments: [16, 64, 8192])
  func beyondEnd(count: Int) throws {
    let tree = try tree()
    #expect(throws: AccessError.self) {
      _ = try region(of: tree, at: UInt32(Self.size - count + 4), count: count)
    }
    try tree.write([UInt8](repeating: 0, count: 8), to: "bus/pci/devices/\(Self.address)/resource0")
    let error = try #require(throws: AccessError.self) {
      _ = try region(of: tree, at: 0, count: 16)
    }
    #expect(error.description == "ends before the structure at 0x0 does")
  }

  @Test("where there is no file in a saved tree the message names no other way")
  func missing() throws {
    let tree = try tree()
    try tree.remove("bus/pci/devices/\(Self.address)/resource0")
    let error = try #require(throws: AccessError.self) {
      _ = try region(of: tree, at: 0, count: 16)
    }
    #expect(error.subject.hasSuffix("/resource0"))
    #expect(error.description == "is not there: a saved tree has no registers to read")
  }

  @Test("what the kernel refuses is said in words", arguments: [false, true])
  func refused(isIO: Bool) throws {
    let tree = try tree(isIO: isIO)
    try tree.remove("bus/pci/devices/\(Self.address)/resource0")
    try tree.createFolder("bus/pci/devices/\(Self.address)/resource0")
    #expect(throws: AccessError.self) {
      _ = try region(of: tree, at: 0, count: 16, writable: true)
    }
  }

  @Test(
    "why a BAR cannot be reached is said with what can be done",
    arguments: [
      (.noSuchFileOrDirectory, "(--probe)"), (.permissionDenied, "run as root"),
      (.notPermitted, "locked down"), (.invalidArgument, "iomem=relaxed"),
      (.operationNotSupportedByDevice, "No such device"),
    ] as [(Errno, String)])
  func reasons(errno: Errno, part: String) {
    let error = AccessError(
      "resource2", SysfsFolder.whyUnreachable(errno, bar: 2, isLive: true))
    #expect(error.description.contains(part))
  }

  @Test("a file that cannot be mapped is an error")
  func unmappable() throws {
    let tree = try tree()
    let file = "bus/pci/devices/\(Self.address)/resource0"
    try tree.remove(file)
    try tree.link(file, to: "/sys/kernel/uevent_seqnum")
    let error = try #require(throws: AccessError.self) {
      _ = try region(of: tree, at: 0, count: 16)
    }
    #expect(error.reason == .system(.operationNotSupportedByDevice))
  }

  @Test("a port that the kernel does not read or write is an error")
  func refusedPorts() throws {
    let tree = try tree(isIO: true)
    let region = try region(of: tree, at: 0, count: 16)
    #expect(throws: AccessError.self) { try region.store8(1, at: 0) }
    let file = "bus/pci/devices/\(Self.address)/resource0"
    try tree.remove(file)
    try tree.createFolder(file)
    let folder = try self.region(of: tree, at: 0, count: 1)
    #expect(throws: AccessError.self) { try folder.load8(at: 0) }
  }

  @Test("a structure whose end cannot be counted is refused")
  func uncountable() throws {
    let tree = try tree()
    let address = try #require(Address(Self.address))
    var source = SysfsSource(tree: SysfsTree(root: tree.root), addresses: [address])
    var function = try #require(try source.next())
    var state = FunctionState.fake
    state.bars[0].size = nil
    let bytes = RawCapability.sharedMemory(offset: 1 << 63, length: 16).bytes
    state.capabilities = [Capability(position: 0x40, bytes: bytes)].compactMap(\.self)
    let place = try #require(state.place(of: .sharedMemory))
    let error = try #require(throws: AccessError.self) {
      _ = try function.openRegion(place, count: 16, writable: false)
    }
    #expect(error.description == "16 bytes at 0x8000000000000000 do not lie in BAR 0")
  }

  @Test("a saved config space has no registers")
  func record() throws {
    let file = try TemporaryFile(ConfigSpace.healthy.bytes)
    var function = try #require(try RawSource(path: file.path).next())
    let place = try #require(FunctionState.fake.place(of: .common))
    #expect(throws: AccessError.self) {
      _ = try function.openRegion(place, count: 16, writable: false)
    }
    #expect(throws: AccessError.self) { _ = try function.writableConfig() }
  }
}
