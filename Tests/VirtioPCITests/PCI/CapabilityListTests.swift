import TestSupport
import Testing

@testable import VirtioPCI

@Suite("Capability list")
struct CapabilityListTests {
  /// The positions of the list in `config`, and how it ended.
  private func walk(
    _ config: [UInt8], status: UInt16 = 0x10, pointer: UInt8 = 0x40
  ) throws -> (visited: [UInt8], end: CapabilityListEnd?) {
    var list = CapabilityList(status: status, pointer: pointer)
    var visited: [UInt8] = []
    while let entry = try list.next(in: config.span) {
      visited.append(entry.position)
      guard visited.count <= 256 else { break }
    }
    return (visited, list.end)
  }

  /// Config space with a capability of `id` at each position, pointing to the paired one.
  private func config(_ links: [(UInt8, UInt8)], id: UInt8 = 0x09, count: Int = 256) -> [UInt8] {
    var config = [UInt8](repeating: 0, count: 256)
    for (position, next) in links {
      config[Int(position)] = id
      config[Int(position) + 1] = next
    }
    return Array(config.prefix(count))
  }

  @Test("a list is followed to the pointer of 0")
  func normal() throws {
    let (visited, end) = try walk(config([(0x40, 0x98), (0x98, 0x50), (0x50, 0)]))
    #expect(visited == [0x40, 0x98, 0x50])
    #expect(end == .terminated)
  }

  @Test("without status bit 4 there is no list, whatever the pointer says")
  func absent() throws {
    let (visited, end) = try walk(config([(0x40, 0)]), status: 0xFFEF)
    #expect(visited.isEmpty)
    #expect(end == .absent)
  }

  @Test("a first pointer of 0 ends the list", arguments: [0, 1, 2, 3] as [UInt8])
  func empty(pointer: UInt8) throws {
    #expect(try walk(config([]), pointer: pointer).end == .terminated)
  }

  @Test("a capability that points to itself is visited once")
  func selfLoop() throws {
    let (visited, end) = try walk(config([(0x40, 0x40)]))
    #expect(visited == [0x40])
    #expect(end == .loop(position: 0x40))
  }

  @Test("a loop ends where it would begin again")
  func loop() throws {
    let (visited, end) = try walk(config([(0x40, 0x50), (0x50, 0x60), (0x60, 0x52)]))
    #expect(visited == [0x40, 0x50, 0x60])
    #expect(end == .loop(position: 0x50))
  }

  @Test("a pointer into the header ends the list", arguments: [0x04, 0x10, 0x3C, 0x3F] as [UInt8])
  func belowHeader(pointer: UInt8) throws {
    #expect(try walk(config([]), pointer: pointer).end == .belowHeader(pointer: pointer))
    let (visited, end) = try walk(config([(0x40, pointer)]))
    #expect(visited == [0x40])
    #expect(end == .belowHeader(pointer: pointer))
  }

  @Test("the low two bits of a pointer do not count")
  func unaligned() throws {
    let (visited, end) = try walk(config([(0x40, 0x53), (0x50, 0x61), (0x60, 2)]), pointer: 0x42)
    #expect(visited == [0x40, 0x50, 0x60])
    #expect(end == .terminated)
  }

  @Test("an ID of 0xff ends the list: nothing answers there")
  func invalidID() throws {
    let gone = [UInt8](repeating: 0xFF, count: 256)
    #expect(try walk(gone).end == .invalidID(position: 0x40))
    #expect(try walk(gone, pointer: 0xFF).end == .invalidID(position: 0xFC))
  }

  @Test("a capability beyond what was read ends the list", arguments: [64, 0x50, 0x51])
  func truncated(count: Int) throws {
    let config = config([(0x40, 0x50), (0x50, 0x60)], count: count)
    let (visited, end) = try walk(config)
    #expect(visited == (count == 64 ? [] : [0x40]))
    #expect(end == .truncated(position: count == 64 ? 0x40 : 0x50))
  }

  @Test("the last place for a capability is 0xfc")
  func last() throws {
    let (visited, end) = try walk(config([(0x40, 0xFF), (0xFC, 0)]))
    #expect(visited == [0x40, 0xFC])
    #expect(end == .terminated)
  }

  @Test("all 48 places are visited, and then no more", arguments: [false, true])
  func longest(loops: Bool) throws {
    let positions = (0..<48).map { UInt8(0x40 + $0 * 4) }
    var links = Array(zip(positions, positions.dropFirst()))
    links.append((0xFC, loops ? 0x40 : 0))
    let (visited, end) = try walk(config(links))
    #expect(visited == positions)
    #expect(end == (loops ? .loop(position: 0x40) : .terminated))
  }

  @Test("a list that has ended stays ended")
  func ended() throws {
    let config = config([(0x40, 0x50)])
    var list = CapabilityList(status: 0, pointer: 0x40)
    #expect(try list.next(in: config.span) == nil)
    #expect(try list.next(in: config.span) == nil)
    #expect(list.position == nil && list.end == .absent)
  }

  @Test("an entry is its first four bytes")
  func entry() throws {
    var config = config([(0x40, 0x98)])
    config.replaceSubrange(0x40..<0x44, with: [0x11, 0x98, 0x03, 0x80])
    var list = CapabilityList(status: 0x10, pointer: 0x40)
    let entry = try #require(try list.next(in: config.span))
    #expect(
      entry == PCICapability(position: 0x40, id: .msix, next: 0x98, control: 0x8003))
    #expect(entry.id.name == "MSI-X" && "\(entry.id)" == "MSI-X")
    #expect("\(PCICapabilityID(rawValue: 0x16))" == "0x16")
    #expect(PCICapabilityID(rawValue: 0x16).name == nil)
  }

  @Test("status and pointer are loaded, and of each entry one dword")
  func trace() throws {
    let source = RecordingSource(ConfigSpace.healthy.bytes)
    var list = try CapabilityList(from: source)
    var ids: [PCICapabilityID] = []
    while let entry = try list.next(in: source) { ids.append(entry.id) }
    let heads = [0x40, 0x50, 0x60, 0x70, 0x84, 0x98]
    #expect(source.loads == [.init(6, 2), .init(0x34, 1)] + heads.map { .init($0, 4) })
    #expect(ids == [9, 9, 9, 9, 9, 0x11].map { PCICapabilityID(rawValue: $0) })
    #expect(list.end == .terminated)
  }

  @Test("where there is no list its pointer is not loaded")
  func absentTrace() throws {
    let source = RecordingSource(ConfigSpace().bytes)
    #expect(try CapabilityList(from: source).end == .absent)
    #expect(source.loads == [.init(6, 2)])
  }

  @Test("after an error the list is where it was")
  func failing() throws {
    let device = FakeDevice()
    device.failsAfter = 0
    var list = CapabilityList(status: 0x10, pointer: 0x40)
    let registers = FakeRegisters(device, count: 256)
    #expect(throws: FakeDevice.Failure.self) { try list.next(in: registers) }
    #expect(list.position == 0x40 && list.end == nil)
  }
}
