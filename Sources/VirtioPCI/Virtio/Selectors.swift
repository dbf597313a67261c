/// What the common configuration shows only when a selector is written. Nothing but the three
/// selectors ever is.
extension CommonCfg {
  /// How many groups of 32 features the selects can name: 128 bits, VIRTIO 1.4 §2.2.
  public static let featureGroups: UInt32 = 4

  /// How many bytes of the structure the selectors and what they select need.
  public static let baseSize = queueDevice.end

  /// Calls `body`, which may write selectors, and puts them back as they were, also when it fails.
  public static func restoringSelectors<Value, Target: RegisterTarget & ~Copyable & ~Escapable>(
    in common: borrowing Target, _ body: () throws(Target.Failure) -> Value
  ) throws(Target.Failure) -> Value {
    let deviceFeatures = try deviceFeatureSelect.load(from: common)
    let driverFeatures = try driverFeatureSelect.load(from: common)
    let queue = try queueSelect.load(from: common)
    let outcome: Result<Value, Target.Failure>
    do throws(Target.Failure) {
      outcome = .success(try body())
    } catch {
      outcome = .failure(error)
    }
    var failure: Target.Failure?
    do { try deviceFeatureSelect.store(deviceFeatures, to: common) } catch { failure = error }
    do { try driverFeatureSelect.store(driverFeatures, to: common) } catch { failure = error }
    do { try queueSelect.store(queue, to: common) } catch { failure = error }
    let value = try outcome.get()
    if let failure { throw failure }
    return value
  }

  /// All that the device offers. Writes `device_feature_select`.
  public static func deviceFeatures<Target: RegisterTarget & ~Copyable & ~Escapable>(
    in common: borrowing Target
  ) throws(Target.Failure) -> FeatureSet {
    var groups: [UInt32] = []
    for group in 0..<featureGroups {
      try deviceFeatureSelect.store(group, to: common)
      groups.append(try deviceFeature.load(from: common))
    }
    return FeatureSet(groups: groups)
  }

  /// All that the driver accepted. Writes `driver_feature_select`.
  public static func driverFeatures<Target: RegisterTarget & ~Copyable & ~Escapable>(
    in common: borrowing Target
  ) throws(Target.Failure) -> FeatureSet {
    var groups: [UInt32] = []
    for group in 0..<featureGroups {
      try driverFeatureSelect.store(group, to: common)
      groups.append(try driverFeature.load(from: common))
    }
    return FeatureSet(groups: groups)
  }
}
