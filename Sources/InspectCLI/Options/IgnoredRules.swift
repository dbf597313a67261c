import VirtioConformance

/// The rules whose findings a check accepts, drivers that refuse among them.
struct IgnoredRules: Hashable, Sendable {
  /// As `Defect.rule` has them.
  private var names: Set<String> = []

  /// No rule.
  static let none = IgnoredRules()

  private init() {}

  init(parsing text: String) throws(ValueError) {
    let known = Self.known
    for name in try items(of: text[...]) {
      guard known.contains(name) else {
        throw .unknownRule(name, similar: nearest(to: name, among: known))
      }
      names.insert(name)
    }
  }

  /// All that a problem can be named after.
  static var known: [String] { Driver.all.map(\.rule) + Rule.known.map(\.id) }

  func adding(_ other: IgnoredRules) -> IgnoredRules {
    var both = self
    both.names.formUnion(other.names)
    return both
  }

  func contains(_ rule: String) -> Bool { names.contains(rule) }
}
