import Testing
import VirtioPCI

@Suite struct NegotiationTests {
  /// The registers of a negotiation, and whether the device takes what it is given.
  private final class Device: RegisterTarget {
    var offered: FeatureSet
    var accepted: FeatureSet = [.suspend]
    var status: UInt8 = 0x03
    var supported: FeatureSet
    var stores: [String] = []
    private var deviceSelect: UInt32 = 9
    private var driverSelect: UInt32 = 9
    let count = 64

    init(offered: FeatureSet, supported: FeatureSet) {
      self.offered = offered
      self.supported = supported
    }

    func load8(at offset: Int) -> UInt8 { offset == 0x14 ? status : 0xFF }
    func load16(at offset: Int) -> UInt16 { 0xFFFF }

    func load32(at offset: Int) -> UInt32 {
      switch offset {
      case 0x04: offered.group(at: Int(deviceSelect))
      case 0x0C: accepted.group(at: Int(driverSelect))
      default: 0xFFFF_FFFF
      }
    }

    func store8(_ value: UInt8, at offset: Int) {
      stores.append("\(offset): \(value)")
      let refuses = value & 8 != 0 && !accepted.isSubset(of: supported)
      if offset == 0x14 { status = refuses ? value & ~8 : value }
    }

    func store16(_ value: UInt16, at offset: Int) { stores.append("\(offset): \(value)") }

    func store32(_ value: UInt32, at offset: Int) {
      switch offset {
      case 0x00: deviceSelect = value
      case 0x08: driverSelect = value
      case 0x0C: accepted.setGroup(at: Int(driverSelect), to: value)
      default: stores.append("\(offset): \(value)")
      }
    }
  }

  private static let offered: FeatureSet = [
    Feature.Net.mac, .eventIdx, .version1, Feature.Net.ipsec,
  ]

  @Test("all four groups that are offered are read, and all four are written")
  func groups() {
    let device = Device(offered: Self.offered, supported: Self.offered)
    #expect(CommonCfg.deviceFeatures(in: device) == Self.offered)
    CommonCfg.setDriverFeatures([Feature.Net.ipsec, .version1], in: device)
    #expect(device.accepted == [.version1, Feature.Net.ipsec])
    #expect(CommonCfg.driverFeatures(in: device) == device.accepted)
    #expect(device.stores == [])
  }

  @Test("FEATURES_OK holds when the device supports what was accepted")
  func accepted() {
    let device = Device(offered: Self.offered, supported: Self.offered)
    CommonCfg.setDriverFeatures([.version1], in: device)
    #expect(CommonCfg.confirmFeatures(in: device))
    #expect(device.status == 0x0B)
    #expect(device.stores == ["20: 11"])
  }

  @Test("FEATURES_OK does not hold when it does not")
  func refused() {
    let device = Device(offered: Self.offered, supported: [.version1])
    CommonCfg.setDriverFeatures([.eventIdx], in: device)
    #expect(!CommonCfg.confirmFeatures(in: device))
    #expect(device.status == 0x03)
  }
}
