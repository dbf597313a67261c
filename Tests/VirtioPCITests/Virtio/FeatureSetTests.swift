import Testing

@testable import VirtioPCI

@Suite struct FeatureSetTests {
  private func read(_ text: some Sequence<UInt8>) throws(DecodeError) -> FeatureSet {
    let bytes = Array(text)
    return try FeatureSet(sysfs: bytes.span)
  }

  @Test("the text of sysfs has bit 0 first", arguments: [64, 128, 192])
  func sysfs(count: Int) throws {
    var text = [UInt8](repeating: UInt8(ascii: "0"), count: count)
    for bit in [0, 5, count - 1] { text[bit] = UInt8(ascii: "1") }
    let set = try read(text)
    #expect(set.bits == [0, 5, count - 1])
    #expect(try read(text + [UInt8(ascii: "\n")]) == set)
  }

  @Test("no digits are no features", arguments: ["", "\n"])
  func empty(text: String) throws {
    #expect(try read(text.utf8).isEmpty)
  }

  @Test("a length that no kernel writes is an error", arguments: [1, 63, 65, 127, 129])
  func length(count: Int) {
    let text = String(repeating: "1", count: count)
    #expect(throws: DecodeError.featuresLength(count)) { try read(text.utf8) }
  }

  @Test("anything but 0 and 1 is an error", arguments: ["2", " ", "x", "\0"])
  func digit(character: String) throws {
    let text = "0100" + character + String(repeating: "0", count: 59)
    let byte = try #require(character.utf8.first)
    #expect(throws: DecodeError.featuresDigit(byte, at: 4)) { try read(text.utf8) }
  }

  @Test("nothing follows the line feed")
  func afterLine() {
    let line = String(repeating: "0", count: 64) + "\n"
    #expect(throws: DecodeError.self) { try read((line + line).utf8) }
  }

  @Test("groups are those of the select registers, and empty ones at the end do not matter")
  func groups() {
    let set = FeatureSet(groups: [1, 0x8000_0001, 0x40, 0])
    #expect(set.bits == [0, 32, 63, 70])
    #expect(set == FeatureSet([70, 63, 32, 0]))
    #expect(set == FeatureSet(groups: [1, 0x8000_0001, 0x40]))
    #expect(FeatureSet(groups: [0, 0]).isEmpty)
  }

  @Test("bits of any number are kept")
  func wide() {
    var set = FeatureSet()
    set.insert(1000)
    #expect(set.contains(1000))
    #expect(!set.contains(999) && !set.contains(-1) && !set.contains(Int.max))
    #expect(set.bits == [1000])
  }

  @Test("what was declined is what was offered without what was negotiated")
  func subtracting() {
    let declined = FeatureSet([0, 5, 32, 70]).subtracting(FeatureSet([5, 32, 33]))
    #expect(declined == FeatureSet([0, 70]))
    #expect(FeatureSet([64]).subtracting(FeatureSet([64])) == FeatureSet())
  }
}
