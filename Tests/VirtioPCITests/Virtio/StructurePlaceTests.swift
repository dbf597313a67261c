import TestSupport
import Testing

@testable import VirtioPCI

@Suite("Places of structures")
struct StructurePlaceTests {
  private func place(
    _ capabilities: [RawCapability], of type: CapCfgType = .common, bars: [BAR]? = nil
  ) -> StructurePlace? {
    let identity = Identity(
      vendorID: 0x1AF4, deviceID: 0x1041, revision: 1, classCode: 0, subsystemVendorID: 0x1AF4,
      subsystemID: 0x1100)
    return FunctionState(
      identity: identity, type: .net, interface: .modern,
      bars: bars ?? [FakeDevice.bar], barsAreComplete: true,
      capabilities: capabilities.enumerated().compactMap {
        Capability(position: UInt8(0x40 + $0 * 24), bytes: $1.bytes)
      }
    ).place(of: type)
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
    ] as [(UInt32, UInt64, Bool)])
  func holds(offset: UInt32, count: UInt64, holds: Bool) throws {
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
    ] as [(UInt16, UInt32, UInt64, UInt64?)])
  func doorbell(notifyOff: UInt16, multiplier: UInt32, width: UInt64, address: UInt64?) throws {
    let notify = RawCapability.virtio(
      2, offset: 0x300, length: 0x100,
      tail: (0..<4).map { UInt8(truncatingIfNeeded: multiplier >> ($0 * 8)) })
    let found = try #require(place([notify], of: .notify))
    #expect(found.doorbell(notifyOff: notifyOff, width: width) == address)
  }
}
