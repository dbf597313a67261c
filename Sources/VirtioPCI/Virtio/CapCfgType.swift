/// `cfg_type`: which structure a virtio capability locates, VIRTIO 1.4 §4.1.4.
///
/// An open code point: any byte is kept, so that a type of a later version is still shown.
public struct CapCfgType: RawRepresentable, Hashable, Sendable {
  public let rawValue: UInt8

  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// `VIRTIO_PCI_CAP_COMMON_CFG`: the common configuration, §4.1.4.3.
  public static let common = Self(rawValue: 1)
  /// `VIRTIO_PCI_CAP_NOTIFY_CFG`: the notification area, §4.1.4.4.
  public static let notify = Self(rawValue: 2)
  /// `VIRTIO_PCI_CAP_ISR_CFG`: the ISR status, §4.1.4.5.
  public static let isr = Self(rawValue: 3)
  /// `VIRTIO_PCI_CAP_DEVICE_CFG`: the device-specific configuration, §4.1.4.6.
  public static let device = Self(rawValue: 4)
  /// `VIRTIO_PCI_CAP_PCI_CFG`: the PCI configuration access window, §4.1.4.9.
  public static let pci = Self(rawValue: 5)
  /// `VIRTIO_PCI_CAP_SHARED_MEMORY_CFG`: a shared memory region, §4.1.4.7.
  public static let sharedMemory = Self(rawValue: 8)
  /// `VIRTIO_PCI_CAP_VENDOR_CFG`: vendor-specific data, §4.1.4.8.
  public static let vendor = Self(rawValue: 9)

  /// The defined types with their keys.
  static let keys: [(type: Self, key: String)] = [
    (.common, "common"),
    (.notify, "notify"),
    (.isr, "isr"),
    (.device, "device"),
    (.pci, "pci"),
    (.sharedMemory, "shared_memory"),
    (.vendor, "vendor"),
  ]

  /// The defined types, in the order of their numbers.
  public static let defined: [Self] = keys.map { $0.type }

  /// A short lower-case name (`common`, `shared_memory`), or nil for a reserved type.
  public var key: String? {
    let keys = Self.keys
    // By index: a copy of each entry would count references for nothing.
    for index in keys.indices where keys[index].type == self { return keys[index].key }
    return nil
  }
}

extension CapCfgType: CustomStringConvertible {
  /// The short name; the number of a reserved type.
  public var description: String { key ?? String(rawValue) }
}
