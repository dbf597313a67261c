/// Which program this is.
enum Version {
  static let name = "virtio-pci-inspect"
  static let number = "0.1.0"

  /// Whether `-A libpci` was built in: the package trait `LibPCI`.
  static var libpci: Bool {
    #if LibPCI
      true
    #else
      false
    #endif
  }
}
