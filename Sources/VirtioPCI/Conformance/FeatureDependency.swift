/// What a set of features has to have for one of them, VIRTIO 1.4 §2.2: a row of a table.
struct FeatureDependency: Sendable {
  /// The feature that makes the demand; nil for one that is always made.
  var feature: String?
  /// A field of the configuration that also has to have this value.
  var field: (name: String, value: UInt64)?
  var allOf: [String]
  var anyOf: [String]
  var noneOf: [String]
  /// Those that a driver accepts where they are offered.
  var acceptIfOffered: [String]
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

  func findings(in function: FunctionState) -> [Finding] {
    if !acceptIfOffered.isEmpty { return function.refusals(of: acceptIfOffered) }
    let offered = view == .negotiated ? nil : function.offered
    let negotiated = view == .offered ? nil : function.negotiated
    return [("offered", offered), ("negotiated", negotiated)].compactMap { name, set in
      guard let set, let failure = failure(in: set, of: function) else { return nil }
      let cause = field.map { "\($0.name) is \($0.value), and " } ?? ""
      let demander = feature.map { "\($0) is" } ?? "the features are"
      return Finding("\(cause)\(demander) \(name) \(failure)")
    }
  }

  /// What `set` lacks or has too much (`without A`); nil when it is as demanded.
  private func failure(in set: FeatureSet, of function: FunctionState) -> String? {
    func has(_ name: String) -> Bool {
      Feature.named(name, for: function.type).map { set.contains($0.bit) } ?? false
    }
    if let feature, !has(feature) { return nil }
    if let field, function.field(field.name) != field.value { return nil }
    let missing = allOf.filter { !has($0) }
    if !missing.isEmpty { return "without \(missing.joined(separator: ", "))" }
    if !anyOf.isEmpty, !anyOf.contains(where: has) {
      return "without any of \(anyOf.joined(separator: ", "))"
    }
    let excess = noneOf.filter(has)
    return excess.isEmpty ? nil : "with \(excess.joined(separator: ", "))"
  }
}

extension Rule {
  /// A row of the table of features.
  static func features(
    _ id: String, _ level: Level, _ basis: Basis, _ section: String,
    subject: Subject = .device, _ type: DeviceType, severity: Severity? = nil, _ demand: String,
    if feature: String? = nil, field: (name: String, value: UInt64)? = nil, allOf: [String] = [],
    anyOf: [String] = [], noneOf: [String] = [], acceptIfOffered: [String] = [],
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
