extension DeviceDefinition {
  /// The input device, VIRTIO 1.4 §5.8.
  ///
  /// The driver writes `select` and `subsel`; `size` and `u` then hold what was asked for. Without
  /// a write they are what the driver asked for last.
  public static let input = DeviceDefinition(
    .input, leastQueues: 2,
    config: [
      ConfigField("select", .u8, at: 0, writable: true, values: selections),
      ConfigField("subsel", .u8, at: 1, writable: true),
      ConfigField("size", .u8, at: 2),
      .padding("reserved", 5, at: 3),
      .member("u.string", .bytes(128), at: 8, of: 0x01...0x02, format: .text),
      .member("u.bitmap", .bytes(128), at: 8, of: 0x10...0x11),
      .member("u.abs.min", .le32, at: 8, of: 0x12...0x12),
      .member("u.abs.max", .le32, at: 12, of: 0x12...0x12),
      .member("u.abs.fuzz", .le32, at: 16, of: 0x12...0x12),
      .member("u.abs.flat", .le32, at: 20, of: 0x12...0x12),
      .member("u.abs.res", .le32, at: 24, of: 0x12...0x12),
      .member("u.ids.bustype", .le16, at: 8, of: 0x03...0x03),
      .member("u.ids.vendor", .le16, at: 10, of: 0x03...0x03),
      .member("u.ids.product", .le16, at: 12, of: 0x03...0x03),
      .member("u.ids.version", .le16, at: 14, of: 0x03...0x03),
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
}

extension ConfigField {
  /// A member of the union `u`, valid for these values of `select` as far as `size` says.
  fileprivate static func member(
    _ name: String, _ kind: Kind, at offset: Int, of selections: ClosedRange<UInt64>,
    format: Format? = nil
  ) -> ConfigField {
    ConfigField(
      name, kind, at: offset, .selected(by: "select", selections),
      within: Extent(from: 8, length: "size"), format: format)
  }
}
