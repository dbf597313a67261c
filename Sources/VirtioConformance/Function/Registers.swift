public import VirtioPCI

extension Function {
  /// What the structures behind the capabilities hold.
  public struct Registers: Hashable, Sendable {
    /// How they were reached.
    public var path: Path
    /// The common configuration.
    public var common: CommonValues
    /// How many bytes of it there are.
    public var commonLength: Int
    /// What the device offers, where selectors were written to see it.
    public var offered: FeatureSet?
    /// What the driver accepted, where selectors were written to see it.
    public var accepted: FeatureSet?
    /// The queues that were read: all, or the one that was selected.
    public var queues: [QueueState] = []
    /// Whether these are all that there are.
    public var queuesAreComplete = false
    /// The device-specific configuration; nil when there is none, or none that could be read.
    public var device: DeviceConfig?

    /// The common configuration, to which the rest is added.
    public init(path: Path, common: CommonValues, commonLength: Int) {
      self.path = path
      self.common = common
      self.commonLength = commonLength
    }

    /// How registers were reached.
    public enum Path: String, CaseIterable, Hashable, Sendable {
      /// The BAR's file: mapped, or its ports.
      case bar
      /// The PCI configuration access capability.
      case window
    }
  }

  /// What the driver accepted, as far as is known: where nothing says it all, the 32 bits that
  /// `driver_feature` shows.
  public var visiblyAccepted: FeatureSet {
    accepted ?? registers?.common.visibleDriverFeatures ?? FeatureSet()
  }

  /// The features that the device is known to have: which of its registers there are.
  public var knownFeatures: FeatureSet {
    (offered ?? registers?.common.visibleDeviceFeatures ?? FeatureSet()).union(visiblyAccepted)
  }
}
