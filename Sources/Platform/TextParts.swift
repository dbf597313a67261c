extension ArraySlice<UInt8> {
  /// Takes the first line away, and the line feed that ends it; nil where none does.
  package mutating func takeLine() -> Self? {
    guard let end = firstIndex(of: UInt8(ascii: "\n")) else { return nil }
    defer { self = self[(end + 1)...] }
    return self[..<end]
  }

  /// Takes the first word away, and the blanks before it; empty when none is left.
  package mutating func takeWord() -> Self {
    let blank = UInt8(ascii: " ")
    let start = drop { $0 == blank }
    let end = start.firstIndex(of: blank) ?? endIndex
    defer { self = self[end...] }
    return start[..<end]
  }
}

extension [UInt8] {
  /// Without the newline that ends a sysfs file.
  package var droppingLastNewline: [UInt8] {
    last == UInt8(ascii: "\n") ? Array(dropLast()) : self
  }
}
