/// Where saved config space is read from.
enum DumpFile: Hashable, Sendable {
  case standardInput
  case path(String)

  init(parsing text: String) throws(ValueError) {
    guard !text.isEmpty else { throw .empty }
    self = text == "-" ? .standardInput : .path(text)
  }
}
