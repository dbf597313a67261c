import Testing

@testable import VirtioPCI

@Suite struct AddressTests {
  @Test(
    "an address is read and written as lspci does",
    arguments: [
      ("0000:00:04.0", "0000:00:04.0"),
      ("00:1f.7", "0000:00:1f.7"),
      ("c82d:00:02.0", "c82d:00:02.0"),
      ("10000:e1:00.3", "10000:e1:00.3"),
      ("ffffffff:ff:1f.7", "ffffffff:ff:1f.7"),
      ("0:4:3.1", "0000:04:03.1"),
      ("ABCD:EF:1A.2", "abcd:ef:1a.2"),
      ("00010000:00:01.0", "10000:00:01.0"),
    ])
  func text(text: String, written: String) throws {
    #expect(try #require(Address(text)).description == written)
  }

  @Test(
    "anything else is no address",
    arguments: [
      "", "0", ":", ".", "00:04", "04.0", "0000:00:04", "0000:00:04.", "0000:00:04.8",
      "0000:00:04.00", "0000:00:20.0", "0000:00:100.0", "0000:100:04.0", "100000000:00:04.0",
      "0000:00:04.0 ", " 00:04.0", "00:04.0\n", "0x0000:00:04.0", "0000:0000:00:04.0", "00::04.0",
      ":00:04.0", "00:04.0.0", "00.04:0", "00:04:0", "0000:00:-4.0", "0000:00:04.g", "00:04.0\0",
      "000000000:00:04.0", "é:00:04.0",
    ])
  func refused(text: String) {
    #expect(Address(text) == nil)
  }

  @Test("device and function have 5 and 3 bits")
  func ranges() {
    #expect(Address(bus: 0, device: 31, function: 7) != nil)
    #expect(Address(bus: 0, device: 32, function: 0) == nil)
    #expect(Address(bus: 0, device: 0, function: 8) == nil)
  }

  @Test("addresses are ordered by number, not as text")
  func order() {
    let sorted = [
      "0000:00:00.0", "0000:00:00.7", "0000:00:01.0", "0000:00:1f.0", "0000:01:00.0",
      "0000:ff:1f.7", "0001:00:00.0", "c82d:00:00.0", "ffff:00:00.0", "10000:00:00.0",
      "ffffffff:00:00.0",
    ]
    let addresses = sorted.compactMap { Address($0) }
    #expect(addresses.reversed().sorted().map(\.description) == sorted)
  }
}
