internal import VirtioPCI

/// The vendor and device ID in a function's header line.
///
/// `lspci -n` and `-nn` take them from the kernel, which knows those of a virtual function that has
/// none in config space.
struct HeaderIDs: Hashable, Sendable {
  var vendor: UInt16
  var device: UInt16

  /// `header` is what follows the address. Nil where it has no IDs.
  init?(_ header: Span<UInt8>) {
    var end = header.count
    while end > 0, header.isBlank(at: end - 1) { end -= 1 }
    // `(rev 01)`, `(prog-if 00 [VGA controller])`
    while end > 0, header[end - 1] == UInt8(ascii: ")") {
      guard let start = (0..<end).last(where: { header[$0] == UInt8(ascii: "(") }) else {
        return nil
      }
      end = start
      while end > 0, header.isBlank(at: end - 1) { end -= 1 }
    }
    let isBracketed = end > 0 && header[end - 1] == UInt8(ascii: "]")
    if isBracketed { end -= 1 }
    let start = end - Self.length
    guard start > 0, header[start - 1] == UInt8(ascii: isBracketed ? "[" : " "),
      header[start + 4] == UInt8(ascii: ":"),
      let vendor = header.register(at: start), let device = header.register(at: start + 5)
    else { return nil }
    self.vendor = vendor
    self.device = device
  }

  /// That of `1af4:1041`.
  private static let length = 9
}

extension Span<UInt8> {
  /// The value of four hex digits.
  fileprivate func register(at start: Int) -> UInt16? {
    var value: UInt16 = 0
    for position in start..<start + 4 {
      guard let digit = hexDigit(at: position) else { return nil }
      value = value << 4 | UInt16(digit)
    }
    return value
  }
}
