import VirtioConformance
import VirtioPCI

/// What `--explain` explains: a rule of `Rule.known` or a driver of `Driver.all`, by its name.
struct Topic: Hashable, Sendable {
  let name: String

  init(parsing text: String) throws(ValueError) {
    name = text
    guard rule != nil || driver != nil else {
      let names = Driver.all.map(\.key) + Rule.known.map(\.id)
      throw .unknownRule(text, similar: nearest(to: text, among: names))
    }
  }

  var rule: Rule? { Rule.known.first { $0.id == name } }
  var driver: Driver? { Driver.named(name) }
}

/// Those of `names` that hold `text`, or else the most similar ones: five at most.
func nearest(to text: String, among names: [String]) -> [String] {
  let holding = text.utf8.count < 3 ? [] : names.filter { $0.holds(text) }
  let similar = names.map { (name: $0, distance: editDistance(text.utf8, $0.utf8)) }
    .sorted { $0.distance < $1.distance }.map(\.name)
  return Array((holding.isEmpty ? Array(similar.prefix(3)) : holding).prefix(5))
}
