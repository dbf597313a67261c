/// What can become of a rule in a function.
public enum Verdict: Hashable, Sendable {
  /// All that it needs was read, and nothing breaks it.
  case held
  /// It is broken, and how badly; `Rule.findings(in:)` says where.
  case broken(Severity)
  /// This of what it needs was not read, so that it could not be decided.
  case notChecked(Rule.Inputs)
  /// The function is outside its scope, or of a type that VIRTIO 1.4 does not describe.
  case notApplicable
}

extension Rule {
  /// Rules of one subject.
  public struct Table: Sendable {
    /// What they are about: `capability list`.
    public let name: String
    /// The rules, in the order in which findings are shown.
    public let rules: [Rule]
  }

  /// Every rule that can be checked, by subject.
  public static let tables = [
    Table(name: "identity", rules: identityRules),
    Table(name: "capability list", rules: listRules),
    Table(name: "capabilities", rules: presenceRules),
    Table(name: "BARs", rules: placeRules + rangeRules),
    Table(name: "structures", rules: structureRules),
    Table(name: "configuration access", rules: windowRules),
    Table(name: "shared memory", rules: sharedMemoryRules),
    Table(name: "interrupts", rules: interruptRules),
    Table(name: "state", rules: stateRules),
    Table(name: "device status", rules: statusRules),
    Table(name: "queues", rules: queueRules),
    Table(name: "features", rules: featureRules),
    Table(name: "feature dependencies", rules: requirementRules + dependencyRules),
    Table(
      name: "device configuration",
      rules: otherConfigRules + networkConfigRules + blockConfigRules + cryptoConfigRules),
    Table(name: "legacy interface", rules: legacyRules),
  ]

  /// Every rule that can be checked, in the order in which findings are shown.
  public static let all: [Rule] = tables.flatMap { $0.rules }

  /// What decoding itself finds: a broken list, a capability that is too short or runs out of
  /// config space, a structure that is in no BAR, beyond its end, or on top of another; and states.
  public static let ofDecoding: [Rule] = listRules + placeRules + rangeRules + stateRules

  /// The rule that the capability list is well formed. What it does not reach breaks those of `presence`.
  public static let capabilityList = "pci-config-capability-list"

  /// The rules that a capability is present.
  public static var presence: [String] {
    presenceRules.map(\.id).filter { $0.hasSuffix("-present") }
  }

  /// Every rule of VIRTIO 1.4 that is known, those that nothing can check last.
  public static var known: [Rule] { all + uncheckable }

  /// What becomes of each rule of `all` in `function`, in their order.
  ///
  /// Nothing is copied and no text is made: `problems(of:in:)` makes that of what is broken.
  public static func verdicts(on function: Function) -> [Verdict] {
    let rules = all
    let inputs = function.inputs
    let scopes = Scope.Set(of: function)
    var verdicts = [Verdict](repeating: .notApplicable, count: rules.count)
    // By index: a copy of each rule would count references for nothing.
    for index in rules.indices where rules[index].check.scope.applies(to: scopes) {
      verdicts[index] = rules[index].check.verdict(on: function, given: inputs)
    }
    return verdicts
  }

  /// What becomes of this rule in `function`.
  public func verdict(on function: Function) -> Verdict {
    guard check.scope.applies(to: Scope.Set(of: function)) else { return .notApplicable }
    return check.verdict(on: function, given: function.inputs)
  }

  /// Everything that breaks a rule of `all` in `function`, by these verdicts on it.
  public static func problems(of verdicts: [Verdict], in function: Function) -> [Problem] {
    var problems: [Problem] = []
    for (index, verdict) in verdicts.enumerated() {
      guard case .broken = verdict else { continue }
      problems += all[index].problems(in: function)
    }
    return problems
  }

  /// The same of what decoding itself finds.
  public static func decodingProblems(in function: Function) -> [Problem] {
    var problems: [Problem] = []
    let rules = ofDecoding
    for index in rules.indices {
      guard rules[index].check.worst(in: function) != nil else { continue }
      problems += rules[index].problems(in: function)
    }
    return problems
  }
}

extension Rule.Check {
  /// How badly it is broken; nil when nothing breaks it.
  fileprivate func worst(in function: Function) -> Severity? {
    var found = Findings(severity, keepsMessages: false)
    find(function, &found)
    return found.worst
  }

  /// A finding counts whatever else was not read; without one the rule holds only where all that it
  /// needs is among the `inputs`, which are those of `function`.
  fileprivate func verdict(on function: Function, given inputs: Rule.Inputs) -> Verdict {
    if let worst = worst(in: function) { return .broken(worst) }
    let missing = needs.subtracting(inputs)
    // Nothing more can be read: of this type the specification says nothing.
    if missing.contains(.describedType) { return .notApplicable }
    return missing.isEmpty ? .held : .notChecked(missing.first)
  }
}
