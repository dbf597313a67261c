import TestSupport
import Testing

@testable import VirtioPCI

/// A ramp that is a capability: `cap_vndr`, `cap_len` and `cfg_type` are set in it.
private func capability(
  _ cfgType: UInt8, capLen: UInt8, vndr: UInt8 = 0x09, count: Int = 64
) -> [UInt8] {
  var bytes = (0..<UInt8(64)).map { $0 }
  bytes[0] = vndr
  bytes[2] = capLen
  bytes[3] = cfgType
  return Array(bytes.prefix(count))
}

/// What a structure of bytes that do not decode throws.
private func malformed(_ error: DecodeError) -> ReadError<DecodeError> { .malformed(error) }

/// Bytes of which those from `limit` on cannot be read.
private struct FailingSource: RegisterSource {
  struct Failure: Error, Equatable { var offset: Int }

  var bytes: [UInt8]
  var limit: Int

  var count: Int { bytes.count }

  func load8(at offset: Int) throws(Failure) -> UInt8 {
    UInt8(truncatingIfNeeded: try load32(at: offset))
  }

  func load16(at offset: Int) throws(Failure) -> UInt16 {
    UInt16(truncatingIfNeeded: try load32(at: offset))
  }

  func load32(at offset: Int) throws(Failure) -> UInt32 {
    guard offset < limit else { throw Failure(offset: offset) }
    return (0..<4).reduce(0) { $0 | UInt32(bytes[offset + $1]) << UInt32(8 * $1) }
  }
}

@Suite struct CapTests {
  @Test("each field of a capability shows the bytes at its offset")
  func cap() throws {
    let bytes = capability(1, capLen: 16, count: 16)
    let cap = try Cap(from: bytes.span)
    #expect(cap.capVndr == 9)
    #expect(cap.capNext == 1)
    #expect(cap.capLen == 16)
    #expect(cap.cfgType == .common)
    #expect(cap.bar == 4)
    #expect(cap.id == 5)
    #expect(cap.padding == 0x0706)
    #expect(cap.offset == 0x0B0A_0908)
    #expect(cap.length == 0x0F0E_0D0C)
  }

  @Test("a 64-bit capability has the high halves after the common part")
  func cap64() throws {
    let bytes = capability(8, capLen: 24, count: 24)
    let cap = try Cap64(from: bytes.span)
    #expect(cap.cap == (try Cap(from: bytes.span)))
    #expect(cap.offsetHi == 0x1312_1110)
    #expect(cap.lengthHi == 0x1716_1514)
    #expect(cap.offset == 0x1312_1110_0B0A_0908)
    #expect(cap.length == 0x1716_1514_0F0E_0D0C)
  }

  @Test("a notify capability has the multiplier, the window its data")
  func notifyAndWindow() throws {
    let notify = capability(2, capLen: 20, count: 20)
    #expect(try NotifyCap(from: notify.span).notifyOffMultiplier == 0x1312_1110)
    let window = capability(5, capLen: 20, count: 20)
    #expect(try CfgCap(from: window.span).pciCfgData == 0x1312_1110)
    #expect(try CfgCap(from: window.span).cap.bar == 4)
  }

  @Test("vendor data has its vendor where others have BAR and ID", arguments: [8, 9, 24, 64])
  func vendor(capLen: Int) throws {
    let bytes = capability(9, capLen: UInt8(capLen))
    let cap = try VendorCap(from: bytes.span)
    #expect(cap.capNext == 1)
    #expect(cap.cfgType == .vendor)
    #expect(cap.vendorID == 0x0504)
    #expect(cap.data == (6..<capLen).map { UInt8($0) })
  }

  @Test("a structure's own capability refuses another cfg_type")
  func mismatch() {
    let bytes = capability(3, capLen: 64)
    #expect(throws: malformed(.cfgTypeMismatch(found: .isr, expected: .notify))) {
      try NotifyCap(from: bytes.span)
    }
    #expect(throws: malformed(.cfgTypeMismatch(found: .isr, expected: .pci))) {
      try CfgCap(from: bytes.span)
    }
    #expect(throws: malformed(.cfgTypeMismatch(found: .isr, expected: .vendor))) {
      try VendorCap(from: bytes.span)
    }
  }

  @Test(
    "of config space exactly the structure is loaded, a dword at a time",
    arguments: [
      (1, 16, [0, 4, 8, 12]), (3, 255, [0, 4, 8, 12]), (4, 24, [0, 4, 8, 12]),
      (2, 20, [0, 4, 8, 12, 16]), (2, 64, [0, 4, 8, 12, 16]), (8, 24, [0, 4, 8, 12, 16, 20]),
      // Never the data of the window.
      (5, 20, [0, 4, 8, 12]), (5, 255, [0, 4, 8, 12]),
      // What is too short is not loaded.
      (1, 15, [0]), (2, 16, [0]), (8, 20, [0]),
    ] as [(UInt8, UInt8, [Int])])
  func trace(type: UInt8, capLen: UInt8, offsets: [Int]) throws {
    let source = RecordingSource(
      [UInt8](repeating: 0xEE, count: 0x40) + capability(type, capLen: capLen))
    _ = try? CapData(from: source, at: 0x40)
    #expect(source.loads == offsets.map { .init(0x40 + $0, 4) })
    let entry = try PCICapability(from: source, at: 0x40)
    let again = RecordingSource(source.bytes)
    _ = try? CapData(entry, from: again)
    #expect(again.loads == offsets.dropFirst().map { .init(0x40 + $0, 4) })
  }

  @Test(
    "of vendor data nothing beyond cap_len is loaded",
    arguments: [(8, ["4@4"]), (10, ["4@4", "1@8", "1@9"]), (16, ["4@4", "4@8", "4@12"])]
      as [(UInt8, [String])])
  func vendorTrace(capLen: UInt8, loads: [String]) throws {
    let source = RecordingSource(capability(9, capLen: capLen))
    _ = try VendorCap(from: source)
    #expect(source.loads.map(\.description) == ["4@0"] + loads)
  }

  @Test("the window's data are loaded by its own structure alone")
  func windowTrace() throws {
    let source = RecordingSource(capability(5, capLen: 20))
    _ = try CfgCap(from: source)
    #expect(source.loads.map(\.offset) == [0, 4, 8, 12, 16])
  }

  @Test("a capability at the end of conventional config space does not reach beyond")
  func extendedSpace() throws {
    var bytes = [UInt8](repeating: 0, count: 4096)
    bytes.replaceSubrange(0xF8..<0x138, with: capability(1, capLen: 16))
    #expect(throws: malformed(.pastConfigSpace(needed: 16, available: 8))) {
      try Cap(from: bytes.span, at: 0xF8)
    }
    for position in [-4, 0xFD, 0x100, 4096, .max] {
      #expect(throws: ReadError<DecodeError>.self) { try Cap(from: bytes.span, at: position) }
    }
  }

  @Test("an error of the source comes through as it is")
  func failing() throws {
    for limit in [0, 4, 8, 12] {
      let source = FailingSource(bytes: capability(1, capLen: 16), limit: limit)
      #expect(throws: ReadError.access(FailingSource.Failure(offset: limit))) {
        try Cap(from: source)
      }
    }
  }

  @Test("bytes beyond cap_len make no difference")
  func surplus() throws {
    let (short, long) = (capability(2, capLen: 20, count: 20), capability(2, capLen: 20))
    #expect(try NotifyCap(from: short.span) == NotifyCap(from: long.span))
  }
}

@Suite struct CapDataTests {
  static let types = UInt8.min...UInt8.max

  /// The rule once more, as the specification's table says it: the bytes that a type needs.
  private static func minimum(of cfgType: UInt8) -> UInt8 {
    [2: 20, 8: 24][cfgType, default: 16]
  }

  @Test("a capability decodes exactly when cap_len holds its structure", arguments: 0...32)
  func everyLength(capLen: Int) throws {
    for type in Self.types {
      let bytes = capability(type, capLen: UInt8(capLen))
      let minimum = Self.minimum(of: type)
      guard capLen >= Int(minimum) else {
        // The common part is missing before its extension is.
        let missing = capLen < 16 ? 16 : minimum
        #expect(throws: malformed(.capLenTooShort(capLen: UInt8(capLen), minimum: missing))) {
          try CapData(from: bytes.span)
        }
        continue
      }
      let data = try CapData(from: bytes.span)
      #expect(data.cfgType.rawValue == type)
      #expect(data.bar == 4)
      #expect(data.id == 5)
      #expect(data.offset == (type == 8 ? 0x1312_1110_0B0A_0908 : 0x0B0A_0908))
      #expect(data.length == (type == 8 ? 0x1716_1514_0F0E_0D0C : 0x0F0E_0D0C))
      #expect(data.notifyOffMultiplier == (type == 2 ? 0x1312_1110 : nil))
    }
  }

  @Test("a capability cut off by the end of config space is an error", arguments: 0...24)
  func everyCount(count: Int) {
    for type in [1, 2, 8] as [UInt8] {
      let bytes = capability(type, capLen: 64, count: count)
      let minimum = Int(Self.minimum(of: type))
      switch count {
      case ..<4:
        #expect(throws: malformed(.pastConfigSpace(needed: 4, available: count))) {
          try CapData(from: bytes.span)
        }
      case ..<minimum:
        let needed = count < 16 ? 16 : minimum
        #expect(throws: malformed(.pastConfigSpace(needed: needed, available: count))) {
          try CapData(from: bytes.span)
        }
      default:
        #expect(throws: Never.self) { try CapData(from: bytes.span) }
      }
    }
  }

  @Test(
    "a capability of another ID is none of virtio's", arguments: [0, 0x05, 0x11, 0xFF] as [UInt8])
  func foreign(vndr: UInt8) {
    for type in Self.types {
      let bytes = capability(type, capLen: 64, vndr: vndr)
      #expect(throws: malformed(.notVendorSpecific(capVndr: vndr))) {
        try CapData(from: bytes.span)
      }
    }
  }

  @Test("the end of a structure is known when it lies below 2^64")
  func end() throws {
    var bytes = capability(8, capLen: 24)
    bytes.replaceSubrange(8..<24, with: repeatElement(0, count: 16))
    #expect(try CapData(from: bytes.span).end == 0)
    bytes.replaceSubrange(8..<24, with: repeatElement(0xFF, count: 16))
    #expect(try CapData(from: bytes.span).end == nil)
  }
}

@Suite struct CapabilityTests {
  @Test(
    "vendor data decodes from 8 bytes of cap_len, all of which must be there", arguments: 0...32)
  func vendor(capLen: Int) throws {
    let bytes = capability(9, capLen: UInt8(capLen), count: 24)
    let capability = try #require(Capability(position: 0x40, bytes: bytes))
    #expect(capability.data == nil)
    #expect(!capability.locatesStructure)
    switch capLen {
    case ..<8:
      #expect(
        capability.content == .failure(.capLenTooShort(capLen: UInt8(capLen), minimum: 8)))
    case ...24:
      #expect(capability.vendor?.data.count == capLen - 6)
    default:
      #expect(capability.content == .failure(.pastConfigSpace(needed: capLen, available: 24)))
    }
  }

  @Test("every type is kept with its bytes, decoded or not")
  func everyType() throws {
    for type in UInt8.min...UInt8.max {
      for capLen in [0, 4, 15, 16, 24] as [UInt8] {
        let bytes = capability(type, capLen: capLen, count: 24)
        let capability = try #require(Capability(position: 0x40, bytes: bytes))
        #expect(capability.bytes == bytes)
        #expect(capability.head.cfgType.rawValue == type)
        #expect(capability.head.capLen == capLen)
        #expect(capability.vendor == nil || type == 9)
        #expect(capability.locatesStructure == (type != 5 && type != 9))
      }
    }
  }

  @Test("fewer than four bytes are no capability", arguments: 0..<4)
  func headless(count: Int) {
    #expect(Capability(position: 0xFC, bytes: capability(1, capLen: 16, count: count)) == nil)
  }

  @Test("the window's data is known when its bytes were read, and for the window alone")
  func window() {
    func data(_ type: UInt8, capLen: UInt8, count: Int) -> UInt32? {
      Capability(position: 0x40, bytes: capability(type, capLen: capLen, count: count))?.pciCfgData
    }
    #expect(data(5, capLen: 20, count: 20) == 0x1312_1110)
    #expect(data(5, capLen: 20, count: 16) == nil)
    #expect(data(5, capLen: 16, count: 20) == nil)
    #expect(data(2, capLen: 20, count: 20) == nil)
  }

  @Test(
    "as much of a capability is read as its structure has, never the window's data",
    arguments: [
      (1, 16, 16), (1, 255, 16), (2, 20, 20), (2, 16, 16), (2, 255, 20), (3, 16, 16), (4, 24, 16),
      (5, 20, 16), (5, 255, 16), (8, 24, 24), (8, 20, 20), (9, 8, 8), (9, 32, 32), (9, 255, 255),
      (0, 255, 16), (1, 0, 4), (9, 3, 4), (1, 9, 9),
    ] as [(UInt8, UInt8, Int)])
  func structureLength(type: UInt8, capLen: UInt8, length: Int) throws {
    let bytes = capability(type, capLen: capLen)
    #expect(try PCICapability(from: bytes.span).structureLength == length)
  }
}

@Suite struct CapCfgTypeTests {
  @Test(
    "the types have the specification's numbers and keys",
    arguments: [
      (.common, 1, "common"), (.notify, 2, "notify"), (.isr, 3, "isr"), (.device, 4, "device"),
      (.pci, 5, "pci"), (.sharedMemory, 8, "shared_memory"), (.vendor, 9, "vendor"),
    ] as [(CapCfgType, UInt8, String)])
  func defined(type: CapCfgType, number: UInt8, key: String) {
    #expect(type.rawValue == number)
    #expect(CapCfgType(rawValue: number) == type)
    #expect(type.key == key)
    #expect("\(type)" == key)
  }

  @Test("any other number is kept, without a key")
  func reserved() {
    let defined = CapCfgType.defined.map(\.rawValue)
    #expect(defined == [1, 2, 3, 4, 5, 8, 9])
    for number in UInt8.min...UInt8.max where !defined.contains(number) {
      #expect(CapCfgType(rawValue: number).rawValue == number)
      #expect(CapCfgType(rawValue: number).key == nil)
      #expect("\(CapCfgType(rawValue: number))" == "\(number)")
    }
  }
}

@Suite struct DecodeErrorTests {
  @Test(
    "an error says what is wrong with which number",
    arguments: [
      (.capLenTooShort(capLen: 12, minimum: 16), "cap_len 12 is shorter than 16"),
      (.notVendorSpecific(capVndr: 0x11), "cap_vndr 0x11 is not 0x09"),
      (.cfgTypeMismatch(found: .isr, expected: .notify), "cfg_type 3 is not 2"),
      (
        .pastConfigSpace(needed: 20, available: 4),
        "needs 20 bytes, but config space ends after 4"
      ),
      (.outOfBounds(offset: 0x38, width: 2, count: 57), "2 bytes at 0x38 end after the last of 57"),
    ] as [(DecodeError, String)])
  func description(error: DecodeError, text: String) {
    #expect(error.description == text)
  }
}
