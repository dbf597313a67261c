/// The features of a device as its driver negotiates them, VIRTIO 1.4 §3.1.1: step 4 to 6 of its
/// initialisation.
///
///     let wanted: FeatureSet = [.version1, Feature.Net.mac]
///     let accepted = try CommonCfg.deviceFeatures(in: common).intersection(wanted)
///     try CommonCfg.setDriverFeatures(accepted, in: common)
///     guard try CommonCfg.confirmFeatures(in: common) else { return .refused }
extension CommonCfg {
  /// All that the device offers. Writes `device_feature_select`.
  public static func deviceFeatures<Target: RegisterTarget & ~Copyable & ~Escapable>(
    in common: borrowing Target
  ) throws(Target.Failure) -> FeatureSet {
    var features = FeatureSet()
    for group in 0..<FeatureSet.groupCount {
      try deviceFeatureSelect.store(UInt32(group), to: common)
      features.setGroup(at: group, to: try deviceFeature.load(from: common))
    }
    return features
  }

  /// All that the driver accepted. Writes `driver_feature_select`.
  public static func driverFeatures<Target: RegisterTarget & ~Copyable & ~Escapable>(
    in common: borrowing Target
  ) throws(Target.Failure) -> FeatureSet {
    var features = FeatureSet()
    for group in 0..<FeatureSet.groupCount {
      try driverFeatureSelect.store(UInt32(group), to: common)
      features.setGroup(at: group, to: try driverFeature.load(from: common))
    }
    return features
  }

  /// Accepts `features` and no others. Writes `driver_feature_select` and `driver_feature`, which a
  /// driver may do between DRIVER and FEATURES_OK.
  public static func setDriverFeatures<Target: RegisterTarget & ~Copyable & ~Escapable>(
    _ features: FeatureSet, in common: borrowing Target
  ) throws(Target.Failure) {
    for group in 0..<FeatureSet.groupCount {
      try driverFeatureSelect.store(UInt32(group), to: common)
      try driverFeature.store(features.group(at: group), to: common)
    }
  }

  /// Sets FEATURES_OK, and says whether it held: whether the device supports what was accepted. If
  /// not, the driver gives up, or starts anew with other features.
  public static func confirmFeatures<Target: RegisterTarget & ~Copyable & ~Escapable>(
    in common: borrowing Target
  ) throws(Target.Failure) -> Bool {
    let status = try deviceStatus.load(from: common)
    try deviceStatus.store(status.union(.featuresOK), to: common)
    return try deviceStatus.load(from: common).contains(.featuresOK)
  }
}
