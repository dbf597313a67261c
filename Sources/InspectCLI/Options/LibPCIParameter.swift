/// A parameter of libpci, as lspci's `-O`.
struct LibPCIParameter: Hashable, Sendable {
  var name: String
  var value: String

  init(parsing text: String) throws(ValueError) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty else { throw .notAssignment }
    (name, value) = (String(parts[0]), String(parts[1]))
  }
}
