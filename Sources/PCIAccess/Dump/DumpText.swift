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
      // The UEFI Shell has a hyphen in the middle.
      guard isBlank(at: position) || self[position] == UInt8(ascii: "-") && bytes.count == 8 else {
        return "not a byte of two hex digits at column \(position + 1)"
      }
      position += 1
      if isBlank(at: position) {
        return textColumnMatches(from: position + 1, bytes)
          ? nil : "its text column does not match its bytes"
      }
      while !isBlank(at: position), self[position] != UInt8(ascii: "-") {
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
    if let quoted = quoted(from: visible), quoted.count == bytes.count {
      // Which characters a dot stands for is each tool's own.
      return quoted.indices.allSatisfy { index in
        self[index] == UInt8(ascii: ".") || self[index] == bytes[index - quoted.lowerBound]
      }
    }
    // The column begins with the spaces among the bytes that come before what is visible.
    let first = visible - (bytes.firstIndex { $0 != UInt8(ascii: " ") } ?? bytes.count)
    guard first >= start else { return false }
    for (index, byte) in bytes.enumerated() where first + index < count {
      let expected = (0x20...0x7E).contains(byte) ? byte : UInt8(ascii: ".")
      guard self[first + index] == expected else { return false }
    }
    return skippingBlanks(from: Swift.min(first + bytes.count, count)) == count
  }

  /// What stands between two quotation marks, bars or, with the UEFI Shell, asterisks; nil for a text
  /// without them.
  private func quoted(from start: Int) -> Range<Int>? {
    let end = endWithoutBlanks
    guard end - start >= 2, self[end - 1] == self[start] else { return nil }
    switch self[start] {
    case UInt8(ascii: "\""), UInt8(ascii: "*"), UInt8(ascii: "|"):
      return start + 1..<end - 1
    default: return nil
    }
  }
}

/// What stands around the lines of a dump that went through a log or a mail.
extension Span<UInt8> {
  /// Where the blanks at the end begin.
  var endWithoutBlanks: Int {
    var end = count
    while end > 0, isBlank(at: end - 1) { end -= 1 }
    return end
  }

  func starts(with text: StaticString) -> Bool {
    extracting(first: text.utf8CodeUnitCount).equals(text)
  }

  func ends(with text: StaticString) -> Bool {
    extracting(droppingFirst: Swift.max(0, count - text.utf8CodeUnitCount)).equals(text)
  }

  private func equals(_ text: StaticString) -> Bool {
    let expected = text.description.utf8.span
    guard count == expected.count else { return false }
    for index in indices where self[index] != expected[index] { return false }
    return true
  }

  /// The number of up to eight hex digits at `position`, which moves behind it.
  func hexNumber(at position: inout Int) -> UInt32? {
    var number: UInt32 = 0
    let start = position
    while position < count, position - start < 8, let digit = hexDigit(at: position) {
      number = number << 4 | UInt32(digit)
      position += 1
    }
    return position > start ? number : nil
  }

  /// Where the line begins behind the `> ` that a mail puts before each line it quotes.
  var endOfQuoteMarks: Int {
    var position = 0
    while true {
      let mark = skippingBlanks(from: position)
      guard mark < count, self[mark] == UInt8(ascii: ">") else { return position }
      position = mark + 1
      if position < count, self[position] == UInt8(ascii: " ") { position += 1 }
    }
  }

  /// Where the line begins behind what a log puts before it: `kernel:` and all up to it, a level `<6>`, a
  /// date, and a time in brackets, with one blank.
  func endOfLogPrefix(from start: Int) -> Int {
    var position = start
    if let end = end(of: "kernel: ", from: position) { position = end }
    if let end = endOfLevel(at: position) { position = end }
    if position == start, let end = endOfDate(at: position) { position = end }
    while let end = endOfBrackets(at: position) { position = end }
    return position
  }

  private func isDecimal(at position: Int) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self[position])
  }

  /// Longer than what any log puts before a line.
  private static var longestPrefix: Int { 128 }

  private func end(of word: StaticString, from start: Int) -> Int? {
    for position in start..<Swift.min(count, start + Self.longestPrefix)
    where extracting(droppingFirst: position).starts(with: word) {
      return position + word.utf8CodeUnitCount
    }
    return nil
  }

  /// `<6>`
  private func endOfLevel(at start: Int) -> Int? {
    var position = start + 1
    guard start < count, self[start] == UInt8(ascii: "<") else { return nil }
    while position < count, isDecimal(at: position) { position += 1 }
    guard position > start + 1, position < count, self[position] == UInt8(ascii: ">") else {
      return nil
    }
    return position + 1
  }

  /// `2026-11-27T18:35:19,000000+00:00 `
  private func endOfDate(at start: Int) -> Int? {
    guard count - start > 11, self[start + 4] == UInt8(ascii: "-"),
      self[start + 7] == UInt8(ascii: "-"), self[start + 10] == UInt8(ascii: "T")
    else { return nil }
    var end = start + 11
    while !isBlank(at: end) { end += 1 }
    return end < count ? end + 1 : nil
  }

  /// `[    0.000000] `, `[    T0] `, `[Fri Nov 27 18:35:19 2026] `
  private func endOfBrackets(at start: Int) -> Int? {
    guard start < count, self[start] == UInt8(ascii: "[") else { return nil }
    let limit = Swift.min(count, start + Self.longestPrefix)
    var hasDigit = false
    var close = start
    while close < limit, self[close] != UInt8(ascii: "]") {
      hasDigit = hasDigit || isDecimal(at: close)
      close += 1
    }
    guard hasDigit, close < limit else { return nil }
    return isBlank(at: close + 1) ? Swift.min(close + 2, count) : close + 1
  }
}
