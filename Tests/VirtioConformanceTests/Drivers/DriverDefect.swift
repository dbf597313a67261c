import TestSupport
import Testing

@testable import VirtioConformance
@testable import VirtioPCI

/// A defect in a function that a driver would use but for it.
struct DriverDefect: Sendable, CustomTestStringConvertible {
  var driver: String
  var step: String
  var outcome: DriverVerdict.Outcome
  var make: @Sendable () -> Specimen

  init(
    _ driver: String, _ step: String, _ base: @autoclosure @escaping @Sendable () -> Specimen,
    _ outcome: DriverVerdict.Outcome = .refused,
    _ damage: @escaping @Sendable (inout Specimen) -> Void
  ) {
    self.driver = driver
    self.step = step
    self.outcome = outcome
    make = {
      var specimen = base()
      damage(&specimen)
      return specimen
    }
  }

  var testDescription: String { "\(driver) \(step)" }
}

extension Specimen {
  static var blk: Self { Self(.blk) }
  static var net: Self { Self(.net) }
  static var legacyNet: Self { Self.legacy(.net, id: 0x1000) }
  static var legacyBlk: Self { Self.legacy(.blk, id: 0x1001) }
  static var transitionalNet: Self { Self.transitional(.net, id: 0x1000) }

  mutating func put(_ place: Int, _ capability: RawCapability?) { capabilities[place] = capability }
}
