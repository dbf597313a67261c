internal import VirtioPCI

/// The smaller pieces of a line of a dump.
extension Span<UInt8> {
  func contains(_ byte: UInt8) -> Bool {
    for index in indices where self[index] == byte { return true }
    return false
  }

  /// Whether a word ends at `position`.
  func isBlank(at position: Int) -> Bool {
    position >= count || self[position] == UInt8(ascii: " ") || self[position] == UInt8(ascii: "\t")
  }

  func hexDigit(at position: Int) -> UInt8? {
    self[position].hexDigitValue
  }

  /// The first position from `start` on that holds something, or the end.
  func skippingBlanks(from start: Int) -> Int {
    var position = Swift.min(start, count)
    while position < count, isBlank(at: position) { position += 1 }
    return position
  }

  /// Bytes as `lspci` and `xxd` write them: groups of any number of bytes, one space before each,
  /// and after two spaces, with `xxd`, the same as text. Returns what is wrong.
  func readGroups(from start: Int, into bytes: inout [UInt8]) -> String? {
    var position = start
    while position < count {
      position += 1
      if isBlank(at: position) {
        return textColumnMatches(from: position + 1, bytes)
          ? nil : "its text column does not match its bytes"
      }
      while !isBlank(at: position) {
        if let problem = readPair(at: position, into: &bytes) { return problem }
        position += 2
      }
    }
    return nil
  }

  /// Bytes as `hexdump -C` and `od -tx1` write them: each by itself, and a text column that a bar
  /// or, with `od`, an angle bracket opens. Returns what is wrong.
  func readPairs(from start: Int, into bytes: inout [UInt8]) -> String? {
    var position = skippingBlanks(from: start)
    while position < count, self[position] != UInt8(ascii: "|"), self[position] != UInt8(ascii: ">")
    {
      if let problem = readPair(at: position, into: &bytes) { return problem }
      guard isBlank(at: position + 2) else {
        return "words instead of bytes: use hexdump -C or od -tx1"
      }
      position = skippingBlanks(from: position + 2)
    }
    return nil
  }

  private func readPair(at position: Int, into bytes: inout [UInt8]) -> String? {
    guard position + 1 < count, let high = hexDigit(at: position),
      let low = hexDigit(at: position + 1)
    else { return "not a byte of two hex digits at column \(position + 1)" }
    guard bytes.count < ConfigHeader.extendedSize else {
      return "more than \(ConfigHeader.extendedSize) bytes"
    }
    bytes.append(high << 4 | low)
    return nil
  }

  /// `xxd` pads a short line, and `xxd -e`, which swaps bytes, is found out here. Spaces at the
  /// end of a line get lost easily, and come easily.
  private func textColumnMatches(from start: Int, _ bytes: [UInt8]) -> Bool {
    let visible = skippingBlanks(from: start)
    guard visible < count else { return true }
    // The column begins with the spaces among the bytes that come before what is visible.
    let first = visible - (bytes.firstIndex { $0 != UInt8(ascii: " ") } ?? bytes.count)
    guard first >= start else { return false }
    for (index, byte) in bytes.enumerated() where first + index < count {
      let expected = (0x20...0x7E).contains(byte) ? byte : UInt8(ascii: ".")
      guard self[first + index] == expected else { return false }
    }
    return skippingBlanks(from: Swift.min(first + bytes.count, count)) == count
  }
}
