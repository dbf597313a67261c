/// The columns of the list table.
struct ColumnChoice: Hashable, Sendable {
  /// Of columns of `Column.all`.
  let names: [String]
  /// Whether they come after the default ones.
  private let adds: Bool

  /// The names of columns; after a `+` they are added to the default ones.
  init(parsing text: String) throws(ValueError) {
    adds = text.utf8.first == UInt8(ascii: "+")
    var names: [String] = []
    for name in try items(of: adds ? text[...].dropFirst() : text[...]) {
      guard let column = Column.named(name) else {
        throw .unknown("column", name, known: Column.all.map { $0.name })
      }
      names.append(column.name)
    }
    self.names = names
  }

  private init(names: [String], adds: Bool) {
    self.names = names
    self.adds = adds
  }

  /// Those of both: the default ones stay if either is added to them.
  func adding(_ other: ColumnChoice) -> ColumnChoice {
    ColumnChoice(names: names + other.names, adds: adds || other.adds)
  }

  var columns: [Column] {
    (adds ? Column.defaults : []) + names.compactMap { Column.named($0) }
  }
}
