import VirtioPCI

/// Takes numbers from the front of an input; zeros when it is used up.
struct ByteReader {
  private(set) var rest: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) { rest = bytes[...] }

  mutating func byte() -> UInt8 { rest.popFirst() ?? 0 }

  mutating func word() -> UInt32 { (0..<4).reduce(0) { $0 | UInt32(byte()) << (8 * $1) } }

  mutating func bytes(_ count: Int) -> [UInt8] {
    defer { rest = rest.dropFirst(count) }
    return Array(rest.prefix(count)) + Array(repeating: 0, count: max(0, count - rest.count))
  }

  /// Any defined type, or one of the numbers up to the first above them all, which is not defined.
  mutating func deviceType() -> DeviceType {
    let largest = DeviceType.defined.reduce(0) { max($0, $1.rawValue) }
    return DeviceType(rawValue: UInt16(byte()) % (largest + 2))
  }
}
