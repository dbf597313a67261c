import Testing

@testable import VirtioPCI

@Suite struct InterfaceTests {
  struct Row: Sendable {
    var id: UInt16
    var revision: UInt8
    var common: Bool?
    var list: Bool
    var io: Bool?
    var interface: Interface?
  }

  @Test(
    "the interface follows from ID, revision, capabilities and BAR 0",
    arguments: [
      Row(id: 0x1041, revision: 1, common: true, list: true, io: false, interface: .modern),
      Row(id: 0x1041, revision: 0, common: true, list: true, io: true, interface: .modern),
      Row(id: 0x1041, revision: 1, common: false, list: false, io: false, interface: .modern),
      Row(id: 0x1041, revision: 1, common: nil, list: true, io: false, interface: .modern),
      Row(id: 0x1000, revision: 0, common: true, list: true, io: true, interface: .transitional),
      Row(id: 0x1000, revision: 0, common: true, list: true, io: false, interface: .modern),
      Row(id: 0x1000, revision: 1, common: true, list: true, io: true, interface: .modern),
      Row(id: 0x1000, revision: 0, common: false, list: true, io: true, interface: .legacy),
      Row(id: 0x1000, revision: 0, common: nil, list: true, io: true, interface: nil),
      Row(id: 0x1000, revision: 0, common: true, list: true, io: nil, interface: nil),
      Row(id: 0x1000, revision: 1, common: true, list: true, io: nil, interface: .modern),
      Row(id: 0x1000, revision: 0, common: nil, list: false, io: true, interface: .legacy),
      Row(id: 0x103F, revision: 0, common: false, list: false, io: false, interface: .legacy),
    ])
  func verdict(row: Row) {
    var identity = Identity.virtio(deviceID: row.id)
    identity.revision = row.revision
    let interface = Interface(
      identity: identity, hasCommonCap: row.common, hasCapabilityList: row.list, isBAR0IO: row.io)
    #expect(interface == row.interface)
  }
}
