import TestSupport
import Testing

@testable import VirtioPCI

@Suite("Selectors")
struct SelectorTests {
  /// All that a probe does.
  private func probe(_ common: FakeRegisters) throws(FakeDevice.Failure) -> [QueueState] {
    try CommonCfg.restoringSelectors(in: common) { () throws(FakeDevice.Failure) in
      let offered = try CommonCfg.deviceFeatures(in: common)
      _ = try CommonCfg.driverFeatures(in: common)
      var queues: [QueueState] = []
      for index in 0..<(3 as UInt16) {
        if let queue = try QueueState(index, in: common, with: offered) { queues.append(queue) }
      }
      return queues
    }
  }

  @Test("all four groups of features are seen")
  func features() throws {
    let device = FakeDevice()
    let common = FakeRegisters(device)
    let offered = try CommonCfg.deviceFeatures(in: common)
    #expect(offered == FeatureSet(groups: device.state.deviceFeatures))
    #expect(offered.contains(Feature.Net.ipsec))
    let driver = try CommonCfg.driverFeatures(in: common)
    #expect(driver == FeatureSet(groups: device.state.driverFeatures))
  }

  @Test("every queue shows its own registers, and those only that exist")
  func queues() throws {
    let queues = try probe(FakeRegisters(FakeDevice()))
    #expect(queues.map(\.index) == [0, 1, 2])
    #expect(queues.map(\.msixVector) == [0, 1, 2])
    #expect(queues.map(\.notifyOff) == [0, 2, 4])
    #expect(queues.map(\.desc) == [0x1_0000_1000, 0x1_0000_1001, 0x1_0000_1002])
    #expect(queues.map(\.driver) == [0x2_0000_2000, 0x2_0000_2001, 0x2_0000_2002])
    #expect(queues.allSatisfy { $0.device == 0x3_0000_3000 && $0.isEnabled && $0.size == 256 })
    // VIRTIO_F_RING_RESET is offered, VIRTIO_F_NOTIF_CONFIG_DATA is not.
    #expect(queues.allSatisfy { $0.isInReset == true && $0.notifConfigData == nil })
  }

  @Test("what a doorbell takes instead of the index is loaded where it is offered")
  func notifConfigData() throws {
    let device = FakeDevice()
    // VIRTIO_F_NOTIF_CONFIG_DATA is bit 39.
    device.state.deviceFeatures[1] |= 1 << 7
    #expect(try probe(FakeRegisters(device)).allSatisfy { $0.notifConfigData == 0xAAAA })
  }

  @Test("a probe leaves the device as it was")
  func restored() throws {
    let device = FakeDevice()
    let before = device.state
    _ = try probe(FakeRegisters(device))
    #expect(device.state == before)
    #expect(device.offences == [])
  }

  @Test("so does one that fails anywhere before it puts the selectors back")
  func restoredAfterFailure() throws {
    let whole = FakeDevice()
    _ = try probe(FakeRegisters(whole))
    for count in 0..<whole.accesses.count - 3 {
      let device = FakeDevice()
      let before = device.state
      device.failsAfter = count
      #expect(throws: FakeDevice.Failure.self) { try probe(FakeRegisters(device)) }
      #expect(device.state == before, "failure after \(count) accesses")
    }
  }

  @Test("a selector that cannot be put back is an error, and the others are put back")
  func unrestored() throws {
    let whole = FakeDevice()
    _ = try probe(FakeRegisters(whole))
    let device = FakeDevice()
    device.failsAfter = whole.accesses.count - 3
    #expect(throws: FakeDevice.Failure.self) { try probe(FakeRegisters(device)) }
    #expect(device.state.deviceFeatureSelect == 3)
    #expect(device.state.driverFeatureSelect == FakeDevice.State().driverFeatureSelect)
    #expect(device.state.queueSelect == FakeDevice.State().queueSelect)
  }

  @Test("a device that is gone has no queue")
  func gone() throws {
    let device = FakeDevice()
    device.isGone = true
    #expect(try QueueState(0, in: FakeRegisters(device), with: FeatureSet()) == nil)
  }
}
