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

/// The configuration of the traditional memory balloon, VIRTIO 1.4 §5.5.4.
public enum Balloon {
  /// How many pages the balloon should have, of 4096 bytes.
  public static let numPages = Register<UInt32, ReadOnly>("num_pages", at: 0)
  /// How many pages the balloon has, of 4096 bytes.
  public static let actual = Register<UInt32, ReadWrite>("actual", at: 4)
  /// The command whose hints are wanted, or one of two special values.
  public static let freePageHintCmdID = Register<UInt32, ReadOnly>(
    "free_page_hint_cmd_id", at: 8, needs: Feature.Balloon.freePageHint)
  /// What free pages are filled with.
  public static let poisonVal = Register<UInt32, ReadWrite>(
    "poison_val", at: 12, needs: Feature.Balloon.pagePoison)
}

extension DeviceDefinition {
  /// The traditional memory balloon, VIRTIO 1.4 §5.5.
  public static let balloon = DeviceDefinition(
    .balloon, leastQueues: 2, features: Feature.Balloon.all,
    config: [
      ConfigField(Balloon.numPages, unit: .pages),
      ConfigField(Balloon.actual, unit: .pages),
      ConfigField(Balloon.freePageHintCmdID, values: commandIDs),
      ConfigField(Balloon.poisonVal, format: .hex),
    ])

  private static let commandIDs: NameTable = [
    0: "VIRTIO_BALLOON_CMD_ID_STOP",
    1: "VIRTIO_BALLOON_CMD_ID_DONE",
  ]
}
