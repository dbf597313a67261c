/// The columns of the list table.
struct ColumnChoice: Hashable, Sendable {
  var names: [String]
  /// Whether they come after the default ones rather than in their place.
  var adds: Bool

  /// The columns that there are.
  static let known = [
    "ADDRESS", "TYPE", "INTERFACE", "DRIVER", "VIRTIO", "NODES", "STATUS", "CAPABILITIES",
  ]

  /// The names may be in either case.
  init(parsing text: String, known: [String]) throws(ValueError) {
    adds = text.utf8.first == UInt8(ascii: "+")
    names = []
    for item in try items(of: adds ? text[...].dropFirst() : text[...]) {
      guard let name = known.first(where: { $0 == item.uppercased() }) else {
        throw .unknownColumn(item, known: known)
      }
      names.append(name)
    }
  }
}
