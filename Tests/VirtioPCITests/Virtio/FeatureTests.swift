import TestSupport
import Testing

@testable import VirtioPCI

@Suite struct FeatureTests {
  @Test("the generic features are those of the specification")
  func generic() throws {
    compare(Feature.generic, with: try Spec("feature-bits")["generic"].array)
  }

  @Test("the features of each type are those of the specification, and of no other type")
  func devices() throws {
    let spec = try Spec("feature-bits")
    let inSpec = spec["device"].dictionary
    let elsewhere = spec["device_not_in_spec"].dictionary
    let rows = inSpec.merging(elsewhere) { own, _ in own }
    #expect(rows.count == inSpec.count + elsewhere.count)
    for (key, features) in rows {
      let type = try #require(DeviceType(key: key))
      compare(type.features, with: features.array)
    }
    let others = DeviceType.defined.filter { rows[$0.key ?? ""] == nil }
    #expect(others.allSatisfy { $0.features.isEmpty })
  }

  private func compare(_ features: [Feature], with rows: [Spec]) {
    #expect(features.map(\.name) == rows.map { $0["name"].string })
    for (feature, row) in zip(features, rows) {
      #expect(feature.bit == row["bit"].int, "\(feature.name)")
      #expect(feature.otherNames == row["other_names"].strings, "\(feature.name)")
      #expect(feature.isLegacyOnly == row["legacy_only"].bool, "\(feature.name)")
      #expect(
        feature.section.map { "VIRTIO 1.4 §\($0)" } == row["section"].string, "\(feature.name)")
      let (all, any) = (row["requires"]["all"].strings, row["requires"]["any"].strings)
      #expect(Self.names(feature.requirement.all, features) == Set(all), "\(feature.name)")
      #expect(Self.names(feature.requirement.any, features) == Set(any), "\(feature.name)")
    }
  }

  private static func names(_ set: FeatureSet, _ features: [Feature]) -> Set<String> {
    Set(features.filter(set.contains).map(\.name))
  }

  @Test("a requirement is met by all of one set and any of another")
  func requirements() {
    let hash = Feature.Net.hashTunnel.requirement
    #expect(hash.isMet(by: [Feature.Net.ctrlVQ, Feature.Net.rss]))
    #expect(hash.isMet(by: [Feature.Net.ctrlVQ, Feature.Net.hashReport, Feature.Net.mac]))
    #expect(!hash.isMet(by: [Feature.Net.ctrlVQ]))
    #expect(!hash.isMet(by: [Feature.Net.rss]))
    #expect(Feature.Net.mac.requirement.isEmpty)
    #expect(Feature.Net.mac.requirement.isMet(by: []))
  }

  @Test("no name stands for two features of a type")
  func unique() {
    for type in DeviceType.defined {
      let names = (Feature.generic + type.features).flatMap { [$0.name] + $0.otherNames }
      #expect(Set(names).count == names.count, "\(type.key ?? "")")
    }
  }

  @Test("a bit is named by the generic table, else by that of the type")
  func naming() {
    #expect(DeviceType.net.featureName(32) == "VIRTIO_F_VERSION_1")
    #expect(DeviceType.net.featureName(5) == "VIRTIO_NET_F_MAC")
    #expect(DeviceType.net.featureName(70) == "VIRTIO_NET_F_IPSEC")
    #expect(DeviceType.blk.featureName(5) == "VIRTIO_BLK_F_RO")
    #expect(DeviceType.rng.featureName(5) == nil)
    #expect(DeviceType(rawValue: 63).featureName(34) == "VIRTIO_F_RING_PACKED")
  }

  @Test("a bit without a name has none", arguments: [-1, 25, 26, 31, 44, 49, 71, 127, 128, 4096])
  func unnamed(bit: Int) {
    #expect(DeviceType.net.featureName(bit) == nil)
    #expect(DeviceType.net.featureName(bit, hasVersion1: false) == nil)
  }

  @Test("bit 41 is receive coalescing for a network device without VERSION_1 alone")
  func bit41() {
    #expect(DeviceType.net.featureName(41) == "VIRTIO_F_ADMIN_VQ")
    #expect(DeviceType.net.featureName(41, hasVersion1: false) == "VIRTIO_NET_F_GUEST_RSC4")
    #expect(DeviceType.net.featureName(42, hasVersion1: false) == "VIRTIO_NET_F_GUEST_RSC6")
    #expect(DeviceType.blk.featureName(41, hasVersion1: false) == "VIRTIO_F_ADMIN_VQ")
    #expect(DeviceType.blk.featureName(42, hasVersion1: false) == nil)
  }

  @Test("a feature is found by any of its names")
  func byName() {
    #expect(DeviceType.blk.feature(named: "VIRTIO_BLK_F_FLUSH")?.bit == 9)
    #expect(DeviceType.blk.feature(named: "VIRTIO_BLK_F_WCE")?.bit == 9)
    #expect(DeviceType.blk.feature(named: "VIRTIO_RING_F_EVENT_IDX")?.bit == 29)
    #expect(DeviceType.net.feature(named: "VIRTIO_BLK_F_FLUSH") == nil)
  }
}
