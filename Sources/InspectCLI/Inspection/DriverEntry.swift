import VirtioConformance

/// What one driver does with a function, as the output shows it.
///
/// A class, since it is large and handed on by each line and key.
final class DriverEntry {
  let driver: Driver
  let verdict: DriverVerdict

  private init(driver: Driver, verdict: DriverVerdict) {
    self.driver = driver
    self.verdict = verdict
  }

  /// That of each driver which `function` is for, in the order of `Driver.all`.
  static func all(on function: Function) -> [DriverEntry] {
    Driver.verdicts(on: function).map(DriverEntry.init)
  }

  var reason: String? { driver.reason(for: verdict) }

  /// What it does, after its name: `refuses it: there is no ISR capability`.
  var sentence: String {
    switch verdict.outcome {
    case .modern, .legacy: "drives it as a \(verdict.outcome.rawValue) device"
    case .refused: "refuses it: \(reason ?? "")"
    case .fatal: "hangs or crashes on it: \(reason ?? "")"
    case .noDriver: "has no driver for it: \(reason ?? "")"
    case .unknown: "cannot be predicted: the capability list was not read"
    }
  }

  /// What it ignores on the way, a reason each.
  var ignored: [String] { verdict.ignored.map { driver.reason(of: $0) } }
}
