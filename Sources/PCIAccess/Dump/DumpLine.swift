internal import VirtioPCI

/// What a line of a dump is.
enum DumpLine {
  case blank
  /// What `lspci -v` says of a function.
  case indented
  case header(Address, HeaderIDs?)
  /// An offset, and bytes.
  case bytes(DumpOffset)
  /// An offset alone: `hexdump` and `od` end with it.
  case end(DumpOffset)
  /// `*`: the line before, again and again.
  case repetition
  case malformed(String)
  case unrecognised

  /// `line` has no newline, but maybe a carriage return. Its bytes are put into `bytes`.
  init(_ line: Span<UInt8>, bytes: inout [UInt8]) {
    let hasReturn = line.count > 0 && line[line.count - 1] == UInt8(ascii: "\r")
    let text = hasReturn ? line.extracting(droppingLast: 1) : line
    bytes.removeAll(keepingCapacity: true)
    let start = text.skippingBlanks(from: 0)
    if text.contains(0) {
      self = .malformed("a NUL byte")
    } else if start == text.count {
      self = .blank
    } else if start > 0 {
      self = .indented
    } else if text[0] == UInt8(ascii: "*"), text.skippingBlanks(from: 1) == text.count {
      self = .repetition
    } else if let line = Self.bytes(of: text, into: &bytes) ?? Self.header(of: text) {
      self = line
    } else {
      self = .unrecognised
    }
  }

  /// Longer than any address, so that a message can show what should have been one.
  private static let longestAddress = 24

  /// A word of hex digits and dots with a colon among them is meant as an address.
  private static func header(of text: Span<UInt8>) -> DumpLine? {
    var end = 0
    var hasColon = false
    while !text.isBlank(at: end) {
      let isColon = text[end] == UInt8(ascii: ":")
      guard isColon || text[end] == UInt8(ascii: ".") || text.hexDigit(at: end) != nil,
        end < longestAddress
      else { return nil }
      hasColon = hasColon || isColon
      end += 1
    }
    guard hasColon else { return nil }
    let word = text.extracting(first: end)
    if let address = Address(word) {
      return .header(address, HeaderIDs(text.extracting(droppingFirst: end)))
    }
    let name = String(decoding: word.indices.map { word[$0] }, as: UTF8.self)
    return .malformed("\(name) is not a PCI address")
  }

  /// `lspci` and `xxd` have a colon after the offset, `hexdump` and `od` have not.
  private static func bytes(
    of text: Span<UInt8>, into bytes: inout [UInt8]
  ) -> DumpLine? {
    var offset = DumpOffset()
    while offset.digits < min(DumpOffset.mostDigits, text.count),
      let digit = text.hexDigit(at: offset.digits)
    {
      offset.append(digit)
    }
    var position = offset.digits
    offset.hasColon = position < text.count && text[position] == UInt8(ascii: ":")
    if offset.hasColon { position += 1 }
    guard offset.digits >= (offset.hasColon ? 1 : DumpOffset.leastDigitsWithoutColon),
      text.isBlank(at: position)
    else { return nil }

    let problem =
      offset.hasColon
      ? text.readGroups(from: position, into: &bytes)
      : text.readPairs(from: position, into: &bytes)
    if let problem { return .malformed(problem) }
    guard bytes.isEmpty else { return .bytes(offset) }
    return offset.hasColon ? .malformed("an offset without bytes") : .end(offset)
  }
}
