/// The registers of the config space header that virtio functions have (PCI type 0).
public enum ConfigHeader {
  /// How many bytes every function has, and everybody may read.
  public static let size = 0x40
  /// The conventional config space, which all capabilities of virtio lie in.
  public static let conventionalSize = 256
  /// With the extended space of PCI Express.
  public static let extendedSize = 4096

  /// Offset of the command register, 16 bits.
  public static let command = 0x04
  /// Offset of the status register, 16 bits.
  public static let status = 0x06
  /// Offset of the header type, 8 bits: the highest says that there are several functions.
  public static let headerType = 0x0E
  /// Offset of the first of six BARs, 32 bits each.
  public static let bars = 0x10
  /// Offset of the capabilities pointer, 8 bits.
  public static let capabilitiesPointer = 0x34
  /// Offset of the interrupt pin, 8 bits: 0 for none.
  public static let interruptPin = 0x3D

  /// Status bit 4: there is a capability list.
  public static func hasCapabilityList(status: UInt16) -> Bool { status & 0x10 != 0 }
}

/// Who a function says it is: the identifying registers of its header, VIRTIO 1.4 §4.1.2.
public struct Identity: Hashable, Sendable {
  /// 0x1af4 for every virtio function.
  public var vendorID: UInt16
  /// 0x1000 to 0x103f for transitional and legacy functions, 0x1040 and above for modern ones.
  public var deviceID: UInt16
  /// 1 and above for modern functions, 0 for transitional ones.
  public var revision: UInt8
  /// Base class, subclass and programming interface, from the high byte of 24 bits.
  public var classCode: UInt32
  /// Whose board it is; any value.
  public var subsystemVendorID: UInt16
  /// The virtio device ID of a legacy or transitional function; else any value.
  public var subsystemID: UInt16

  /// Registers that were read elsewhere; of `classCode` the low 24 bits count.
  public init(
    vendorID: UInt16, deviceID: UInt16, revision: UInt8, classCode: UInt32,
    subsystemVendorID: UInt16, subsystemID: UInt16
  ) {
    self.vendorID = vendorID
    self.deviceID = deviceID
    self.revision = revision
    self.classCode = classCode & 0xFF_FFFF
    self.subsystemVendorID = subsystemVendorID
    self.subsystemID = subsystemID
  }

  /// Decodes config space; throws `outOfBounds` when there are fewer than 48 bytes.
  public init<Source: RegisterSource & ~Copyable & ~Escapable>(
    from config: borrowing Source
  ) throws(Source.Failure) {
    vendorID = try config.load(at: 0x00)
    deviceID = try config.load(at: 0x02)
    let word: UInt32 = try config.load(at: 0x08)
    revision = UInt8(truncatingIfNeeded: word)
    classCode = word >> 8
    subsystemVendorID = try config.load(at: 0x2C)
    subsystemID = try config.load(at: 0x2E)
  }

  /// The PCI vendor ID of every virtio function.
  public static let virtioVendorID: UInt16 = 0x1AF4
  /// The device IDs of transitional and legacy functions, VIRTIO 1.4 §4.1.2.1.
  static let transitionalIDs: ClosedRange<UInt16> = 0x1000...0x103F
  /// The device IDs of modern functions: 0x1040 plus the virtio device ID.
  static let modernIDs: ClosedRange<UInt16> = 0x1040...0x107F

  /// Whether vendor and device ID are those of a virtio function: 0x1af4, 0x1000 to 0x107f.
  public var isVirtio: Bool {
    vendorID == Self.virtioVendorID
      && (Self.transitionalIDs.contains(deviceID) || hasModernID)
  }

  /// Whether the device ID is a modern one.
  public var hasModernID: Bool { Self.modernIDs.contains(deviceID) }
}
