/// The columns of the list table.
struct ColumnChoice: Hashable, Sendable {
  /// Of columns of `Column.all`.
  let names: [String]

  /// The names of columns; after a `+` they are added to the default ones.
  init(parsing text: String) throws(ValueError) {
    let adds = text.utf8.first == UInt8(ascii: "+")
    var names = adds ? Column.defaults.map { $0.name } : []
    for name in try items(of: adds ? text[...].dropFirst() : text[...]) {
      guard let column = Column.named(name) else {
        throw .unknown("column", name, known: Column.all.map { $0.name })
      }
      names.append(column.name)
    }
    self.names = names
  }

  var columns: [Column] { names.compactMap { Column.named($0) } }
}
