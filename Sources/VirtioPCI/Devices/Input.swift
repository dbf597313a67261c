/// The configuration of the input device, VIRTIO 1.4 §5.8.4.
public enum Input {
  /// What `size` and the union `u` are to hold.
  public static let select = Register<UInt8, ReadWrite>("select", at: 0)
  /// Which of them, where there are several.
  public static let subsel = Register<UInt8, ReadWrite>("subsel", at: 1)
  /// How many bytes of the union `u` are filled in; 0 when there is nothing.
  public static let size = Register<UInt8, ReadOnly>("size", at: 2)
  /// A name or a serial number, not ended by a NUL.
  public static let string = ByteRegister("u.string", at: 8, count: 128)
  /// A bitmap of properties or events.
  public static let bitmap = ByteRegister("u.bitmap", at: 8, count: 128)
  /// The least value of an axis.
  public static let absMin = Register<UInt32, ReadOnly>("u.abs.min", at: 8)
  /// The largest value of an axis.
  public static let absMax = Register<UInt32, ReadOnly>("u.abs.max", at: 12)
  /// The noise of an axis.
  public static let absFuzz = Register<UInt32, ReadOnly>("u.abs.fuzz", at: 16)
  /// The flat part around the centre of an axis.
  public static let absFlat = Register<UInt32, ReadOnly>("u.abs.flat", at: 20)
  /// The resolution of an axis.
  public static let absRes = Register<UInt32, ReadOnly>("u.abs.res", at: 24)
  /// The bus of the device, as Linux numbers it.
  public static let idsBustype = Register<UInt16, ReadOnly>("u.ids.bustype", at: 8)
  /// The vendor of the device.
  public static let idsVendor = Register<UInt16, ReadOnly>("u.ids.vendor", at: 10)
  /// The product number of the device.
  public static let idsProduct = Register<UInt16, ReadOnly>("u.ids.product", at: 12)
  /// The version of the device.
  public static let idsVersion = Register<UInt16, ReadOnly>("u.ids.version", at: 14)
}

extension DeviceDefinition {
  /// The input device, VIRTIO 1.4 §5.8.
  ///
  /// The driver writes `select` and `subsel`; `size` and `u` then hold what was asked for. Without
  /// a write they are what the driver asked for last.
  public static let input = DeviceDefinition(
    .input, leastQueues: 2,
    config: [
      ConfigField(Input.select, values: selections),
      ConfigField(Input.subsel),
      ConfigField(Input.size),
      .padding("reserved", 5, at: 3),
      .member(Input.string, of: 0x01...0x02, format: .text),
      .member(Input.bitmap, of: 0x10...0x11),
      .member(Input.absMin, of: 0x12...0x12),
      .member(Input.absMax, of: 0x12...0x12),
      .member(Input.absFuzz, of: 0x12...0x12),
      .member(Input.absFlat, of: 0x12...0x12),
      .member(Input.absRes, of: 0x12...0x12),
      .member(Input.idsBustype, of: 0x03...0x03, values: inputBuses),
      .member(Input.idsVendor, of: 0x03...0x03, format: .hex),
      .member(Input.idsProduct, of: 0x03...0x03, format: .hex),
      .member(Input.idsVersion, of: 0x03...0x03, format: .hex),
    ])

  private static let selections: NameTable = [
    0x00: "VIRTIO_INPUT_CFG_UNSET",
    0x01: "VIRTIO_INPUT_CFG_ID_NAME",
    0x02: "VIRTIO_INPUT_CFG_ID_SERIAL",
    0x03: "VIRTIO_INPUT_CFG_ID_DEVIDS",
    0x10: "VIRTIO_INPUT_CFG_PROP_BITS",
    0x11: "VIRTIO_INPUT_CFG_EV_BITS",
    0x12: "VIRTIO_INPUT_CFG_ABS_INFO",
  ]

  /// As Linux numbers them.
  static let inputBuses: NameTable = [
    0x01: "BUS_PCI",
    0x02: "BUS_ISAPNP",
    0x03: "BUS_USB",
    0x04: "BUS_HIL",
    0x05: "BUS_BLUETOOTH",
    0x06: "BUS_VIRTUAL",
    0x10: "BUS_ISA",
    0x11: "BUS_I8042",
    0x12: "BUS_XTKBD",
    0x13: "BUS_RS232",
    0x14: "BUS_GAMEPORT",
    0x15: "BUS_PARPORT",
    0x16: "BUS_AMIGA",
    0x17: "BUS_ADB",
    0x18: "BUS_I2C",
    0x19: "BUS_HOST",
    0x1A: "BUS_GSC",
    0x1B: "BUS_ATARI",
    0x1C: "BUS_SPI",
    0x1D: "BUS_RMI",
    0x1E: "BUS_CEC",
    0x1F: "BUS_INTEL_ISHTP",
    0x20: "BUS_AMD_SFH",
  ]
}

extension ConfigField {
  /// A member of the union `u`, valid for these values of `select` as far as `size` says.
  fileprivate static func member(
    _ register: Register<some RegisterValue, ReadOnly>, of selections: ClosedRange<UInt64>,
    format: Format? = nil, values: NameTable = [:]
  ) -> ConfigField {
    ConfigField(
      register, .selected(by: Key(Input.select), selections), within: union, format: format,
      values: values)
  }

  fileprivate static func member(
    _ register: ByteRegister, of selections: ClosedRange<UInt64>, format: Format? = nil
  ) -> ConfigField {
    ConfigField(
      register, .selected(by: Key(Input.select), selections), within: union, format: format)
  }

  private static var union: Extent { Extent(from: 8, length: Input.size) }
}
