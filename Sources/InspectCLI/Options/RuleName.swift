import VirtioConformance
import VirtioPCI

/// The ID of a rule of `Rule.known`.
struct RuleName: Hashable, Sendable {
  let id: String

  init(parsing text: String) throws(ValueError) {
    guard Rule.known.contains(where: { $0.id == text }) else {
      throw .unknownRule(text, similar: Self.nearest(to: text))
    }
    id = text
  }

  var rule: Rule? { Rule.known.first { $0.id == id } }

  /// The IDs that hold `text`, or else the most similar ones: five at most.
  private static func nearest(to text: String) -> [String] {
    let ids = Rule.known.map(\.id)
    let holding = text.utf8.count < 3 ? [] : ids.filter { $0.holds(text) }
    let similar = ids.map { (id: $0, distance: editDistance(text.utf8, $0.utf8)) }
      .sorted { $0.distance < $1.distance }.map(\.id)
    return Array((holding.isEmpty ? Array(similar.prefix(3)) : holding).prefix(5))
  }
}
