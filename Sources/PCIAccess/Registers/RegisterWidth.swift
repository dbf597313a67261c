private import CLinux

/// The widths of registers: as bytes of a file, and as one access of mapped memory, little-endian in
/// either.
protocol RegisterWidth: FixedWidthInteger & UnsignedInteger {
  static func load(from register: UnsafeRawPointer) -> Self
  static func store(_ value: Self, to register: UnsafeMutableRawPointer)
}

extension UInt8: RegisterWidth {
  static func load(from register: UnsafeRawPointer) -> UInt8 { unsafe register_load8(register) }

  static func store(_ value: UInt8, to register: UnsafeMutableRawPointer) {
    unsafe register_store8(register, value)
  }
}

extension UInt16: RegisterWidth {
  static func load(from register: UnsafeRawPointer) -> UInt16 {
    unsafe UInt16(littleEndian: register_load16(register))
  }

  static func store(_ value: UInt16, to register: UnsafeMutableRawPointer) {
    unsafe register_store16(register, value.littleEndian)
  }
}

extension UInt32: RegisterWidth {
  static func load(from register: UnsafeRawPointer) -> UInt32 {
    unsafe UInt32(littleEndian: register_load32(register))
  }

  static func store(_ value: UInt32, to register: UnsafeMutableRawPointer) {
    unsafe register_store32(register, value.littleEndian)
  }
}

extension RegisterWidth {
  /// How many bytes it has.
  static var size: Int { bitWidth / 8 }

  /// Nil when there are not just as many bytes as it has.
  init?(littleEndian bytes: [UInt8]) {
    guard bytes.count == Self.size else { return nil }
    self = 0
    for byte in bytes.reversed() { self = self << 8 | Self(byte) }
  }

  var littleEndianBytes: [UInt8] {
    (0..<Self.size).map { UInt8(truncatingIfNeeded: self >> ($0 * 8)) }
  }
}
