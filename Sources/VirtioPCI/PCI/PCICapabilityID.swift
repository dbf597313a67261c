/// What a PCI capability is, by its ID byte. Any byte is kept.
public struct PCICapabilityID: RawRepresentable, Hashable, Sendable {
  public let rawValue: UInt8

  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Vendor-specific, which all capabilities of virtio are.
  public static let vendorSpecific = Self(rawValue: 0x09)
  /// PCI Express.
  public static let express = Self(rawValue: 0x10)
  /// MSI-X.
  public static let msix = Self(rawValue: 0x11)

  /// The IDs that the PCI code and ID assignment specification names.
  static let names: [(id: UInt8, name: String)] = [
    (0x00, "null"),
    (0x01, "power management"),
    (0x02, "AGP"),
    (0x03, "VPD"),
    (0x04, "slot identification"),
    (0x05, "MSI"),
    (0x06, "CompactPCI hot swap"),
    (0x07, "PCI-X"),
    (0x08, "HyperTransport"),
    (0x09, "vendor-specific"),
    (0x0A, "debug port"),
    (0x0B, "CompactPCI central resource control"),
    (0x0C, "PCI hot-plug"),
    (0x0D, "bridge subsystem vendor ID"),
    (0x0E, "AGP 8x"),
    (0x0F, "secure device"),
    (0x10, "PCI Express"),
    (0x11, "MSI-X"),
    (0x12, "SATA configuration"),
    (0x13, "advanced features"),
    (0x14, "enhanced allocation"),
    (0x15, "flattening portal bridge"),
  ]

  /// What it is called, or nil for an ID without a name.
  public var name: String? {
    Self.names.first { $0.id == rawValue }?.name
  }
}

extension PCICapabilityID: CustomStringConvertible {
  /// What it is called; the number of an ID without a name.
  public var description: String { name ?? Hex(rawValue).description }
}
