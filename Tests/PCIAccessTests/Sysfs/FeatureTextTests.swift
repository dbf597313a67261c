import Testing
import VirtioPCI

@testable import PCIAccess

@Suite struct FeatureTextTests {
  private func read(_ text: some Sequence<UInt8>) throws(FeatureTextError) -> FeatureSet {
    let bytes = Array(text)
    return try FeatureSet(sysfs: bytes.span)
  }

  @Test("the text of sysfs has bit 0 first", arguments: [64, 128])
  func sysfs(count: Int) throws {
    var text = [UInt8](repeating: UInt8(ascii: "0"), count: count)
    for bit in [0, 5, count - 1] { text[bit] = UInt8(ascii: "1") }
    let set = try read(text)
    #expect(Array(set.bits) == [0, 5, count - 1])
    #expect(try read(text + [UInt8(ascii: "\n")]) == set)
  }

  @Test("no digits are no features", arguments: ["", "\n"])
  func empty(text: String) throws {
    #expect(try read(text.utf8).isEmpty)
  }

  @Test("a length that no kernel writes is an error", arguments: [1, 63, 65, 127, 129])
  func length(count: Int) {
    let text = String(repeating: "1", count: count)
    #expect(throws: FeatureTextError.length(count)) { try read(text.utf8) }
  }

  @Test("anything but 0 and 1 is an error", arguments: ["2", " ", "x", "\0"])
  func digit(character: String) throws {
    let text = "0100" + character + String(repeating: "0", count: 59)
    let byte = try #require(character.utf8.first)
    #expect(throws: FeatureTextError.digit(byte, at: 4)) { try read(text.utf8) }
  }

  @Test("nothing follows the line feed")
  func afterLine() {
    let line = String(repeating: "0", count: 64) + "\n"
    #expect(throws: FeatureTextError.self) { try read((line + line).utf8) }
  }

  @Test(
    "an error says what is wrong with which bit",
    arguments: [
      (.length(63), "63 feature bits are not a multiple of 64"),
      (.digit(0x78, at: 3), "feature bit 3 is the character 0x78 instead of 0 or 1"),
      (.beyondCapacity(130), "feature bit 130 is set, and VIRTIO 1.4 has 128 bits"),
    ] as [(FeatureTextError, String)])
  func description(error: FeatureTextError, text: String) {
    #expect(error.description == text)
  }

  @Test("a longer text may have nothing in what VIRTIO 1.4 has not")
  func beyond() throws {
    var text = [UInt8](repeating: UInt8(ascii: "0"), count: 192)
    text[127] = UInt8(ascii: "1")
    #expect(Array(try read(text).bits) == [127])
    text[130] = UInt8(ascii: "1")
    #expect(throws: FeatureTextError.beyondCapacity(130)) { try read(text) }
  }
}
