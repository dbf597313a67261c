import PCIAccess

/// Which program this is.
enum Version {
  static let name = "virtio-pci-inspect"
  static let number = "0.2.0"
  /// Of the manual pages.
  static let date = "2026-11-27"

  /// What `--version` prints.
  static var text: String { text(libpci: libpci) }

  static func text(libpci: Bool) -> String {
    "\(name) \(number) (\(libpci ? "with" : "without") libpci)\n"
  }

  /// Whether `-A libpci` was built in: with the package trait `LibPCI`, and where libpci's header was
  /// installed.
  static var libpci: Bool {
    #if LibPCI
      LibPCISource.isBuiltIn
    #else
      false
    #endif
  }
}
