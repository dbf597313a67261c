import TestSupport
import Testing

@testable import VirtioPCI

@Suite struct DeviceTypeTests {
  @Test("the types are those of the specification, word for word")
  func types() throws {
    let spec = try Spec("device-types").array
    #expect(DeviceType.defined.map { Int($0.rawValue) } == spec.map { $0["id"].int })
    for (type, row) in zip(DeviceType.defined, spec) {
      #expect(type.key == row["key"].string)
      #expect(type.name == row["name"].string)
      #expect(type.section.map { "VIRTIO 1.4 \($0)" } == row["section"].string)
      #expect(type.hasDeviceConfig == row["has_device_config"].bool)
      #expect(DeviceType(key: try #require(type.key)) == type)
    }
  }

  @Test("a number that is not taken has no name", arguments: [14, 15, 50, 63, 0xFFFF] as [UInt16])
  func unassigned(id: UInt16) {
    #expect(DeviceType(rawValue: id).key == nil)
    #expect(DeviceType(rawValue: id).name == nil)
    #expect(DeviceType(rawValue: id).hasDeviceConfig == nil)
  }

  @Test("a key is matched as it is written", arguments: ["", "Net", "network", "unknown"])
  func unknownKey(key: String) {
    #expect(DeviceType(key: key) == nil)
  }

  @Test("modern and transitional device IDs give the specification's types")
  func deviceIDs() throws {
    for row in try Spec("device-types").array where row["key"].string != "invalid" {
      let type = try #require(row["key"].string.flatMap { DeviceType(key: $0) })
      let ids = [row["modern_pci_id"].int, row["transitional_pci_id"].int]
      for id in ids.compactMap({ $0 }) {
        // A subsystem ID that would say otherwise must not.
        let identity = Identity.virtio(deviceID: UInt16(id), subsystemID: 0x1100)
        #expect(DeviceType(identity: identity) == type)
      }
    }
  }

  @Test("every modern device ID but the first is its type and 0x1040")
  func modernIDs() {
    #expect(DeviceType(identity: .virtio(deviceID: 0x1040, subsystemID: 1)) == nil)
    for id in UInt16(0x1041)...0x107F {
      #expect(DeviceType(identity: .virtio(deviceID: id))?.rawValue == id - 0x1040)
    }
  }

  @Test("an unassigned transitional ID takes the type from the subsystem ID")
  func subsystemID() {
    for id in UInt16(0x1000)...0x103F where DeviceType(transitionalID: id) == nil {
      #expect(DeviceType(identity: .virtio(deviceID: id, subsystemID: 18)) == .input)
      #expect(DeviceType(identity: .virtio(deviceID: id, subsystemID: 0)) == nil)
    }
  }

  @Test(
    "other functions have no virtio type",
    arguments: [(0x1AF4, 0x0FFF), (0x1AF4, 0x1080), (0x1AF4, 0x1110), (0x8086, 0x1041)]
      as [(UInt16, UInt16)])
  func foreign(vendorID: UInt16, deviceID: UInt16) {
    var identity = Identity.virtio(deviceID: deviceID, subsystemID: 1)
    identity.vendorID = vendorID
    #expect(DeviceType(identity: identity) == nil)
    #expect(
      Interface(
        identity: identity, hasCommonCap: true, hasCapabilityList: true, isBAR0IO: true) == nil)
  }
}

extension Identity {
  static func virtio(deviceID: UInt16, subsystemID: UInt16 = 0) -> Self {
    Identity(
      vendorID: 0x1AF4, deviceID: deviceID, revision: 0, classCode: 0xFFFF00,
      subsystemVendorID: 0x1AF4, subsystemID: subsystemID)
  }
}
