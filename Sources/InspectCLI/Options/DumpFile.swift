/// Where saved config space is read from.
enum DumpFile: Hashable, Sendable {
  case standardInput
  case path(String)

  init(parsing text: String) throws(ValueError) {
    guard !text.isEmpty else { throw .empty }
    self = text == "-" ? .standardInput : .path(text)
  }

  /// Nil for standard input.
  var path: String? {
    if case .path(let path) = self { path } else { nil }
  }
}
