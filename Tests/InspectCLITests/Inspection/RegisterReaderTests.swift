import PCIAccess
import SystemPackage
import TestSupport
import Testing
import VirtioConformance
import VirtioPCI

@testable import InspectCLI

/// A function whose BAR nobody may map, with a window that works.
private final class FakeFunction: PCIFunction {
  let device: FakeDevice
  let address = Address("0000:00:04.0")
  let file: String? = nil
  let isLive = true
  let knowsAllBARs = true
  let configSize = 256

  init(_ device: FakeDevice) {
    self.device = device
  }

  func identity() throws(AccessError) -> Identity {
    let config = device.configSpace
    do { return try Identity(from: config.span) } catch { throw failure }
  }

  func bars() -> [BAR] { [FakeDevice.bar] }

  func readConfig(at offset: Int, count: Int, into bytes: inout [UInt8]) throws(AccessError) {
    do { bytes += try device.readConfig(at: offset, count: count) } catch { throw failure }
  }

  func kernelFacts(_ parts: KernelFacts.Parts) -> KernelFacts { KernelFacts() }

  func openRegion(
    _ place: LocatedStructure, count: Int, writable: Bool
  ) throws(AccessError) -> BARRegion {
    throw AccessError("resource0", .system(.notPermitted), address: address)
  }

  func writableConfig() -> any WritableConfig { FakeConfig(function: self) }

  private var failure: AccessError { AccessError("fake", .system(.ioError), address: address) }

  private final class FakeConfig: WritableConfig {
    private let function: FakeFunction

    init(function: FakeFunction) { self.function = function }

    func read(at offset: Int, count: Int) throws(AccessError) -> [UInt8] {
      try function.readConfig(at: offset, count: count)
    }

    func write(_ bytes: [UInt8], at offset: Int) throws(AccessError) {
      do {
        try function.device.writeConfig(bytes, at: offset)
      } catch {
        throw function.failure
      }
    }
  }
}

@Suite("Reading registers")
struct RegisterReaderTests {
  /// What is known of a fake after a run by `plan`, and what was complained of.
  private func inspect(
    _ device: FakeDevice, _ plan: ReadPlan = .probe, kernel: KernelFacts = KernelFacts(),
    as known: Identity? = nil
  ) throws -> (inspection: Inspection, errors: [AccessError]) {
    var errors: [AccessError] = []
    let function: any PCIFunction = FakeFunction(device)
    let identity = try known ?? function.identity()
    let inspection = Inspector(plan: plan) { errors.append($0) }
      .inspect(function, identity: identity, kernel: kernel)
    return (inspection, errors)
  }

  private func registers(_ device: FakeDevice, kernel: KernelFacts = KernelFacts()) throws
    -> RegistersEntry
  {
    let (inspection, errors) = try inspect(device, kernel: kernel)
    #expect(errors == [])
    return try #require(RegistersEntry(inspection))
  }

  @Test("a probe through the window sees everything and leaves the device as it was")
  func probe() throws {
    let device = FakeDevice()
    let before = device.state
    let registers = try registers(device)
    #expect(device.state == before)
    #expect(device.offences == [])
    #expect(registers.registers.path == .window)
    #expect(registers.function.offered == FeatureSet(groups: before.deviceFeatures))
    #expect(registers.function.visiblyAccepted == FeatureSet(groups: before.driverFeatures))
    #expect(registers.queues.map(\.state.index) == [0, 1, 2])
    #expect(
      registers.queues.map(\.doorbell) == [0x40_0000_0300, 0x40_0000_0308, 0x40_0000_0310])
    #expect(registers.registers.common[CommonCfg.queueSelect] == 1)
    #expect(registers.registers.common[CommonCfg.deviceFeatureSelect] == 1)
    #expect(registers.registers.device?["mac"]?.text == "52:54:00:12:34:56")
  }

  @Test("ISR, doorbells and shared memory are never touched, and listed")
  func skipped() throws {
    let device = FakeDevice()
    let registers = try registers(device)
    #expect(device.state.isr == 3)
    #expect(device.state.doorbells == [])
    let allowed = [0..<64, FakeDevice.Place.device..<FakeDevice.Place.device + 12]
    #expect(
      device.accesses.allSatisfy { access in allowed.contains { $0.contains(access.offset) } })
    #expect(
      registers.skippedStructures.map { "\($0.subject): \($0.reason)" } == [
        "isr: a read clears it",
        "notify: a write to it rings a doorbell, a read is undefined",
        "shared_memory 2: its contents belong to the driver",
      ])
  }

  @Test("fields that do not exist are listed with the reason")
  func fields() throws {
    let registers = try registers(FakeDevice(commonLength: 58))
    let skipped = registers.skipped.map { "\($0.subject): \($0.reason)" }
    #expect(
      skipped.contains(
        "common.queue_notif_config_data: exists with VIRTIO_F_NOTIF_CONFIG_DATA only"))
    #expect(skipped.contains("common.queue_reset: what there is ends after 58 bytes"))
    #expect(
      skipped.contains(
        "device.max_virtqueue_pairs: exists with VIRTIO_NET_F_MQ or VIRTIO_NET_F_RSS only"))
  }

  @Test("reading without a probe writes nothing, not even the window")
  func refusedMapping() throws {
    let device = FakeDevice()
    let before = device.state
    let (inspection, errors) = try inspect(device, .registers)
    #expect(inspection.function.registers == nil)
    #expect(errors.map(\.subject) == ["resource0"])
    #expect(device.state == before)
    #expect(device.accesses.isEmpty)
    #expect(inspection.function.capabilities.count == 6)
  }

  @Test("a driver that is bound is left alone, unless forced", arguments: [false, true])
  func driven(force: Bool) throws {
    let device = FakeDevice()
    let kernel = KernelFacts(driver: "virtio-pci")
    let (inspection, errors) = try inspect(device, force ? .probeDriven : .probe, kernel: kernel)
    #expect((inspection.function.registers != nil) == force)
    #expect(errors.map(\.reason) == (force ? [] : [.inUse(driver: "virtio-pci")]))
    #expect(device.accesses.isEmpty == !force)
  }

  @Test("a device that reads all ones is an error, and its window is put back")
  func gone() throws {
    let device = FakeDevice()
    device.isGone = true
    let (inspection, errors) = try inspect(device)
    #expect(inspection.function.registers == nil)
    #expect(errors.count == 1)
    #expect(errors.first?.description.contains("all ones") == true)
    #expect(device.state == FakeDevice.State())
  }

  @Test("all ones break the rule that says so, and no other")
  func goneChecked() throws {
    let device = FakeDevice()
    let healthy = try inspect(device, [.probe, .check]).inspection
    device.isGone = true
    let gone = try inspect(device, [.probe, .check]).inspection
    let broken = Set(gone.findings.map(\.rule.id)).subtracting(healthy.findings.map(\.rule.id))
    #expect(broken == ["common-registers-not-all-ones"])
  }

  @Test("configuration that never settles is reported, and the rest is kept")
  func restless() throws {
    let device = FakeDevice()
    device.isRestless = true
    let (inspection, errors) = try inspect(device)
    #expect(inspection.function.registers?.device == nil)
    #expect(inspection.function.registers?.queues.count == 3)
    #expect(
      errors.map(\.description) == [
        "device configuration: config_generation changed during each of 16 reads"
      ])
  }

  @Test("a failure anywhere leaves the device as it was")
  func failure() throws {
    let whole = FakeDevice()
    _ = try inspect(whole)
    for count in stride(from: 0, to: whole.accesses.count, by: 7) {
      let device = FakeDevice()
      device.failsAfter = count
      let (_, errors) = try inspect(device)
      #expect(errors.map(\.subject) == ["fake"], "after \(count)")
      #expect(device.state == FakeDevice.State(), "after \(count)")
    }
  }

  @Test("queues of administration follow the others when the device offers them")
  func admin() throws {
    let device = FakeDevice()
    device.state.deviceFeatures[1] |= 1 << (41 - 32)
    // The fake's fields say index and number 0xaaaa, of which 0x5556 can be selected.
    let queues = try registers(device).queues
    #expect(queues.count == 3 + 0x5556)
    #expect(queues.last?.state.index == 0xFFFF)
    #expect(device.state.queueSelect == 1)
  }

  @Test("a function that nothing can answer for is not touched")
  func unreachable() throws {
    let sleeping = FakeDevice()
    var kernel = KernelFacts()
    kernel.powerState = "D3hot"
    #expect(
      try inspect(sleeping, kernel: kernel).errors.map(\.description) == [
        "the function is powered down (D3hot), so that its BARs do not answer"
      ])
    let deaf = FakeDevice()
    deaf.configSpace[4] &= ~2
    #expect(
      try inspect(deaf).errors.first?.description.contains("memory decoding is off") == true)
    #expect(sleeping.accesses.isEmpty && deaf.accesses.isEmpty)
  }

  @Test("a virtual function, which has neither IDs nor decoding to show, is read")
  func virtualFunction() throws {
    let device = FakeDevice()
    let identity = device.configSpace
    device.configSpace.replaceSubrange(0..<6, with: [0xFF, 0xFF, 0xFF, 0xFF, 4, 0])
    let (inspection, errors) = try inspect(device, as: try Identity(from: identity.span))
    #expect(inspection.function.registers?.queues.count == 3)
    #expect(errors == [])
  }

  @Test("what is too short for a probe is not probed", arguments: [0, 1, 55])
  func short(length: UInt32) throws {
    let device = FakeDevice(commonLength: length)
    let (inspection, errors) = try inspect(device)
    #expect(inspection.function.registers == nil)
    #expect(errors.count == 1)
    #expect(device.accesses.isEmpty)
  }

  @Test("a type without a known layout has no device configuration, and that is listed")
  func unknownType() throws {
    let registers = try registers(FakeDevice(type: 63))
    #expect(registers.registers.device == nil)
    #expect(
      registers.skippedStructures.contains {
        $0.subject == "device" && $0.reason == "no layout is defined for a device of type 63"
      })
  }
}
