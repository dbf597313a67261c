import VirtioPCI

/// What a set of features has to have for one of them, VIRTIO 1.4 §2.2: a row of a table.
struct FeatureDependency: Sendable {
  /// The feature that makes the demand; nil for one that is always made.
  var feature: Feature?
  /// A field of the configuration that also has to have this value.
  var field: (name: String, value: UInt64)?
  var allOf: FeatureSet
  var anyOf: FeatureSet
  var noneOf: FeatureSet
  /// Those that a driver accepts where they are offered.
  var acceptIfOffered: FeatureSet
  /// Which set it is about.
  var view: View

  /// Which sets of features a dependency is about.
  enum View: Sendable {
    case offered
    case negotiated
    /// Both. Only what is offered shows that the device keeps it.
    case either
  }

  var needs: Rule.Inputs {
    if !acceptIfOffered.isEmpty { return [.offered, .negotiated, .modernDriver] }
    let needs: Rule.Inputs = view == .negotiated ? .negotiated : .offered
    // The field is read where its feature is offered.
    return field == nil ? needs : needs.union([.offered, .deviceConfig])
  }

  func findings(in function: Function) -> [Finding] {
    if !acceptIfOffered.isEmpty { return function.refusals(of: acceptIfOffered) }
    let offered = view == .negotiated ? nil : function.offered
    let negotiated = view == .offered ? nil : function.negotiated
    return [("offered", offered), ("negotiated", negotiated)].compactMap { name, set in
      guard let set, let failure = failure(in: set, of: function) else { return nil }
      let cause = field.map { "\($0.name) is \($0.value), and " } ?? ""
      let demander = feature.map { "\($0.name) is" } ?? "the features are"
      return Finding("\(cause)\(demander) \(name) \(failure)")
    }
  }

  /// What `set` lacks or has too much (`without A`); nil when it is as demanded.
  private func failure(in set: FeatureSet, of function: Function) -> String? {
    func names(_ features: FeatureSet) -> String {
      features.names(for: function.type, hasVersion1: true).joined(separator: ", ")
    }
    if let feature, !set.contains(feature) { return nil }
    if let field, function.field(field.name) != field.value { return nil }
    let missing = allOf.subtracting(set)
    if !missing.isEmpty { return "without \(names(missing))" }
    if !anyOf.isEmpty, anyOf.isDisjoint(with: set) { return "without any of \(names(anyOf))" }
    let excess = noneOf.intersection(set)
    return excess.isEmpty ? nil : "with \(names(excess))"
  }
}

extension Rule {
  /// A row of the table of features.
  static func features(
    _ id: String, _ level: Level, _ basis: Basis, _ section: String,
    subject: Subject = .device, _ type: DeviceType, severity: Severity? = nil, _ demand: String,
    if feature: Feature? = nil, field: (name: String, value: UInt64)? = nil, allOf: FeatureSet = [],
    anyOf: FeatureSet = [], noneOf: FeatureSet = [], acceptIfOffered: FeatureSet = [],
    in view: FeatureDependency.View = .either, example: String
  ) -> Rule {
    let dependency = FeatureDependency(
      feature: feature, field: field, allOf: allOf, anyOf: anyOf, noneOf: noneOf,
      acceptIfOffered: acceptIfOffered, view: view)
    return Rule(
      id, level, basis, section, subject: subject, for: .types([type]), needs: dependency.needs,
      severity: severity, demand, example: example
    ) { dependency.findings(in: $0) }
  }
}
