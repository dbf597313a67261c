import TestSupport
import Testing
import VirtioConformance
import VirtioPCI

@Suite("Located structures")
struct LocatedStructureTests {
  private func place(
    _ capabilities: [RawCapability], of type: CapCfgType = .common, bars: [BAR]? = nil
  ) -> LocatedStructure? {
    let identity = Identity(
      vendorID: 0x1AF4, deviceID: 0x1041, revision: 1, classCode: 0, subsystemVendorID: 0x1AF4,
      subsystemID: 0x1100)
    var function = Function(identity: identity)
    function.implementedBARs = bars ?? [FakeDevice.bar]
    function.barsAreComplete = true
    function.capabilities = capabilities.enumerated().compactMap {
      Capability(position: UInt8(0x40 + $0 * 24), bytes: $1.bytes)
    }
    return function.place(of: type)
  }

  @Test("the first capability counts whose BAR is there", arguments: [1, 5, 6, 255] as [UInt8])
  func first(bar: UInt8) throws {
    let found = try #require(
      place([
        .common(bar: bar, offset: 8), .isr(offset: 4), .common(offset: 0x100),
        .common(offset: 0x200),
      ]))
    #expect(found.data.offset == 0x100)
    #expect(found.address == 0x40_0000_0100)
  }

  @Test("a BAR without an address holds nothing")
  func unassigned() {
    var bar = FakeDevice.bar
    bar.address = nil
    #expect(place([.common()], bars: [bar]) == nil)
    bar.address = .max
    #expect(place([.common(offset: 1)], bars: [bar]) == nil)
  }

  @Test(
    "only what lies in the BAR is held",
    arguments: [
      (0, 0x400, true), (0x3C0, 0x40, true), (0x3C1, 0x40, false), (0xFFFF_FFFF, 1, false),
    ] as [(UInt32, Int, Bool)])
  func holds(offset: UInt32, count: Int, holds: Bool) throws {
    let found = try #require(place([.common(offset: offset)]))
    #expect(found.holds(count) == holds)
    #expect(!found.holds(.max))
  }

  @Test(
    "a doorbell is there when all of it lies in the structure",
    arguments: [
      (0, 4, 2, 0x40_0000_0300), (3, 4, 2, 0x40_0000_030C), (63, 4, 4, 0x40_0000_03FC),
      (64, 4, 2, nil), (127, 2, 2, 0x40_0000_03FE), (127, 2, 4, nil), (500, 0, 2, 0x40_0000_0300),
      (0xFFFF, 0xFFFF_FFFF, 2, nil),
    ] as [(UInt16, UInt32, Int, UInt64?)])
  func doorbell(notifyOff: UInt16, multiplier: UInt32, width: Int, address: UInt64?) throws {
    let notify = RawCapability.virtio(
      2, offset: 0x300, length: 0x100,
      tail: (0..<4).map { UInt8(truncatingIfNeeded: multiplier >> ($0 * 8)) })
    let found = try #require(place([notify], of: .notify))
    #expect(found.doorbell(notifyOff: notifyOff, width: width) == address)
    #expect(
      found.data.doorbell(notifyOff: notifyOff, width: width) == address.map { $0 - found.address })
    #expect(found.doorbell(notifyOff: notifyOff, width: -width) == nil)
  }

  /// BAR 0 is memory at 0x40_0000_0000, BAR 2 I/O ports at 0xC000, BAR 3 has no address.
  private static let bars: [UInt32] = [4, 0x40, 0xC001, 0]

  @Test("of each type the first is taken whose BAR is there")
  func structures() throws {
    let config = ConfigSpace(bars: Self.bars)
      .adding(.common(bar: 3), at: 0x40)
      .adding(.common(bar: 1, offset: 0x100), at: 0x50)
      .adding(.common(offset: 0x200), at: 0x60)
      .adding(.common(offset: 0x300), at: 0x70)
      .adding(.virtio(3, bar: 9), at: 0x80)
      .adding(.virtio(4, bar: 2, offset: 8, capLen: 12), at: 0x90)
      .adding(.virtio(4, bar: 2, offset: 16), at: 0xA0)
      .adding(.notify(offset: 0x6000, multiplier: 4), at: 0xB0)
      .adding(.window(), at: 0xC4)
    let bytes = config.bytes
    let found = try LocatedStructures(from: bytes.span)
    #expect(found.common?.address == 0x40_0000_0200)
    #expect(found.isr == nil)
    #expect(found.device?.address == 0xC010 && found.device?.bar.isIO == true)
    #expect(found.notify?.doorbell(notifyOff: 3, width: 2) == 0x40_0000_600C)
    #expect(found[.common] == found.common && found[.pci] == nil)
    let memory = try LocatedStructures(from: bytes.span) { !$0.bar.isIO }
    #expect(memory.device == nil && memory.common == found.common)
  }

  @Test("the header and the list are loaded, and of each capability what decides")
  func structuresTrace() throws {
    let source = RecordingSource(
      ConfigSpace(bars: Self.bars)
        .adding(.common(), at: 0x40).adding(.common(), at: 0x50).adding(.window(), at: 0x60)
        .adding(.msix(vectors: 1, table: 0, pending: 0), at: 0x74).bytes)
    _ = try LocatedStructures(from: source)
    let bars = (0..<6).map { RecordingSource.Access(0x10 + 4 * $0, 4) }
    let capabilities = [0x40, 0x44, 0x48, 0x4C, 0x50, 0x60, 0x74]
    #expect(
      source.loads == bars + [.init(6, 2), .init(0x34, 1)] + capabilities.map { .init($0, 4) })
    #expect(source.stores.isEmpty)
  }
}
