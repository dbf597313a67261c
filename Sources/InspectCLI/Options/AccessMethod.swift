import PCIAccess

/// How config space is read.
enum AccessMethod: Hashable, Sendable {
  case sysfs
  /// Nil for linux-sysfs: left to itself libpci would go on to I/O ports.
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

  /// Those that can be expected to work here. libpci has a few more of its own, which take
  /// parameters or read other systems.
  static var known: [(method: AccessMethod, meaning: String)] {
    let sysfs = [(method: AccessMethod.sysfs, meaning: "the files of the kernel (the default)")]
    guard Version.libpci else { return sysfs }
    return sysfs + [
      (.libpci(method: nil), "libpci, by its method linux-sysfs"),
      (.libpci(method: SysfsTree.libpciMethod), "libpci: /sys/bus/pci"),
      (.libpci(method: "linux-proc"), "libpci: /proc/bus/pci"),
      (.libpci(method: "intel-conf1"), "libpci: I/O ports, configuration mechanism 1"),
    ]
  }
}

extension AccessMethod: CustomStringConvertible {
  /// As `--access` takes it.
  var description: String {
    switch self {
    case .sysfs: "sysfs"
    case .libpci(method: nil): "libpci"
    case .libpci(let method?): "libpci:\(method)"
    }
  }
}
