/// How config space is read.
enum AccessMethod: Hashable, Sendable {
  case sysfs
  /// nil leaves the choice of the method to libpci.
  case libpci(method: String?)

  init(parsing text: String) throws(ValueError) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    switch (parts[0], parts.dropFirst().first) {
    case ("sysfs", nil): self = .sysfs
    case ("libpci", nil): self = .libpci(method: nil)
    case ("libpci", "dump"?): throw .dumpMethod
    case ("libpci", let method?) where !method.isEmpty: self = .libpci(method: String(method))
    default: throw .notOneOf(["sysfs", "libpci", "libpci:NAME"])
    }
  }
}
