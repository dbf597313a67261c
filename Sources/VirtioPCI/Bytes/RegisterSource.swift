/// Little-endian registers that are read at their natural width: a mapped BAR, a window, or bytes.
///
/// Every call is one access to the device, so a conforming type never widens, splits or repeats
/// one. 64-bit registers are two 32-bit loads, the low half first (VIRTIO 1.4 §4.1.3.1).
public protocol RegisterSource: ~Copyable, ~Escapable {
  /// What a failed access throws; `Never` where none can fail.
  associatedtype Failure: Error

  /// How many bytes can be read from here.
  var count: Int { get }

  /// One load of 8 bits, `offset` bytes from the start.
  func load8(at offset: Int) throws(Failure) -> UInt8
  /// One load of 16 bits, `offset` bytes from the start.
  func load16(at offset: Int) throws(Failure) -> UInt16
  /// One load of 32 bits, `offset` bytes from the start.
  func load32(at offset: Int) throws(Failure) -> UInt32
}

/// Registers that can also be written, at their natural width.
public protocol RegisterTarget: RegisterSource, ~Copyable, ~Escapable {
  /// One store of 8 bits, `offset` bytes from the start.
  func store8(_ value: UInt8, at offset: Int) throws(Failure)
  /// One store of 16 bits, `offset` bytes from the start.
  func store16(_ value: UInt16, at offset: Int) throws(Failure)
  /// One store of 32 bits, `offset` bytes from the start.
  func store32(_ value: UInt32, at offset: Int) throws(Failure)
}

extension RegisterSource where Self: ~Copyable & ~Escapable {
  /// One load of the width that the result's type says.
  @inlinable public func load(at offset: Int) throws(Failure) -> UInt8 { try load8(at: offset) }
  /// One load of the width that the result's type says.
  @inlinable public func load(at offset: Int) throws(Failure) -> UInt16 { try load16(at: offset) }
  /// One load of the width that the result's type says.
  @inlinable public func load(at offset: Int) throws(Failure) -> UInt32 { try load32(at: offset) }

  /// A 64-bit register, as its two 32-bit halves.
  @inlinable public func load(at offset: Int) throws(Failure) -> UInt64 {
    let low = try load32(at: offset)
    let high = try load32(at: offset + 4)
    return UInt64(high) << 32 | UInt64(low)
  }
}

extension RegisterTarget where Self: ~Copyable & ~Escapable {
  /// A 64-bit register, as its two 32-bit halves.
  @inlinable public func store(_ value: UInt64, at offset: Int) throws(Failure) {
    try store32(UInt32(truncatingIfNeeded: value), at: offset)
    try store32(UInt32(truncatingIfNeeded: value >> 32), at: offset + 4)
  }
}

/// Bytes that were read before: config space, a capability, a captured structure.
extension Span: RegisterSource where Element == UInt8 {
  @inlinable public func load8(at offset: Int) throws(DecodeError) -> UInt8 {
    try check(offset, width: 1)
    return self[offset]
  }

  @inlinable public func load16(at offset: Int) throws(DecodeError) -> UInt16 {
    try check(offset, width: 2)
    return UInt16(self[offset]) | UInt16(self[offset + 1]) << 8
  }

  @inlinable public func load32(at offset: Int) throws(DecodeError) -> UInt32 {
    try check(offset, width: 4)
    return UInt32(self[offset]) | UInt32(self[offset + 1]) << 8
      | UInt32(self[offset + 2]) << 16 | UInt32(self[offset + 3]) << 24
  }

  @inlinable func check(_ offset: Int, width: Int) throws(DecodeError) {
    guard offset >= 0, offset <= count - width else {
      throw .outOfBounds(offset: offset, width: width, count: count)
    }
  }
}
