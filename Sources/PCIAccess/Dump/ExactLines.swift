internal import VirtioPCI

/// Lines of 16 bytes just as `lspci` writes them: nearly all lines of a large dump.
///
/// `DumpLine` reads them as well, with all others. A line that differs in any way is left to it.
struct ExactLines {
  /// How many there are.
  private(set) var count = 0
  /// How many characters they have, with their newlines.
  private(set) var length = 0

  static let bytesPerLine = 16

  /// Appends what the lines at the start of `text` hold after the bytes in `config`.
  init(_ text: Span<UInt8>, into config: inout [UInt8]) {
    let start = config.count
    guard start < ConfigHeader.extendedSize else { return }
    config.append(addingCapacity: ConfigHeader.extendedSize - start) { bytes in
      let table = HexDigit.values
      let values = table.span
      while let line = text.extracting(droppingFirst: length)
        .readExactLine(at: start + bytes.count, into: &bytes, values)
      {
        count += 1
        length += line
      }
    }
  }
}

extension Span<UInt8> {
  /// Appends the 16 bytes of the line for `offset` and returns the length of the line. Nil for any other
  /// line, and where there is no room for its bytes.
  fileprivate func readExactLine(
    at offset: Int, into bytes: inout OutputSpan<UInt8>, _ values: Span<UInt32>
  ) -> Int? {
    let digits = offset < 0x100 ? 2 : 3
    let start = digits + 2
    let length = start + 3 * ExactLines.bytesPerLine
    guard count >= length, values.count == 256, self[digits] == UInt8(ascii: ":"),
      self[digits + 1] == UInt8(ascii: " "), self[length - 1] == UInt8(ascii: "\n")
    else { return nil }
    var found: UInt32 = 0
    for index in 0..<digits { found = found << 4 | values[Int(self[index])] }
    guard Int(found) == offset else { return nil }
    return extracting(start..<length).readPairs(into: &bytes, values) ? length : nil
  }

  /// Appends the bytes that these 16 pairs of hex digits are, with a blank between two and any
  /// character at the end; nothing where they are anything else.
  private func readPairs(
    into bytes: inout OutputSpan<UInt8>, _ values: Span<UInt32>
  ) -> Bool {
    // The counts are constants here, so that the compiler checks no position below.
    guard count == 3 * ExactLines.bytesPerLine, values.count == 256 else { return false }
    // What is wrong is looked at once, after all of them.
    var separators: UInt8 = 0
    for index in 0..<ExactLines.bytesPerLine - 1 {
      separators |= self[3 * index + 2] ^ UInt8(ascii: " ")
    }
    guard separators == 0 else { return false }
    return unsafe bytes.withUnsafeMutableBufferPointer { buffer, count in
      guard let first = buffer.baseAddress, buffer.count - count >= ExactLines.bytesPerLine else {
        return false
      }
      let line = unsafe first + count
      var all: UInt32 = 0
      // Two loops, since the compiler unrolls the inner one.
      for half in 0..<2 {
        for index in 8 * half..<8 * half + 8 {
          let byte = values[Int(self[3 * index])] << 4 | values[Int(self[3 * index + 1])]
          unsafe line[index] = UInt8(truncatingIfNeeded: byte)
          all |= byte
        }
      }
      guard all <= UInt32(UInt8.max) else { return false }
      count += ExactLines.bytesPerLine
      return true
    }
  }
}

/// The values of hex digits, looked up: every byte of a dump is two of them.
private enum HexDigit {
  /// That of each character. One that is not a digit has a bit above those of a byte and of an offset,
  /// which stays when it is shifted.
  static let values: [UInt32] = (0...UInt8.max).map { byte in
    byte.hexDigitValue.map(UInt32.init) ?? UInt32(ConfigHeader.extendedSize)
  }
}
