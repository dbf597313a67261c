/// When output is colored.
enum ColorChoice: String, CaseIterable, Hashable, Sendable {
  case auto, always, never

  static let words = allCases.map { $0.rawValue }

  init(parsing text: String) throws(ValueError) {
    guard let choice = Self(rawValue: text) else { throw .notOneOf(Self.words) }
    self = choice
  }
}
