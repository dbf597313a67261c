import TestSupport
import Testing

@testable import VirtioConformance
@testable import VirtioPCI

@Suite("Drivers")
struct DriverTests {
  static let defects = DriverDefect.firmware + DriverDefect.systems

  /// The drivers whose steps are in the tables of this suite.
  private static let others = Driver.all.filter { $0.key != "linux" }

  /// The steps of a driver that nothing shows beforehand, and those that lead from one interface to
  /// the other.
  private static let unreachable: Set = [
    "features-ok", "legacy-queues", "modern-id", "legacy-id",
  ]

  @Test("have keys of their own, and can be found by them")
  func keys() {
    #expect(Set(Driver.all.map(\.key)).count == Driver.all.count)
    for driver in Driver.all {
      #expect(Driver.named(driver.key)?.name == driver.name)
      #expect(Set(driver.steps.map(\.key)).count == driver.steps.count)
    }
    #expect(Driver.named("plan9") == nil)
  }

  @Test("use a sound function", arguments: others.map(\.key))
  func sound(key: String) throws {
    let driver = try #require(Driver.named(key))
    for type in [DeviceType.net, .blk, .rng, .scsi] {
      let function = try Specimen(type).function()
      guard driver.isFor(function) else { continue }
      let verdict = driver.prediction(for: function)
      #expect(verdict.outcome == .modern || verdict.outcome == .noDriver)
      #expect(verdict.ignored.isEmpty)
      guard verdict.outcome == .modern else { continue }
      #expect(driver.unchecked(in: verdict).allSatisfy { $0.needs == .attempt })
    }
  }

  @Test("use a legacy function", arguments: others.filter(\.hasLegacy).map(\.key))
  func legacy(key: String) throws {
    let driver = try #require(Driver.named(key))
    for specimen in [Specimen.legacyNet, .legacyBlk] {
      let function = try specimen.function()
      guard driver.isFor(function) else { continue }
      #expect(driver.prediction(for: function).outcome == .legacy)
    }
  }

  @Test("stop where something is wrong", arguments: defects)
  func defect(_ defect: DriverDefect) throws {
    let driver = try #require(Driver.named(defect.driver))
    let verdict = driver.prediction(for: try defect.make().function())
    #expect(verdict.outcome == defect.outcome)
    let stops =
      verdict.outcome.isDriven
      ? verdict.ignored : [verdict.stop, verdict.left].compactMap { $0 }
    #expect(stops.map { driver.steps[$0.step].key }.contains(defect.step))
    for stop in stops {
      let texts = [driver.reason(of: stop), driver.logged(at: stop) ?? ""]
      #expect(texts.allSatisfy { !$0.contains("{") && !$0.contains("%") })
    }
  }

  @Test("have a function that fails each of their steps", arguments: others.map(\.key))
  func completeness(key: String) throws {
    let driver = try #require(Driver.named(key))
    let known = Self.defects.filter { $0.driver == key }.map(\.step)
    #expect(Set(driver.steps.map(\.key)).subtracting(Self.unreachable) == Set(known))
  }

  @Test(
    "come to a verdict on any function", arguments: [DeviceType.net, .blk, .console, .crypto, .fs])
  func anything(type: DeviceType) throws {
    var random = SplitMix(state: UInt64(type.rawValue))
    for _ in 0..<200 {
      var specimen = Specimen(type)
      for place in specimen.capabilities.keys.sorted() where random.next() % 2 == 0 {
        let byte = 2 + Int(random.next() % 10)
        specimen.capabilities[place]?.bytes[byte] = UInt8(truncatingIfNeeded: random.next())
      }
      for index in specimen.deviceConfig.indices {
        specimen.deviceConfig[index] = UInt8(truncatingIfNeeded: random.next())
      }
      for index in specimen.queues.indices {
        specimen.queues[index].size = UInt16(truncatingIfNeeded: random.next())
        specimen.queues[index].notifyOff = UInt16(truncatingIfNeeded: random.next())
      }
      let function = try specimen.function()
      for (driver, verdict) in Driver.verdicts(on: function) {
        #expect((verdict.stop == nil) == (verdict.outcome.isDriven || verdict.outcome == .unknown))
        #expect((driver.reason(for: verdict) == nil) == (verdict.stop == nil))
      }
    }
  }

  @Test("of other types of device are left out")
  func leftOut() throws {
    let verdicts = Driver.verdicts(on: try Specimen(.rng).function())
    let keys = Set(Driver.all.map(\.key)).subtracting(verdicts.map(\.driver.key))
    #expect(keys == ["dpdk", "seabios", "ipxe"])
  }
}

extension Driver {
  fileprivate var hasLegacy: Bool { steps.contains { $0.interface == .legacy } }
}
