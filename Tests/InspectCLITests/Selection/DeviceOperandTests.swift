import Testing
import VirtioPCI

@testable import InspectCLI

@Suite("DEVICE")
struct DeviceOperandTests {
  @Test(
    "what is made of hexadecimal digits with : or . is an address, so is a slot",
    arguments: [
      "0000:00:04.0", "00:04.0", "04.0", "00:04.*", "0x0000:0x00:0x04.0", "4", "0x4", "1f", "*",
      "10000:00:04.0", ":4", "4.",
    ])
  func address(text: String) throws {
    #expect(try DeviceOperand(parsing: text) == .address(try AddressPattern(text)))
  }

  @Test(
    "anything else without a / is a kernel name",
    arguments: [
      "virtio3", "eth0", "vda", "eth0.100", "enp0s3:1", "ttyS0", "20", "dad", "0x20", "face", "-v",
      "wlan0.x", "é", "x",
    ])
  func name(text: String) throws {
    #expect(try DeviceOperand(parsing: text) == .name(text))
  }

  @Test(
    "what holds a / is a path",
    arguments: ["./config", "/sys/bus/pci/devices/0000:00:04.0", "a/", "/", "0000:00:04.0/"])
  func path(text: String) throws {
    #expect(try DeviceOperand(parsing: text) == .path(text))
  }

  @Test(
    "a slip in an address is named",
    arguments: [
      ("00:04.9", .pattern(.tooLarge(.function, "9"))),
      ("00:20.0", .pattern(.tooLarge(.slot, "20"))),
      ("100:04.0", .pattern(.tooLarge(.bus, "100"))),
      ("0:0:0:4.0", .pattern(.tooManyFields("0:0:0:4.0", maximum: 3))),
      ("00:*4.0", .pattern(.notHexadecimal(.slot, "*4"))),
      ("00:0x.0", .pattern(.notHexadecimal(.slot, "0x"))),
      ("", .empty),
      ("-", .standardInput),
    ] as [(String, ValueError)])
  func refused(text: String, error: ValueError) {
    #expect(throws: error) { try DeviceOperand(parsing: text) }
  }
}
