/// A structure whose bytes can be made: by a device, which presents it, or for a test.
///
///     var config = [UInt8](repeating: 0, count: 256)
///     var bytes = config.mutableSpan
///     try Cap(cfgType: .common, bar: 0, offset: 0, length: 56).encode(into: &bytes, at: 0x40)
///
/// What decodes from the bytes is equal to what was encoded.
public protocol EncodableStructure {
  /// How many bytes it has.
  var encodedSize: Int { get }

  /// Writes its bytes from `offset` on, all or none of them; nothing is allocated.
  func encode(into bytes: inout MutableSpan<UInt8>, at offset: Int) throws(EncodeError)
}

extension EncodableStructure {
  /// Its bytes; throws when the layout has no bits for the value of a field.
  public var bytes: [UInt8] {
    get throws(EncodeError) {
      var bytes = [UInt8](repeating: 0, count: encodedSize)
      var span = bytes.mutableSpan
      try encode(into: &span, at: 0)
      return bytes
    }
  }
}

/// Why a structure does not encode.
public enum EncodeError: Error, Hashable, Sendable {
  /// The structure ends after the last byte there is.
  case outOfBounds(offset: Int, size: Int, count: Int)
  /// The layout has no bits for the value of a field.
  case notEncodable(field: String, value: UInt64)
}

extension EncodeError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .outOfBounds(let offset, let size, let count):
      "\(size) bytes at \(Hex(offset)) end after the last of \(count)"
    case .notEncodable(let field, let value):
      "\(field) cannot be \(Hex(value))"
    }
  }
}

extension MutableSpan where Element == UInt8 {
  /// Throws unless there are `size` bytes from `offset` on.
  func require(_ size: Int, at offset: Int) throws(EncodeError) {
    guard offset >= 0, offset <= count - size else {
      throw .outOfBounds(offset: offset, size: size, count: count)
    }
  }

  /// Writes a number in little-endian order.
  mutating func set(_ value: some FixedWidthInteger, at offset: Int) {
    for index in 0..<value.bitWidth / 8 {
      self[offset + index] = UInt8(truncatingIfNeeded: value >> (8 * index))
    }
  }

  /// The same, unless it ends beyond `end`.
  mutating func set(_ value: some FixedWidthInteger, at offset: Int, below end: Int) {
    if offset + value.bitWidth / 8 <= end { set(value, at: offset) }
  }
}
