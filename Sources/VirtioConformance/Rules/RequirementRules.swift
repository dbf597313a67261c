import VirtioPCI

extension Rule {
  /// What each feature requires, VIRTIO 1.4 §2.2: a rule for each that requires anything, by the tables
  /// of features.
  static let requirementRules: [Rule] =
    requirements(of: .net, "5.1.3.1") + requirements(of: .gpu, "5.7.3")
    + requirements(of: .crypto, "5.9.3.1") + requirements(of: .can, "5.20.3.1")
    + requirements(of: .blk, "5.2.5.2") + [acceptedRequirements]

  /// What a driver accepts is its own choice, and bound as what the device offers. Where the device
  /// offers a feature without what it requires, that is the finding.
  private static let acceptedRequirements = Rule(
    "feature-dependency-closed-negotiated", .must, .normative, "2.2.1", by: .driver,
    "A driver accepts no feature without those that it requires.",
    example: "bit 7 accepted, bit 1 not, on a network device", given: .negotiated, .type,
    .offeredIfKnown
  ) { negotiated, type, offered, found in
    // FLUSH, which CONFIG_WCE needs, is only for the device to offer (VIRTIO 1.4 §5.2.5.2).
    guard type != .blk else { return }
    for feature in type.features where negotiated.contains(feature) {
      let requirement = feature.requirement
      guard let shortfall = requirement.shortfall(of: negotiated, for: type) else { continue }
      if let offered, offered.contains(feature), !requirement.isMet(by: offered) { continue }
      found.add("\(feature.name) is negotiated \(shortfall)")
    }
  }

  private static func requirements(of type: DeviceType, _ section: String) -> [Rule] {
    type.features.filter { !$0.requirement.isEmpty }.map { feature in
      let name = feature.shortName
      let key = name.lowercased().split(separator: "_").joined(separator: "-")
      let requirement = feature.requirement
      let all = shortNames(requirement.all, type).joined(separator: " and ")
      let any = shortNames(requirement.any, type).joined(separator: " / ")
      let demands = [all, any.isEmpty ? "" : "one of \(any)"].filter { !$0.isEmpty }
      let lacking =
        requirement.all.bits.first { _ in true } ?? requirement.any.bits.first { _ in true }
      return .features(
        "feature-\(type.key ?? "")-\(key)-requires", .must, .normative, section, .type(type),
        "\(feature.name) requires \(demands.joined(separator: " and ")).",
        example: "bit \(feature.bit) set, bit \(lacking ?? 0) clear",
        FeatureDependency(feature: feature, requirement: requirement, view: .offered))
    }
  }

  private static func shortNames(_ features: FeatureSet, _ type: DeviceType) -> [String] {
    features.bits.compactMap { Feature.of(type, bit: $0, hasVersion1: true)?.shortName }
  }
}

extension Feature {
  /// Its name without what it shares with its type's others: `GUEST_TSO4`.
  fileprivate var shortName: String {
    let name = Array(name.utf8)
    let start = name.indices.dropLast(2).first {
      name[$0] == UInt8(ascii: "_") && name[$0 + 1] == UInt8(ascii: "F")
        && name[$0 + 2] == UInt8(ascii: "_")
    }
    return String(decoding: name[(start.map { $0 + 3 } ?? 0)...], as: UTF8.self)
  }
}
