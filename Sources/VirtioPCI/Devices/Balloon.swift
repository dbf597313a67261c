extension DeviceDefinition {
  /// The traditional memory balloon, VIRTIO 1.4 §5.5.
  static let balloon = DeviceDefinition(
    features: [
      Feature(0, "VIRTIO_BALLOON_F_MUST_TELL_HOST"),
      Feature(1, "VIRTIO_BALLOON_F_STATS_VQ"),
      Feature(2, "VIRTIO_BALLOON_F_DEFLATE_ON_OOM"),
      Feature(3, "VIRTIO_BALLOON_F_FREE_PAGE_HINT"),
      Feature(4, "VIRTIO_BALLOON_F_PAGE_POISON"),
      Feature(5, "VIRTIO_BALLOON_F_PAGE_REPORTING", also: "VIRTIO_BALLOON_F_REPORTING"),
    ],
    config: [
      ConfigField("num_pages", .le32, at: 0, unit: .pages),
      ConfigField("actual", .le32, at: 4, writable: true, unit: .pages),
      ConfigField(
        "free_page_hint_cmd_id", .le32, at: 8, .with("VIRTIO_BALLOON_F_FREE_PAGE_HINT"),
        values: commandIDs),
      ConfigField(
        "poison_val", .le32, at: 12, .with("VIRTIO_BALLOON_F_PAGE_POISON"), writable: true),
    ])

  private static let commandIDs: NameTable = [
    0: "VIRTIO_BALLOON_CMD_ID_STOP",
    1: "VIRTIO_BALLOON_CMD_ID_DONE",
  ]
}
