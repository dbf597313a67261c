internal import Platform
internal import VirtioPCI

/// The `KEY=value` lines of a sysfs `uevent` file.
struct UEvent {
  private let text: [UInt8]

  init(_ text: [UInt8]) {
    let lineFeed = UInt8(ascii: "\n")
    self.text = text.last == lineFeed ? text : text + [lineFeed]
  }

  /// The value of `key`, invalid UTF-8 repaired; nil when it is empty.
  subscript(key: String) -> String? {
    bytes(of: key).flatMap { $0.isEmpty ? nil : String(decoding: $0, as: UTF8.self) }
  }

  /// A number in hex.
  func hex(_ key: String) -> UInt32? {
    bytes(of: key).flatMap { UInt32(hexDigits: $0) }
  }

  /// Two 16-bit numbers in hex with a colon between them.
  func idPair(_ key: String) -> (UInt16, UInt16)? {
    guard let value = bytes(of: key),
      let colon = value.firstIndex(of: UInt8(ascii: ":")),
      let first = UInt32(hexDigits: value[..<colon]).flatMap({ UInt16(exactly: $0) }),
      let second = UInt32(hexDigits: value[(colon + 1)...]).flatMap({ UInt16(exactly: $0) })
    else { return nil }
    return (first, second)
  }

  private func bytes(of key: String) -> ArraySlice<UInt8>? {
    var rest = text[...]
    while let line = rest.takeLine() {
      let value = line.dropFirst(key.utf8.count)
      if value.first == UInt8(ascii: "="), line.starts(with: key.utf8) { return value.dropFirst() }
    }
    return nil
  }
}

extension UEvent {
  /// Who the PCI function says it is; nil when that is not all there.
  func identity(revision: UInt8) -> Identity? {
    guard let (vendor, device) = idPair("PCI_ID"),
      let (subsystemVendor, subsystem) = idPair("PCI_SUBSYS_ID"),
      let classCode = hex("PCI_CLASS")
    else { return nil }
    return Identity(
      vendorID: vendor, deviceID: device, revision: revision, classCode: classCode,
      subsystemVendorID: subsystemVendor, subsystemID: subsystem)
  }
}
