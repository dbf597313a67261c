import VirtioPCI

/// What a known driver does about a function that breaks a rule.
///
/// A table beside the rules: what drivers do is not what VIRTIO 1.4 says.
public struct Consequence: Sendable {
  /// The ID of the rule.
  public let rule: String
  /// `Linux refuses this function`.
  public let text: String
  /// Which findings it is about; nil for all.
  private let concerns: (@Sendable (Finding, Function) -> Bool)?

  private init(
    _ rule: String, _ text: String,
    where concerns: (@Sendable (Finding, Function) -> Bool)? = nil
  ) {
    self.rule = rule
    self.text = text
    self.concerns = concerns
  }

  /// The first that is about a finding; nil when no known driver minds.
  static func of(_ rule: String, _ finding: Finding, in function: Function) -> Consequence? {
    all.first { $0.rule == rule && $0.concerns?(finding, function) ?? true }
  }

  /// That which is about every finding of a rule; nil when there is none.
  public static func of(_ rule: Rule) -> Consequence? {
    all.first { $0.rule == rule.id && $0.concerns == nil }
  }

  /// Every one that is known.
  public static let all: [Consequence] = [
    Consequence("pci-vendor-id", "drivers do not look at this function"),
    Consequence("pci-modern-revision", "OVMF does not take it for a modern device"),
    Consequence("pci-modern-subsystem-id", "OVMF does not take it for a modern device"),
    Consequence(
      "pci-transitional-subsystem-matches-type", "Linux takes the device for another type"),
    Consequence("cap-len-notify", "rcore ignores this structure"),
    Consequence("cap-len-shared-memory", "Linux ignores this region"),
    Consequence("cap-common-present", "Linux refuses this function: leaving for legacy driver"),
    Consequence("cap-notify-present", "Linux refuses this function: missing capabilities"),
    Consequence("cap-isr-present", "Linux refuses this function: missing capabilities"),
    Consequence("cap-bar-implemented", "Linux ignores this structure"),
    Consequence("cap-structure-in-bar", "Linux refuses this structure: out of range on bar"),
    Consequence("shm-region-in-bar", "Linux ignores this region"),
    Consequence("cap-common-offset-aligned", "Linux refuses this function: offset not aligned"),
    Consequence(
      "cap-device-cfg-offset-aligned", "Linux refuses this function: offset not aligned"),
    Consequence("cap-isr-length", "Linux refuses this function: bad capability len"),
    Consequence("cap-common-length-base", "Linux refuses this function: bad capability len"),
    Consequence(
      "notify-length-min", "Linux refuses a function with less than 2: bad capability len"),
    Consequence("notify-multiplier", "rcore refuses odd ones"),
    Consequence(
      "notify-offset-fits-every-queue", "Linux refuses this queue: bad notification offset"),
    Consequence(
      "devcfg-length-covers-offered-fields", "Linux refuses this function: bad capability len 0"),
    Consequence("shm-id-unique", "Linux sees the first region only"),
    Consequence("feature-version-1-offered", "Linux refuses a modern device without it"),
    // It has a driver of network devices only.
    Consequence("cap-device-cfg-present", "DPDK refuses this function") { $1.type == .net },
    Consequence("cap-structure-no-wrap", "Linux ignores this region") { finding, function in
      function.capabilities.contains {
        $0.position == finding.position && $0.head.cfgType == .sharedMemory
      }
    },
    Consequence("cap-structure-no-wrap", "DPDK refuses this structure of a network device"),
  ]
}
