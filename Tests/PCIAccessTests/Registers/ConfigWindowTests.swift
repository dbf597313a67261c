import TestSupport
import Testing
import VirtioConformance
import VirtioPCI

@testable import PCIAccess

/// The config space of a fake.
private final class FakeConfig: WritableConfig {
  let device: FakeDevice
  /// How many calls are answered before one fails; the next are answered again.
  var failsAfter = Int.max
  var callCount = 0
  /// A device that has the capability and not what it is for.
  var ignoresWrites = false
  /// Config space from here on is not shown.
  var end = Int.max

  init(_ device: FakeDevice) { self.device = device }

  func read(at offset: Int, count: Int) throws(AccessError) -> [UInt8] {
    try note()
    guard offset < end else { return [] }
    do { return try device.readConfig(at: offset, count: count) } catch { throw Self.failure }
  }

  func write(_ bytes: [UInt8], at offset: Int) throws(AccessError) {
    try note()
    guard !ignoresWrites else { return }
    do { try device.writeConfig(bytes, at: offset) } catch { throw Self.failure }
  }

  private func note() throws(AccessError) {
    callCount += 1
    if callCount - 1 == failsAfter { throw Self.failure }
  }

  private static let failure = AccessError("fake", .system(.ioError))
}

@Suite("Window in config space")
struct ConfigWindowTests {
  private static let place = Function.fake.place(of: .common)

  /// Loads the whole structure and stores a selector.
  private func use(_ config: FakeConfig) throws -> CommonCfg {
    let place = try #require(Self.place)
    return try ConfigWindow.using(config, at: UInt8(FakeDevice.Place.window), of: nil) {
      window throws(AccessError) in
      let common = try window.region(of: place, count: 64)
      try CommonCfg.queueSelect.store(2, to: common)
      return try CommonCfg(from: common)
    }
  }

  @Test("registers are accessed at their width, and the window is put back")
  func access() throws {
    let device = FakeDevice()
    let common = try use(FakeConfig(device))
    #expect(common.queueSelect == 2)
    #expect(common.queueDesc == 0x1_0000_1002)
    #expect(common.deviceStatus.rawValue == 0x0F)
    #expect(device.offences == [])
    #expect(device.state.window == FakeDevice.State().window)
    #expect(device.accesses.map(\.width).prefix(5) == [2, 4, 4, 4, 4])
  }

  @Test("it is put back wherever an access fails")
  func restored() throws {
    let whole = FakeConfig(FakeDevice())
    _ = try use(whole)
    for count in 0..<whole.callCount - 3 {
      let device = FakeDevice()
      let config = FakeConfig(device)
      config.failsAfter = count
      #expect(throws: AccessError("fake", .system(.ioError))) { try use(config) }
      #expect(device.state.window == FakeDevice.State().window, "failure after \(count) calls")
    }
  }

  @Test("a register of it that cannot be put back is an error, and the others are put back")
  func unrestored() throws {
    let whole = FakeConfig(FakeDevice())
    _ = try use(whole)
    let device = FakeDevice()
    let config = FakeConfig(device)
    config.failsAfter = whole.callCount - 2
    #expect(throws: AccessError.self) { try use(config) }
    #expect(device.state.window[0] == FakeDevice.State().window[0])
    #expect(device.state.window[2] == FakeDevice.State().window[2])
  }

  @Test("a window that keeps nothing is an error rather than zeros")
  func dead() throws {
    let config = FakeConfig(FakeDevice())
    config.ignoresWrites = true
    let error = try #require(throws: AccessError.self) { try use(config) }
    #expect(error.description == "does not keep what is written to it")
  }

  @Test("a window beyond what may be read is an error")
  func hidden() throws {
    let config = FakeConfig(FakeDevice())
    config.end = 64
    let error = try #require(throws: AccessError.self) { try use(config) }
    #expect(error.description == "lies beyond the end of config space, as far as it may be read")
  }

  @Test("a structure that 32 bits do not reach, or that its BAR does not hold, is refused")
  func far() throws {
    let device = FakeDevice()
    var bar = FakeDevice.bar
    for size in [nil, UInt64(FakeDevice.Place.size)] {
      bar.size = size
      var function = Function.fake
      function.implementedBARs = [bar]
      function.capabilities = [
        Capability(
          position: 0x40, bytes: RawCapability.common(offset: 0xFFFF_FFF0).bytes)
      ].compactMap(\.self)
      let place = try #require(function.place(of: .common))
      #expect(throws: AccessError.self) {
        try ConfigWindow.using(FakeConfig(device), at: UInt8(FakeDevice.Place.window), of: nil) {
          window throws(AccessError) in
          _ = try window.region(of: place, count: 64)
        }
      }
    }
    #expect(device.accesses.isEmpty)
  }
}

extension Function {
  /// A fake device as its config space describes it.
  static let fake: Function = {
    var function = Function(
      identity: Identity(
        vendorID: 0x1AF4, deviceID: 0x1041, revision: 1, classCode: 0, subsystemVendorID: 0x1AF4,
        subsystemID: 0x1100))
    function.implementedBARs = [FakeDevice.bar]
    let common = RawCapability.common(offset: 0, length: 64)
    function.capabilities = [Capability(position: 0x40, bytes: common.bytes)].compactMap(\.self)
    return function
  }()
}
