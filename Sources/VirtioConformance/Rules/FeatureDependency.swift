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
    /// What is offered, and where that is sound or not known what was negotiated: a broken pair is one
    /// finding. Only what is offered shows that the device keeps it.
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
    if view != .negotiated, let offered = function.offered, isBroken(by: offered, in: function) {
      found.add(sentence(offered, "offered", of: function))
    } else if view != .offered, let negotiated = function.negotiated,
      isBroken(by: negotiated, in: function)
    {
      found.add(sentence(negotiated, "negotiated", of: function))
    }
  }

  private func isBroken(by set: FeatureSet, in function: Function) -> Bool {
    if let feature, !set.contains(feature) { return false }
    if let field, function.answered?.device?.number(at: field.register.key) != field.value {
      return false
    }
    return !requirement.isMet(by: set) || !set.isDisjoint(with: noneOf)
  }

  /// `VIRTIO_NET_F_MQ is offered without VIRTIO_NET_F_CTRL_VQ`.
  private func sentence(_ set: FeatureSet, _ name: String, of function: Function) -> String {
    let cause = field.map { "\($0.register.key.name) is \($0.value), and " } ?? ""
    let demander = feature.map { "\($0.name) is" } ?? "the features are"
    let excess = noneOf.intersection(set).list(for: function.type)
    let failure = requirement.shortfall(of: set, for: function.type) ?? "with \(excess)"
    return "\(cause)\(demander) \(name) \(failure)"
  }
}

extension Feature.Requirement {
  /// What a set of features lacks of it: `without VIRTIO_NET_F_CTRL_VQ`; nil when it lacks nothing.
  func shortfall(of set: FeatureSet, for type: DeviceType?) -> String? {
    let missing = all.subtracting(set)
    if !missing.isEmpty { return "without \(missing.list(for: type))" }
    return isMet(by: set) ? nil : "without any of \(any.list(for: type))"
  }
}

extension FeatureSet {
  fileprivate func list(for type: DeviceType?) -> String {
    names(for: type, hasVersion1: true).joined(separator: ", ")
  }
}

extension Rule {
  /// A row of the table of features.
  static func features(
    _ id: String, _ level: Level, _ basis: Basis, _ section: String, by subject: Subject = .device,
    _ scope: Scope, but leniency: Leniency? = nil, _ demand: String, example: String,
    _ dependency: FeatureDependency
  ) -> Rule {
    Rule(
      id, level, basis, section, by: subject, of: scope, but: leniency, demand,
      example: example, needs: dependency.needs
    ) { dependency.find($0, &$1) }
  }
}
