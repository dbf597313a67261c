/// What the common configuration shows only when a selector is written. Nothing but the three
/// selectors ever is.
extension CommonCfg {
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
}
