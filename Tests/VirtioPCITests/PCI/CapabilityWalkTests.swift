import Testing

@testable import VirtioPCI

@Suite struct CapabilityWalkTests {
  /// Walks `config` as a source would: each head is there when its two bytes are.
  private func walk(
    _ config: [UInt8], status: UInt16 = 0x10, pointer: UInt8 = 0x40
  ) -> (visited: [UInt8], end: CapabilityListEnd?) {
    var walk = CapabilityWalk(status: status, pointer: pointer)
    var visited: [UInt8] = []
    while let position = walk.position {
      visited.append(position)
      let bytes = Array(config.dropFirst(Int(position)))
      walk.advance(past: PCICapabilityHead(position: position, bytes: bytes.span))
      guard visited.count <= 256 else { break }
    }
    return (visited, walk.end)
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
  func normal() {
    let (visited, end) = walk(config([(0x40, 0x98), (0x98, 0x50), (0x50, 0)]))
    #expect(visited == [0x40, 0x98, 0x50])
    #expect(end == .terminated)
  }

  @Test("without status bit 4 there is no list, whatever the pointer says")
  func absent() {
    let (visited, end) = walk(config([(0x40, 0)]), status: 0xFFEF)
    #expect(visited.isEmpty)
    #expect(end == .absent)
  }

  @Test("a first pointer of 0 ends the list", arguments: [0, 1, 2, 3] as [UInt8])
  func empty(pointer: UInt8) {
    #expect(walk(config([]), pointer: pointer).end == .terminated)
  }

  @Test("a capability that points to itself is visited once")
  func selfLoop() {
    let (visited, end) = walk(config([(0x40, 0x40)]))
    #expect(visited == [0x40])
    #expect(end == .loop(position: 0x40))
  }

  @Test("a loop ends where it would begin again")
  func loop() {
    let (visited, end) = walk(config([(0x40, 0x50), (0x50, 0x60), (0x60, 0x52)]))
    #expect(visited == [0x40, 0x50, 0x60])
    #expect(end == .loop(position: 0x50))
  }

  @Test("a pointer into the header ends the list", arguments: [0x04, 0x10, 0x3C, 0x3F] as [UInt8])
  func belowHeader(pointer: UInt8) {
    #expect(walk(config([]), pointer: pointer).end == .belowHeader(pointer: pointer))
    let (visited, end) = walk(config([(0x40, pointer)]))
    #expect(visited == [0x40])
    #expect(end == .belowHeader(pointer: pointer))
  }

  @Test("the low two bits of a pointer do not count")
  func unaligned() {
    let (visited, end) = walk(config([(0x40, 0x53), (0x50, 0x61), (0x60, 2)]), pointer: 0x42)
    #expect(visited == [0x40, 0x50, 0x60])
    #expect(end == .terminated)
  }

  @Test("an ID of 0xff ends the list: nothing answers there")
  func invalidID() {
    let gone = [UInt8](repeating: 0xFF, count: 256)
    #expect(walk(gone).end == .invalidID(position: 0x40))
    #expect(walk(gone, pointer: 0xFF).end == .invalidID(position: 0xFC))
  }

  @Test("a capability beyond what was read ends the list", arguments: [64, 0x50, 0x51])
  func truncated(count: Int) {
    let config = config([(0x40, 0x50), (0x50, 0x60)], count: count)
    let (visited, end) = walk(config)
    #expect(visited.last == (count == 64 ? 0x40 : 0x50))
    #expect(end == .truncated(position: count == 64 ? 0x40 : 0x50))
  }

  @Test("the last place for a capability is 0xfc")
  func last() {
    let (visited, end) = walk(config([(0x40, 0xFF), (0xFC, 0)]))
    #expect(visited == [0x40, 0xFC])
    #expect(end == .terminated)
  }

  @Test("all 48 places are visited, and then no more", arguments: [false, true])
  func longest(loops: Bool) {
    let positions = (0..<48).map { UInt8(0x40 + $0 * 4) }
    var links = Array(zip(positions, positions.dropFirst()))
    links.append((0xFC, loops ? 0x40 : 0))
    let (visited, end) = walk(config(links))
    #expect(visited == positions)
    #expect(end == (loops ? .loop(position: 0x40) : .terminated))
  }

  @Test("a walk that has ended stays ended")
  func ended() {
    var walk = CapabilityWalk(status: 0, pointer: 0x40)
    walk.advance(past: PCICapabilityHead(position: 0x40, id: .vendorSpecific, next: 0x50))
    #expect(walk.position == nil)
    #expect(walk.end == .absent)
  }

  @Test("a head is two bytes")
  func head() {
    let bytes: [UInt8] = [0x11, 0x98, 0x03]
    let head = PCICapabilityHead(position: 0x40, bytes: bytes.span)
    #expect(head?.id == .msix && head?.next == 0x98)
    #expect(head?.id.name == "MSI-X")
    let one: [UInt8] = [0x11]
    #expect(PCICapabilityHead(position: 0x40, bytes: one.span) == nil)
    #expect(PCICapabilityID(rawValue: 0x16).name == nil)
  }
}
