import VirtioConformance

/// The drivers whose refusals count in a check.
struct DriverChoice: Hashable, Sendable {
  /// Of drivers of `Driver.all`; nil for Linux, whose hundred steps are made when a verdict is asked for.
  private let keys: [String]?

  /// Where nothing else is asked for.
  static let standard = DriverChoice(keys: nil)

  private init(keys: [String]?) { self.keys = keys }

  /// Names of drivers, `all` for those that were held against the real ones, or `none`.
  init(parsing text: String) throws(ValueError) {
    var keys: [String] = []
    let names = try items(of: text[...])
    for name in names {
      switch name {
      case "none":
        guard names.count == 1 else { throw .alone(name) }
      case "all":
        keys += Driver.all.filter { $0.source.heldAgainst != nil }.map(\.key)
      default:
        guard Driver.all.contains(where: { $0.key == name }) else {
          throw .unknown("driver", name, known: Driver.all.map(\.key) + ["all", "none"])
        }
        keys.append(name)
      }
    }
    self.keys = keys
  }

  /// Those of both; `none` stands alone.
  func adding(_ other: DriverChoice) throws(ValueError) -> DriverChoice {
    let (keys, others) = (keys ?? [], other.keys ?? [])
    guard !keys.isEmpty, !others.isEmpty else { throw .alone("none") }
    return DriverChoice(keys: keys + others)
  }

  func contains(_ driver: Driver) -> Bool {
    guard let keys else { return driver === Driver.linux }
    return keys.contains(driver.key)
  }
}
