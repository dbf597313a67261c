public import VirtioPCI

/// Registers in memory that keep a record of every access.
public final class RecordingSource: RegisterTarget {
  /// One access: what a bus analyser would show.
  public struct Access: Hashable, Sendable, CustomStringConvertible {
    public var offset: Int
    public var width: Int

    public init(_ offset: Int, _ width: Int) {
      self.offset = offset
      self.width = width
    }

    public var description: String { "\(width)@\(offset)" }
  }

  public var bytes: [UInt8]
  public private(set) var loads: [Access] = []
  public private(set) var stores: [Access] = []
  /// Called before each load, so that a test can change the bytes under the reader.
  public var beforeLoad: (RecordingSource, Access) -> Void = { _, _ in }

  public init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Bytes that show their offset: 0, 1, 2, ...
  public static func ramp(_ count: Int) -> RecordingSource {
    RecordingSource((0..<count).map { UInt8(truncatingIfNeeded: $0) })
  }

  public var count: Int { bytes.count }

  public func load8(at offset: Int) throws(DecodeError) -> UInt8 {
    record(load: Access(offset, 1))
    let bytes = bytes
    return try bytes.span.load8(at: offset)
  }

  public func load16(at offset: Int) throws(DecodeError) -> UInt16 {
    record(load: Access(offset, 2))
    let bytes = bytes
    return try bytes.span.load16(at: offset)
  }

  public func load32(at offset: Int) throws(DecodeError) -> UInt32 {
    record(load: Access(offset, 4))
    let bytes = bytes
    return try bytes.span.load32(at: offset)
  }

  public func store8(_ value: UInt8, at offset: Int) throws(DecodeError) {
    try store([value], at: offset)
  }

  public func store16(_ value: UInt16, at offset: Int) throws(DecodeError) {
    try store([UInt8(truncatingIfNeeded: value), UInt8(value >> 8)], at: offset)
  }

  public func store32(_ value: UInt32, at offset: Int) throws(DecodeError) {
    try store((0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }, at: offset)
  }

  private func record(load access: Access) {
    beforeLoad(self, access)
    loads.append(access)
  }

  private func store(_ new: [UInt8], at offset: Int) throws(DecodeError) {
    guard offset >= 0, offset + new.count <= count else {
      throw .outOfBounds(offset: offset, width: new.count, count: count)
    }
    stores.append(Access(offset, new.count))
    bytes.replaceSubrange(offset..<offset + new.count, with: new)
  }
}

/// The little-endian number in `size` bytes of a ramp at `offset`.
public func rampValue(at offset: Int, size: Int) -> UInt64 {
  (0..<size).reduce(0) { $0 | UInt64(UInt8(truncatingIfNeeded: offset + $1)) << (8 * $1) }
}
