import Platform
import SystemPackage
import TestSupport
import Testing
import VirtioConformance
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

  /// A structure in the function of the tree, as the program reaches it.
  private func region(of tree: SysfsFixture, at offset: UInt32, count: Int) throws -> BARRegion {
    let address = try #require(Address(Self.address))
    var source = SysfsSource(tree: SysfsTree(root: tree.root), addresses: [address])
    let function = try #require(try source.next())
    var state = Function.fake
    state.implementedBARs = try function.bars()
    state.capabilities = [
      Capability(position: 0x40, bytes: RawCapability.common(offset: offset).bytes)
    ].compactMap(\.self)
    let place = try #require(state.place(of: .common))
    return try function.openRegion(place, count: count, writable: false)
  }

  /// A structure in a file that is a device's as far as the region can tell.
  private func region(
    of path: String, at offset: Int, count: Int, writable: Bool, isMapped: Bool
  ) throws -> BARRegion {
    let bounds = try #require(
      BARRegion.Bounds(subject: path, address: nil, offset: UInt64(offset), count: count))
    let file = File(try FileDescriptor.open(path, writable ? .readWrite : .readOnly))
    guard isMapped else { return BARRegion(.file(file), bounds) }
    let pages = try MappedRegion(file, offset..<offset + count, writable: writable)
    return BARRegion(.memory(pages), bounds)
  }

  @Test("loads show the bytes at the place in the BAR", arguments: ["mapped", "file", "tree"])
  func loads(way: String) throws {
    let tree = try tree()
    for offset in [0, 4, 0xFC0, 0xFFC, 0x1000, 0x2F00] {
      let region =
        way == "tree"
        ? try region(of: tree, at: UInt32(offset), count: 64)
        : try region(
          of: tree.function(Self.address, "resource0"), at: offset, count: 64, writable: false,
          isMapped: way == "mapped")
      let word = UInt16(offset / 2)
      #expect(region.count == 64)
      #expect(try region.load16(at: 0) == word)
      #expect(try region.load16(at: 62) == word + 31)
      #expect(try region.load8(at: 3) == UInt8((word + 1) >> 8))
      #expect(try region.load32(at: 4) == UInt32(word + 2) | UInt32(word + 3) << 16)
    }
  }

  @Test("stores reach the file", arguments: [false, true])
  func stores(isMapped: Bool) throws {
    let path = try TemporaryFile(Self.bytes)
    let writable = try region(
      of: path.path, at: 0x1010, count: 16, writable: true, isMapped: isMapped)
    try writable.store8(0xAB, at: 1)
    try writable.store16(0xCDEF, at: 2)
    try writable.store32(0x0123_4567, at: 12)
    let region = try region(
      of: path.path, at: 0x1010, count: 16, writable: false, isMapped: isMapped)
    #expect(try region.load32(at: 0) == 0xCDEF_AB08)
    #expect(try region.load32(at: 12) == 0x0123_4567)
    #expect(try region.load16(at: 4) == 0x80A)
  }

  @Test(
    "what lies outside the structure is not accessed, though its page is there",
    arguments: [-4, -1, 61, 64, 4096, .max], [false, true])
  func bounds(offset: Int, isMapped: Bool) throws {
    let path = try TemporaryFile(Self.bytes)
    let region = try region(
      of: path.path, at: 0x100, count: 64, writable: true, isMapped: isMapped)
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

  @Test("what stands in place of a saved BAR is not read", arguments: [false, true])
  func refused(isIO: Bool) throws {
    let tree = try tree(isIO: isIO)
    try tree.remove("bus/pci/devices/\(Self.address)/resource0")
    try tree.createFolder("bus/pci/devices/\(Self.address)/resource0")
    let error = try #require(throws: AccessError.self) {
      _ = try region(of: tree, at: 0, count: 16)
    }
    #expect(error.description == "is not a regular file")
  }

  @Test("a saved BAR that becomes shorter while it is read is an error")
  func shrinking() throws {
    let tree = try tree()
    let region = try region(of: tree, at: 0x1000, count: 64)
    #expect(try region.load32(at: 0) == 0x0801_0800)
    try tree.truncate("bus/pci/devices/\(Self.address)/resource0", to: 0x1000)
    #expect(throws: AccessError.self) { try region.load32(at: 4) }
  }

  @Test("registers of a saved tree are not opened to be written")
  func unwritable() throws {
    let tree = try tree()
    let address = try #require(Address(Self.address))
    var source = SysfsSource(tree: SysfsTree(root: tree.root), addresses: [address])
    let function = try #require(try source.next())
    let place = try #require(Function.fake.place(of: .common))
    let error = try #require(throws: AccessError.self) {
      _ = try function.openRegion(place, count: 16, writable: true)
    }
    #expect(error.description.hasPrefix("is saved, "))
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
    #expect(throws: Errno.operationNotSupportedByDevice) {
      _ = try region(
        of: "/sys/kernel/uevent_seqnum", at: 0, count: 16, writable: false, isMapped: true)
    }
  }

  @Test("a port that the kernel does not read or write is an error")
  func refusedPorts() throws {
    let path = try TemporaryFile(Self.bytes)
    let region = try region(of: path.path, at: 0, count: 16, writable: false, isMapped: false)
    #expect(throws: AccessError.self) { try region.store8(1, at: 0) }
    let folder = try self.region(of: "/", at: 0, count: 1, writable: false, isMapped: false)
    #expect(throws: AccessError.self) { try folder.load8(at: 0) }
  }

  @Test("a structure whose end cannot be counted is refused")
  func uncountable() throws {
    let tree = try tree()
    let address = try #require(Address(Self.address))
    var source = SysfsSource(tree: SysfsTree(root: tree.root), addresses: [address])
    let function = try #require(try source.next())
    var state = Function.fake
    state.implementedBARs?[0].size = nil
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
    let function = try #require(try RawSource(path: file.path).next())
    let place = try #require(Function.fake.place(of: .common))
    #expect(throws: AccessError.self) {
      _ = try function.openRegion(place, count: 16, writable: false)
    }
    #expect(throws: AccessError.self) { _ = try function.writableConfig() }
  }
}
