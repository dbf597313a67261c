import TestSupport
import Testing
import VirtioConformance
import VirtioPCI

@Suite("What follows from what was read of a function")
struct FunctionTests {
  private static func identity(device: UInt16, revision: UInt8 = 0) -> Identity {
    Identity(
      vendorID: 0x1AF4, deviceID: device, revision: revision, classCode: 0,
      subsystemVendorID: 0x1AF4, subsystemID: 1)
  }

  @Test("the registers' word counts before the kernel's")
  func precedence() throws {
    var function = Function(identity: Self.identity(device: 0x1041))
    #expect(function.status == nil && function.offered == nil && function.negotiated == nil)
    function.kernel.virtio = Function.VirtioDevice(
      name: "virtio0", status: [.acknowledge, .driver, .featuresOK], features: [.version1])
    function.kernel.virtio?.offeredFeatures = [.version1, .ringPacked]
    #expect(function.offered == [.version1, .ringPacked])
    #expect(function.negotiated == [.version1])
    #expect(function.doorbellWidth == 2)
    let bytes = [UInt8](repeating: 0, count: 64)
    var registers = Function.Registers(
      path: .bar, common: try CommonValues(from: bytes.span), commonLength: 64)
    registers.offered = [.version1, .notificationData]
    function.registers = registers
    #expect(function.status == [])
    #expect(function.negotiated == nil)
    #expect(function.accepted == [.version1])
    #expect(function.offered == [.version1, .notificationData])
    #expect(function.doorbellWidth == 4)
  }

  @Test(
    "nothing is negotiated before FEATURES_OK, or DRIVER_OK of a legacy driver",
    arguments: [(0x00, false), (0x03, false), (0x0B, true), (0x07, true), (0x83, false)]
      as [(UInt8, Bool)])
  func progress(status: UInt8, isNegotiated: Bool) {
    var function = Function(identity: Self.identity(device: 0x1041))
    function.kernel.virtio = Function.VirtioDevice(
      name: "virtio0", status: DeviceStatus(rawValue: status), features: [])
    #expect((function.negotiated != nil) == isNegotiated)
  }

  @Test("what the kernel sees of a transitional device through the legacy interface is not all")
  func legacyOffer() {
    var function = Function(identity: Self.identity(device: 0x1000))
    function.implementedBARs = [BAR(index: 0, space: .io, address: 0xC000, size: 0x80)]
    function.listEnd = .terminated
    let common = RawCapability.common()
    function.capabilities = [Capability(position: 0x40, bytes: common.bytes)].compactMap { $0 }
    #expect(function.interface == .transitional)
    function.kernel.virtio = Function.VirtioDevice(name: "virtio0")
    function.kernel.virtio?.offeredFeatures = [Feature.Net.mac]
    #expect(function.offered == nil && function.mayBeDrivenAsLegacy)
    function.kernel.virtio?.offeredFeatures = [Feature.Net.mac, .version1]
    #expect(function.offered == [Feature.Net.mac, .version1])
  }

  @Test("the interface of a transitional ID depends on the list and BAR 0")
  func interface() {
    var function = Function(identity: Self.identity(device: 0x1000))
    // With neither, it is not known.
    #expect(function.interface == nil)
    function.listEnd = .absent
    #expect(function.interface == .legacy)
    function.listEnd = .terminated
    #expect(function.interface == .legacy)
    function.listEnd = .truncated(position: 0x40)
    #expect(function.interface == nil)
    function.implementedBARs = []
    #expect(function.interface == nil)
  }

  @Test("a driver shows the interface where the list was not read")
  func negotiatedInterface() {
    var function = Function(identity: Self.identity(device: 0x1000))
    function.listEnd = .truncated(position: 0x40)
    function.implementedBARs = [BAR(index: 0, space: .io, address: 0xC000, size: 0x80)]
    var device = Function.VirtioDevice(name: "virtio0", status: [.driverOK], features: [])
    function.kernel.virtio = device
    #expect(function.interface == .legacy)
    device.features = [.version1]
    function.kernel.virtio = device
    #expect(function.interface == .transitional)
    device.status = [.driver]
    function.kernel.virtio = device
    #expect(function.interface == nil)
  }
}
