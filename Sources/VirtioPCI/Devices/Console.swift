extension DeviceDefinition {
  /// The console device, VIRTIO 1.4 §5.3.
  static let console = DeviceDefinition(
    features: [
      Feature(0, "VIRTIO_CONSOLE_F_SIZE"),
      Feature(1, "VIRTIO_CONSOLE_F_MULTIPORT"),
      Feature(2, "VIRTIO_CONSOLE_F_EMERG_WRITE"),
    ],
    config: [
      ConfigField("cols", .le16, at: 0, .with("VIRTIO_CONSOLE_F_SIZE")),
      ConfigField("rows", .le16, at: 2, .with("VIRTIO_CONSOLE_F_SIZE")),
      ConfigField("max_nr_ports", .le32, at: 4, .with("VIRTIO_CONSOLE_F_MULTIPORT")),
      ConfigField(
        "emerg_wr", .le32, at: 8, .with("VIRTIO_CONSOLE_F_EMERG_WRITE"), .writeOnly, writable: true),
    ])
}
