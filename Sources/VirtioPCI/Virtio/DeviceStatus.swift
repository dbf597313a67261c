/// `device_status`: the progress of initialisation, VIRTIO 1.4 §2.1.
public struct DeviceStatus: NamedBits, RegisterValue {
  public let rawValue: UInt8

  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// The driver has noticed the device.
  public static let acknowledge = Self(rawValue: 0x01)
  /// There is a driver for the device.
  public static let driver = Self(rawValue: 0x02)
  /// The driver is running.
  public static let driverOK = Self(rawValue: 0x04)
  /// Features are negotiated. A legacy driver does not set it.
  public static let featuresOK = Self(rawValue: 0x08)
  /// The device is suspended; with `VIRTIO_F_SUSPEND`.
  public static let suspend = Self(rawValue: 0x10)
  /// The device cannot go on before a reset.
  public static let deviceNeedsReset = Self(rawValue: 0x40)
  /// The driver has given up.
  public static let failed = Self(rawValue: 0x80)

  public static let bitNames: NameTable = [
    0: "ACKNOWLEDGE",
    1: "DRIVER",
    2: "DRIVER_OK",
    3: "FEATURES_OK",
    4: "SUSPEND",
    6: "DEVICE_NEEDS_RESET",
    7: "FAILED",
  ]
}
