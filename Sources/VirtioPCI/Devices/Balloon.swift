extension Feature {
  /// The features of the traditional memory balloon, VIRTIO 1.4 §5.5.3.
  public enum Balloon {
    /// The driver must tell the device before reusing ballooned pages.
    public static let mustTellHost = Feature(0, "VIRTIO_BALLOON_F_MUST_TELL_HOST", "5.5.3")
    /// There is a queue of guest memory statistics.
    public static let statsVQ = Feature(1, "VIRTIO_BALLOON_F_STATS_VQ", "5.5.3")
    /// The driver may take pages back when the guest runs out of memory.
    public static let deflateOnOOM = Feature(2, "VIRTIO_BALLOON_F_DEFLATE_ON_OOM", "5.5.3")
    /// There is a queue of free page hints: the field `free_page_hint_cmd_id` exists.
    public static let freePageHint = Feature(3, "VIRTIO_BALLOON_F_FREE_PAGE_HINT", "5.5.3")
    /// The driver fills deflated pages with poison_val, which is valid.
    public static let pagePoison = Feature(4, "VIRTIO_BALLOON_F_PAGE_POISON", "5.5.3")
    /// There is a queue on which free pages are reported.
    public static let pageReporting = Feature(
      5, "VIRTIO_BALLOON_F_PAGE_REPORTING", "5.5.3", also: "VIRTIO_BALLOON_F_REPORTING")

    /// Every one of them, ascending.
    public static let all = [
      mustTellHost, statsVQ, deflateOnOOM, freePageHint, pagePoison, pageReporting,
    ]
  }
}

extension DeviceDefinition {
  /// The traditional memory balloon, VIRTIO 1.4 §5.5.
  public static let balloon = DeviceDefinition(
    .balloon, leastQueues: 2, features: Feature.Balloon.all,
    config: [
      ConfigField("num_pages", .le32, at: 0, unit: .pages),
      ConfigField("actual", .le32, at: 4, writable: true, unit: .pages),
      ConfigField(
        "free_page_hint_cmd_id", .le32, at: 8, .with(Feature.Balloon.freePageHint),
        values: commandIDs),
      ConfigField("poison_val", .le32, at: 12, .with(Feature.Balloon.pagePoison), writable: true),
    ])

  private static let commandIDs: NameTable = [
    0: "VIRTIO_BALLOON_CMD_ID_STOP",
    1: "VIRTIO_BALLOON_CMD_ID_DONE",
  ]
}
