import TestSupport
import Testing

@testable import VirtioPCI

@Suite struct IdentityTests {
  @Test("each register of the header shows the bytes at its offset")
  func ramp() throws {
    let source = RecordingSource.ramp(64)
    let identity = try Identity(from: source)
    #expect(identity.vendorID == 0x0100)
    #expect(identity.deviceID == 0x0302)
    #expect(identity.revision == 0x08)
    #expect(identity.classCode == 0x0B0A09)
    #expect(identity.subsystemVendorID == 0x2D2C)
    #expect(identity.subsystemID == 0x2F2E)
    #expect(
      source.loads == [.init(0, 2), .init(2, 2), .init(8, 4), .init(0x2C, 2), .init(0x2E, 2)])
  }

  @Test("a header cut short is an error", arguments: [0, 1, 2, 11, 47])
  func truncated(count: Int) {
    #expect(throws: DecodeError.self) { try Identity(from: RecordingSource.ramp(count)) }
  }

  @Test(
    "virtio is vendor 0x1af4 with a device ID from 0x1000 to 0x107f",
    arguments: [
      (0x1AF4, 0x1000, true), (0x1AF4, 0x103F, true), (0x1AF4, 0x1040, true),
      (0x1AF4, 0x107F, true), (0x1AF4, 0x0FFF, false), (0x1AF4, 0x1080, false),
      (0x1AF4, 0x1110, false), (0xFFFF, 0x1041, false), (0x8086, 0x1000, false),
    ] as [(UInt16, UInt16, Bool)])
  func virtio(vendorID: UInt16, deviceID: UInt16, isVirtio: Bool) {
    let identity = Identity(
      vendorID: vendorID, deviceID: deviceID, revision: 0, classCode: 0, subsystemVendorID: 0,
      subsystemID: 0)
    #expect(identity.isVirtio == isVirtio)
  }

  @Test("only status bit 4 announces a capability list")
  func capabilityList() {
    #expect(ConfigHeader.hasCapabilityList(status: 0x0010))
    #expect(!ConfigHeader.hasCapabilityList(status: 0xFFEF))
  }
}

@Suite struct MSIXTests {
  @Test("message control, table and pending bits decode")
  func decode() throws {
    let bytes: [UInt8] = [0x11, 0x40, 0x03, 0xC0, 0x01, 0x80, 0x00, 0x00, 0x04, 0x10, 0x02, 0x80]
    let msix = try MSIX(from: bytes.span)
    #expect(msix.isEnabled)
    #expect(msix.isMasked)
    #expect(msix.tableSize == 4)
    #expect(msix.tableBAR == 1)
    #expect(msix.tableOffset == 0x8000)
    #expect(msix.pbaBAR == 4)
    #expect(msix.pbaOffset == 0x8002_1000)
  }

  @Test(
    "the table has 16 bytes a vector, the pending bits 8 for each 64 begun",
    arguments: [(0, 16, 8), (63, 1024, 8), (64, 1040, 16), (0x7FF, 32768, 256)]
      as [(UInt16, UInt64, UInt64)])
  func lengths(control: UInt16, table: UInt64, pba: UInt64) throws {
    // The bits above the table size are reserved, enable and mask.
    let bytes: [UInt8] = [0x11, 0, UInt8(control & 0xFF), UInt8(control >> 8) | 0x38]
    let whole = bytes + [UInt8](repeating: 0, count: 8)
    let msix = try MSIX(from: whole.span)
    #expect(!msix.isEnabled && !msix.isMasked)
    #expect(msix.tableSize == Int(control) + 1)
    #expect(msix.tableLength == table)
    #expect(msix.pbaLength == pba)
  }

  @Test("three dwords are loaded")
  func trace() throws {
    let source = RecordingSource.ramp(256)
    _ = try MSIX(from: source, at: 0x98)
    #expect(source.loads == [.init(0x98, 4), .init(0x9C, 4), .init(0xA0, 4)])
  }

  @Test("fewer than 12 bytes are an error", arguments: 0..<12)
  func truncated(count: Int) {
    let bytes = [UInt8](repeating: 0x11, count: count)
    let needed = count < 4 ? 4 : 12
    #expect(
      throws: ReadError<DecodeError>.malformed(
        .pastConfigSpace(needed: needed, available: count))
    ) {
      try MSIX(from: bytes.span)
    }
  }
}
