import TestSupport
import Testing
import VirtioPCI

@Suite struct FeatureSetTests {
  @Test("groups are those of the select registers, and there are four")
  func groups() {
    let set = FeatureSet(groups: [1, 0x8000_0001, 0x40, 0])
    #expect(Array(set.bits) == [0, 32, 63, 70])
    #expect(set == FeatureSet(bits: [70, 63, 32, 0]))
    #expect(set == FeatureSet(groups: [1, 0x8000_0001, 0x40]))
    #expect((0..<4).map { set.group(at: $0) } == [1, 0x8000_0001, 0x40, 0])
    #expect(set.group(at: 4) == 0 && set.group(at: -1) == 0)
    #expect(FeatureSet(groups: [0, 0]).isEmpty)
    #expect(FeatureSet(groups: [0, 0, 0, 0, 1]).isEmpty)
  }

  @Test("a group is replaced, and no other", arguments: 0..<4)
  func replacing(index: Int) {
    var set = FeatureSet(groups: [.max, .max, .max, .max])
    set.setGroup(at: index, to: 0x8000_0001)
    #expect((0..<4).map { set.group(at: $0) } == (0..<4).map { $0 == index ? 0x8000_0001 : .max })
    set.setGroup(at: 4, to: 0)
    set.setGroup(at: -1, to: 0)
    #expect(set.count == 98)
  }

  @Test("each of the 128 bits is a member of its own", arguments: 0..<128)
  func bits(bit: Int) {
    var set = FeatureSet()
    set.insert(bit: bit)
    #expect(Array(set.bits) == [bit])
    #expect((0..<128).filter { set.contains(bit: $0) } == [bit])
    #expect(set.count == 1 && !set.isEmpty)
    set.remove(bit: bit)
    #expect(set.isEmpty)
    set = FeatureSet(bits: 0..<128)
    set.remove(bit: bit)
    #expect(set.count == 127 && !set.contains(bit: bit))
  }

  @Test("there is no bit beyond them", arguments: [Int.min, -1, 128, 1000, 1 << 32, .max])
  func beyond(bit: Int) {
    var set = FeatureSet(bits: [bit])
    set.insert(bit: bit)
    #expect(set.isEmpty && !set.contains(bit: bit))
    set = FeatureSet(bits: 0..<128)
    set.remove(bit: bit)
    #expect(set.count == 128)
  }

  @Test("it is the algebra of sets of the numbers")
  func algebra() {
    var random = SplitMix(state: 7)
    for _ in 0..<200 {
      let (first, second) = (Self.numbers(&random), Self.numbers(&random))
      let (one, other) = (FeatureSet(bits: first), FeatureSet(bits: second))
      #expect(Set(one.union(other).bits) == first.union(second))
      #expect(Set(one.intersection(other).bits) == first.intersection(second))
      #expect(Set(one.symmetricDifference(other).bits) == first.symmetricDifference(second))
      #expect(Set(one.subtracting(other).bits) == first.subtracting(second))
      #expect(one.isSubset(of: other) == first.isSubset(of: second))
      #expect(one.intersection(other).isSubset(of: one))
      #expect(one.isDisjoint(with: other) == first.isDisjoint(with: second))
      #expect(Array(one.bits) == first.sorted())
      #expect(one.bits.underestimatedCount == first.count)
    }
  }

  private static func numbers(_ random: inout SplitMix) -> Set<Int> {
    let density = Int.random(in: 1...16, using: &random)
    return Set((0..<128).filter { _ in Int.random(in: 0..<16, using: &random) < density })
  }

  @Test("features are its elements")
  func features() {
    var set: FeatureSet = [.version1, Feature.Net.mac]
    #expect(Array(set.bits) == [5, 32])
    #expect(set.contains(.version1) && !set.contains(.ringPacked))
    #expect(set.insert(.ringPacked).inserted)
    #expect(!set.insert(.ringPacked).inserted)
    #expect(set.update(with: .suspend) == nil)
    #expect(set.update(with: .suspend) == .suspend)
    #expect(set.remove(.suspend) == .suspend)
    #expect(set.remove(.suspend) == nil)
    #expect(set == [Feature.Net.mac, .version1, .ringPacked])
  }

  @Test("it prints the names for a type, and numbers for what has none")
  func names() {
    let set: FeatureSet = [.version1, Feature.Net.mac]
    #expect(set.names(for: .net) == ["VIRTIO_NET_F_MAC", "VIRTIO_F_VERSION_1"])
    #expect(set.names(for: .blk) == ["VIRTIO_BLK_F_RO", "VIRTIO_F_VERSION_1"])
    #expect(set.names(for: .rng) == ["bit 5", "VIRTIO_F_VERSION_1"])
    #expect("\(set)" == "[bit 5, VIRTIO_F_VERSION_1]")
    let bit41 = FeatureSet(bits: [41])
    #expect(bit41.names(for: .net) == ["VIRTIO_NET_F_GUEST_RSC4"])
    #expect(bit41.names(for: .net, hasVersion1: true) == ["VIRTIO_F_ADMIN_VQ"])
  }
}
