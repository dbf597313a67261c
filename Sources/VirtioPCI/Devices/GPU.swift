extension DeviceDefinition {
  /// The GPU, VIRTIO 1.4 §5.7.
  static let gpu = DeviceDefinition(
    features: [
      Feature(0, "VIRTIO_GPU_F_VIRGL"),
      Feature(1, "VIRTIO_GPU_F_EDID"),
      Feature(2, "VIRTIO_GPU_F_RESOURCE_UUID"),
      Feature(3, "VIRTIO_GPU_F_RESOURCE_BLOB"),
      Feature(4, "VIRTIO_GPU_F_CONTEXT_INIT"),
      Feature(5, "VIRTIO_GPU_F_BLOB_ALIGNMENT"),
    ],
    config: [
      ConfigField("events_read", .le32, at: 0, bits: [0: "VIRTIO_GPU_EVENT_DISPLAY"]),
      ConfigField("events_clear", .le32, at: 4, .writeOnly, writable: true),
      ConfigField("num_scanouts", .le32, at: 8),
      ConfigField("num_capsets", .le32, at: 12),
      ConfigField(
        "blob_alignment", .le32, at: 16, .with("VIRTIO_GPU_F_BLOB_ALIGNMENT"), unit: .bytes),
    ])
}
