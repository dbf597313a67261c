import Testing

@testable import VirtioPCI

@Suite struct NamedBitsTests {
  @Test("names come lowest bit first, and a bit without one as its value")
  func names() {
    let table: NameTable = [4: "FOUR", 0: "ZERO", 63: "LAST"]
    #expect(table.names(ofBitsIn: 0 as UInt8) == [])
    #expect(table.names(ofBitsIn: 0x31 as UInt8) == ["ZERO", "FOUR", "0x20"])
    #expect(table.names(ofBitsIn: 0x8001 as UInt16) == ["ZERO", "0x8000"])
    #expect(
      table.names(ofBitsIn: 0xC000_0000_0000_0000 as UInt64) == ["0x4000000000000000", "LAST"])
  }

  @Test("a number is named by its entry alone")
  func values() {
    let table: NameTable = [0: "half", 1: "full", 255: "unknown"]
    #expect(table[1] == "full")
    #expect(table[255] == "unknown")
    #expect(table[2] == nil)
  }
}
