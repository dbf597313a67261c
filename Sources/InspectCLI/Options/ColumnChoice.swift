/// The columns that the list is to have, in their order.
struct ColumnChoice: Hashable, Sendable {
  /// Of columns that there are.
  let names: [String]

  /// Names in either case; after a `+` they come after the default ones rather than in their place.
  init(parsing text: String) throws(ValueError) {
    let adds = text.utf8.first == UInt8(ascii: "+")
    var names = adds ? Column.defaults.map { $0.name } : []
    for item in try items(of: adds ? text[...].dropFirst() : text[...]) {
      guard let column = Column.named(item) else {
        throw .unknown("column", item, known: Column.all.map { $0.name })
      }
      names.append(column.name)
    }
    self.names = names
  }

  var columns: [Column] { names.compactMap { Column.named($0) } }
}
