import PCIAccess
import VirtioConformance
import VirtioPCI

/// A value with one form in the JSON output.
protocol JSONConvertible: SendableMetatype {
  static var jsonType: JSONType { get }
  /// To be compared.
  var json: JSONValue { get }
  /// Writes the same. What is only printed is never made into a `JSONValue`: that doubles what a run over
  /// many functions takes.
  func write(to writer: inout JSONWriter)
}

/// A value that is an object in the output.
protocol JSONDescribed: JSONConvertible {
  static var table: JSONTable<Self> { get }
}

extension JSONDescribed {
  static var jsonType: JSONType { .object { table.shape } }
  var json: JSONValue { Self.table.value(of: self) }
  func write(to writer: inout JSONWriter) { Self.table.write(self, to: &writer) }
}

extension Optional: JSONConvertible where Wrapped: JSONConvertible {
  static var jsonType: JSONType { .nullable(Wrapped.jsonType) }
  var json: JSONValue { self?.json ?? .null }

  func write(to writer: inout JSONWriter) {
    if let self { self.write(to: &writer) } else { writer.null() }
  }
}

extension Array: JSONConvertible where Element: JSONConvertible {
  static var jsonType: JSONType { .list(Element.jsonType) }
  var json: JSONValue { .list(map(\.json)) }

  func write(to writer: inout JSONWriter) {
    writer.list(self) { $0.write(to: &$1) }
  }
}

extension Bool: JSONConvertible {
  static var jsonType: JSONType { .bool }
  var json: JSONValue { .bool(self) }
  func write(to writer: inout JSONWriter) { writer.bool(self) }
}

extension String: JSONConvertible {
  static var jsonType: JSONType { .string() }
  var json: JSONValue { .string(self) }
  func write(to writer: inout JSONWriter) { writer.string(self) }
}

// Quantities.

extension JSONConvertible where Self: BinaryInteger {
  static var jsonType: JSONType { .integer() }
  var json: JSONValue { .integer(UInt64(clamping: self)) }
  func write(to writer: inout JSONWriter) { writer.integer(UInt64(clamping: self)) }
}

extension Int: JSONConvertible {}
extension UInt8: JSONConvertible {}
extension UInt16: JSONConvertible {}
extension UInt32: JSONConvertible {}
extension UInt64: JSONConvertible {}

// Words.

extension JSONConvertible where Self: CaseIterable & RawRepresentable<String> {
  static var jsonType: JSONType { .oneOf(allCases.map(\.rawValue)) }
  var json: JSONValue { .string(rawValue) }
  func write(to writer: inout JSONWriter) { writer.string(rawValue) }
}

extension Interface: JSONConvertible {}
extension Severity: JSONConvertible {}
extension DriverVerdict.Outcome: JSONConvertible {}
extension Function.Registers.Path: JSONConvertible {}

// Strings of digits.

extension Address: JSONConvertible {
  static var jsonType: JSONType { .string(.pciAddress) }
  var json: JSONValue { .string(description) }
  func write(to writer: inout JSONWriter) { writer.string(description) }
}

/// A register that identifies something: hex of its width.
struct JSONRegister<Value: FixedWidthInteger & UnsignedInteger>: JSONConvertible {
  let value: Value
  let digits: Int

  /// `digits` where the register is narrower than its type.
  init(_ value: Value, digits: Int = Value.bitWidth / 4) {
    self.value = value
    self.digits = digits
  }

  static var jsonType: JSONType { .string(.hex(digits: Value.bitWidth / 4)) }
  var json: JSONValue { .hex(UInt64(value), digits: UInt8(digits)) }
  func write(to writer: inout JSONWriter) { writer.hex(UInt64(value), digits: digits) }
}

/// A physical address: hex without padding.
struct JSONAddress: JSONConvertible {
  let address: UInt64

  init(_ address: UInt64) { self.address = address }

  static var jsonType: JSONType { .string(.address) }
  var json: JSONValue { .hex(address, digits: 1) }
  func write(to writer: inout JSONWriter) { writer.hex(address, digits: 1) }
}

/// Any number of bytes, in memory order.
struct JSONBytes: JSONConvertible {
  let bytes: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) { self.bytes = bytes[...] }
  init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

  static var jsonType: JSONType { .string(.bytes(count: nil)) }
  var json: JSONValue { .bytes(Array(bytes)) }
  func write(to writer: inout JSONWriter) { writer.byteString(bytes.span) }
}
