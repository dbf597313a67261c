/// Config space, put together byte by byte for a test.
public struct ConfigSpace: Sendable {
  public private(set) var bytes: [UInt8]
  /// Where the pointer to the next capability goes.
  private var link = 0x34

  /// The header of a virtio function without a capability.
  public init(
    vendor: UInt16 = 0x1AF4, device: UInt16 = 0x1053, revision: UInt8 = 1,
    classCode: UInt32 = 0xFFFF00, subsystem: UInt16 = 0x1100, bars: [UInt32] = [4, 0x40],
    size: Int = 256
  ) {
    bytes = Array(repeating: 0, count: size)
    set(vendor, at: 0x00)
    set(device, at: 0x02)
    // Decoding of I/O and memory is on.
    set(0x0007 as UInt16, at: 0x04)
    set(classCode << 8 | UInt32(revision), at: 0x08)
    for (index, bar) in bars.enumerated() { set(bar, at: 0x10 + 4 * index) }
    set(0x1AF4 as UInt16, at: 0x2C)
    set(subsystem, at: 0x2E)
  }

  /// What Firecracker makes of a socket device: every kind that drivers need, and MSI-X.
  public static let healthy = ConfigSpace()
    .adding(.common(length: 0x38), at: 0x40)
    .adding(.isr(offset: 0x2000), at: 0x50)
    .adding(.device(offset: 0x4000), at: 0x60)
    .adding(.notify(offset: 0x6000, multiplier: 4), at: 0x70)
    .adding(.window(), at: 0x84)
    .adding(.msix(vectors: 4, table: 0x8000, pending: 0x4_8000), at: 0x98)

  /// Puts `capability` at `position`, and makes it the last of the list.
  public func adding(_ capability: RawCapability, at position: Int) -> ConfigSpace {
    var copy = self.pointing(at: UInt8(position))
    copy.place(capability.bytes, at: position)
    copy.link = position + 1
    return copy
  }

  /// Sets the pointer of the last capability, or of the header.
  public func pointing(at pointer: UInt8) -> ConfigSpace {
    var copy = self
    copy.place([copy.bytes[0x06] | 0x10], at: 0x06)
    copy.place([pointer], at: link)
    return copy
  }

  /// Puts any bytes anywhere; what lies beyond the end is lost.
  public func setting(_ new: [UInt8], at position: Int) -> ConfigSpace {
    var copy = self
    copy.place(new, at: position)
    return copy
  }

  private mutating func place(_ new: [UInt8], at position: Int) {
    for (index, byte) in new.enumerated() where position + index < bytes.count {
      bytes[position + index] = byte
    }
  }

  private mutating func set(_ value: some FixedWidthInteger, at position: Int) {
    place(littleEndian(value), at: position)
  }
}

extension ConfigSpace: CustomStringConvertible {
  /// Short, for the names of test cases.
  public var description: String { "\(bytes.count) bytes" }
}

/// A PCI capability, its pointer 0.
public struct RawCapability: Sendable {
  public var bytes: [UInt8]

  public init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// `struct virtio_pci_cap`, and what comes after it. `length` nil takes that of all bytes.
  public static func virtio(
    _ type: UInt8, bar: UInt8 = 0, id: UInt8 = 0, offset: UInt32 = 0, length: UInt32 = 0x1000,
    tail: [UInt8] = [], capLen: UInt8? = nil
  ) -> Self {
    let capLen = capLen ?? UInt8(16 + tail.count)
    return Self(
      [9, 0, capLen, type, bar, id, 0, 0] + littleEndian(offset) + littleEndian(length) + tail)
  }

  public static func common(bar: UInt8 = 0, offset: UInt32 = 0, length: UInt32 = 0x1000) -> Self {
    virtio(1, bar: bar, offset: offset, length: length)
  }

  public static func notify(offset: UInt32 = 0, multiplier: UInt32) -> Self {
    virtio(2, offset: offset, tail: littleEndian(multiplier))
  }

  public static func isr(offset: UInt32) -> Self { virtio(3, offset: offset, length: 1) }

  public static func device(offset: UInt32) -> Self { virtio(4, offset: offset) }

  public static func window(data: UInt32 = 0) -> Self {
    virtio(5, length: 0, tail: littleEndian(data))
  }

  public static func sharedMemory(
    bar: UInt8 = 0, id: UInt8 = 0, offset: UInt64, length: UInt64
  ) -> Self {
    virtio(
      8, bar: bar, id: id, offset: UInt32(truncatingIfNeeded: offset),
      length: UInt32(truncatingIfNeeded: length),
      tail: littleEndian(UInt32(offset >> 32)) + littleEndian(UInt32(length >> 32)))
  }

  public static func vendor(_ id: UInt16, data: [UInt8]) -> Self {
    Self([9, 0, UInt8(6 + data.count), 9] + littleEndian(id) + data)
  }

  public static func msix(vectors: UInt16, table: UInt32, pending: UInt32) -> Self {
    Self([0x11, 0] + littleEndian(vectors - 1) + littleEndian(table) + littleEndian(pending))
  }
}

extension RawCapability: CustomStringConvertible {
  public var description: String { bytes.map { String($0, radix: 16) }.joined(separator: " ") }
}

private func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
  withUnsafeBytes(of: value.littleEndian) { Array($0) }
}
