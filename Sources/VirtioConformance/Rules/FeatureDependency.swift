import VirtioPCI

/// What a set of features has to have for one of them, VIRTIO 1.4 §2.2.
struct FeatureDependency: Sendable {
  /// The feature that makes the demand; nil for one that is always made.
  var feature: Feature?
  /// A register of the configuration that also has to have this value.
  var field: (register: BoundField, value: UInt64)?
  var requirement = Feature.Requirement()
  /// None of these.
  var noneOf: FeatureSet = []
  /// Those that a driver accepts where they are offered.
  var acceptIfOffered: FeatureSet = []
  /// Which set it is about.
  var view = View.either

  /// Which sets of features a dependency is about.
  enum View: Sendable {
    case offered
    case negotiated
    /// Both. Only what is offered shows that the device keeps it.
    case either
  }

  var needs: Rule.Inputs {
    if !acceptIfOffered.isEmpty { return Given<FeatureSet>.refused.needs }
    let needs: Rule.Inputs = view == .negotiated ? .negotiated : .offered
    // The field is read where its feature is offered.
    return field == nil ? needs : needs.union([.offered, .deviceConfig])
  }

  func find(_ function: Function, _ found: inout Findings) {
    if !acceptIfOffered.isEmpty {
      guard let refused = Given<FeatureSet>.refused.value(function)?.intersection(acceptIfOffered)
      else { return }
      for bit in refused.bits {
        let name = Feature.of(function.type, bit: bit, hasVersion1: true)?.name ?? "bit \(bit)"
        found.add("\(name) is offered and the driver did not accept it")
      }
      return
    }
    if view != .negotiated, let offered = function.offered {
      judge(offered, "offered", of: function, &found)
    }
    if view != .offered, let negotiated = function.negotiated {
      judge(negotiated, "negotiated", of: function, &found)
    }
  }

  private func judge(
    _ set: FeatureSet, _ name: String, of function: Function, _ found: inout Findings
  ) {
    if let feature, !set.contains(feature) { return }
    if let field, function.registers?.device?.number(at: field.register.key) != field.value {
      return
    }
    guard !requirement.isMet(by: set) || !set.isDisjoint(with: noneOf) else { return }
    found.add(sentence(set, name, of: function))
  }

  /// `VIRTIO_NET_F_MQ is offered without VIRTIO_NET_F_CTRL_VQ`.
  private func sentence(_ set: FeatureSet, _ name: String, of function: Function) -> String {
    func names(_ features: FeatureSet) -> String {
      features.names(for: function.type, hasVersion1: true).joined(separator: ", ")
    }
    let cause = field.map { "\($0.register.key.name) is \($0.value), and " } ?? ""
    let demander = feature.map { "\($0.name) is" } ?? "the features are"
    let missing = requirement.all.subtracting(set)
    let failure =
      if !missing.isEmpty {
        "without \(names(missing))"
      } else if !requirement.isMet(by: set) {
        "without any of \(names(requirement.any))"
      } else {
        "with \(names(noneOf.intersection(set)))"
      }
    return "\(cause)\(demander) \(name) \(failure)"
  }
}

extension Rule {
  /// A row of the table of features.
  static func features(
    _ id: String, _ level: Level, _ basis: Basis, _ section: String, by subject: Subject = .device,
    _ scope: Scope, severity: Severity? = nil, _ demand: String, example: String,
    _ dependency: FeatureDependency
  ) -> Rule {
    Rule(
      id, level, basis, section, by: subject, of: scope, severity: severity, demand,
      example: example, needs: dependency.needs
    ) { dependency.find($0, &$1) }
  }
}
