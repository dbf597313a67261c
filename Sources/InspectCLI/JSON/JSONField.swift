/// A key of an object in the JSON output: what stands there, and how it is written.
///
/// The tables in `JSONModel` hold them in the order of the output; the writer and the schema walk
/// the same tables.
struct JSONField<Subject>: Sendable {
  let key: String
  let type: JSONType
  /// One line without a full stop.
  let meaning: String
  /// Whether every object has it.
  private(set) var isAlwaysPresent = true
  /// Writes the key and its value.
  fileprivate private(set) var write: @Sendable (Subject, inout JSONWriter) -> Void

  private init(
    _ key: String, _ type: JSONType, _ meaning: String,
    writeValue: @escaping @Sendable (Subject, inout JSONWriter) -> Void
  ) {
    self.key = key
    self.type = type
    self.meaning = meaning
    let opening = JSONWriter.opening(ofKey: key)
    write = { subject, writer in
      writer.key(opening)
      writeValue(subject, &writer)
    }
  }

  /// The same, left out where `isPresent` does not hold: all others always stand there.
  func only(where isPresent: @escaping @Sendable (Subject) -> Bool) -> Self {
    var field = self
    field.isAlwaysPresent = false
    field.write = { [write] in if isPresent($0) { write($0, &$1) } }
    return field
  }
}

/// What may stand under a key.
indirect enum JSONType: Sendable {
  case string(JSONSpelling = .free)
  /// One of these strings.
  case oneOf([String])
  case integer(ClosedRange<UInt64> = 0...UInt64.max)
  case bool
  case list(JSONType)
  /// An object of the model, by its name.
  case object(String)
  /// One of these objects.
  case anyObject([String])
  case nullable(JSONType)
}

/// How a string is spelled.
enum JSONSpelling: Hashable, Sendable {
  case free
  /// `0x` and so many digits, which is the width of a register.
  case hex(digits: Int)
  /// `0x` and digits without padding.
  case address
  /// Two digits for each of so many bytes, or of any number.
  case bytes(count: Int?)
  /// `0000:00:04.0`.
  case pciAddress
  /// `52:54:00:12:34:56`.
  case ethernetAddress
}

extension JSONField {
  static func string(
    _ key: String, _ meaning: String, _ value: @escaping @Sendable (Subject) -> String
  ) -> Self {
    Self(key, .string(), meaning) { $1.string(value($0)) }
  }

  static func optionalString(
    _ key: String, spelled spelling: JSONSpelling = .free, _ meaning: String,
    _ value: @escaping @Sendable (Subject) -> String?
  ) -> Self {
    Self(key, .nullable(.string(spelling)), meaning) {
      $1.optional(value($0)) { $1.string($0) }
    }
  }

  static func oneOf(
    _ key: String, _ words: [String], _ meaning: String,
    _ value: @escaping @Sendable (Subject) -> String
  ) -> Self {
    Self(key, .oneOf(words), meaning) { $1.string(value($0)) }
  }

  static func integer(
    _ key: String, _ meaning: String,
    _ value: @escaping @Sendable (Subject) -> some BinaryInteger & SendableMetatype
  ) -> Self {
    Self(key, .integer(), meaning) { $1.integer(UInt64(clamping: value($0))) }
  }

  static func optionalInteger<Integer: BinaryInteger & SendableMetatype>(
    _ key: String, _ meaning: String, _ value: @escaping @Sendable (Subject) -> Integer?
  ) -> Self {
    Self(key, .nullable(.integer()), meaning) {
      $1.optional(value($0)) { $1.integer(UInt64(clamping: $0)) }
    }
  }

  static func bool(
    _ key: String, _ meaning: String, _ value: @escaping @Sendable (Subject) -> Bool
  ) -> Self {
    Self(key, .bool, meaning) { $1.bool(value($0)) }
  }

  static func optionalBool(
    _ key: String, _ meaning: String, _ value: @escaping @Sendable (Subject) -> Bool?
  ) -> Self {
    Self(key, .nullable(.bool), meaning) { $1.optional(value($0)) { $1.bool($0) } }
  }

  /// A register: hex of its width, `digits` wide where the type is wider than the register.
  static func register<Register: FixedWidthInteger & UnsignedInteger & SendableMetatype>(
    _ key: String, _ meaning: String, digits: Int = Register.bitWidth / 4,
    _ value: @escaping @Sendable (Subject) -> Register
  ) -> Self {
    Self(key, .string(.hex(digits: digits)), meaning) {
      $1.hex(UInt64(value($0)), digits: digits)
    }
  }

  static func optionalRegister<Register: FixedWidthInteger & UnsignedInteger & SendableMetatype>(
    _ key: String, _ meaning: String, _ value: @escaping @Sendable (Subject) -> Register?
  ) -> Self {
    let digits = Register.bitWidth / 4
    return Self(key, .nullable(.string(.hex(digits: digits))), meaning) {
      $1.optional(value($0)) { $1.hex(UInt64($0), digits: digits) }
    }
  }

  /// A physical address, without padding.
  static func optionalAddress(
    _ key: String, _ meaning: String, _ value: @escaping @Sendable (Subject) -> UInt64?
  ) -> Self {
    Self(key, .nullable(.string(.address)), meaning) {
      $1.optional(value($0)) { $1.hex($0, digits: 1) }
    }
  }

  /// Bytes in memory order, always `count` of them where that is given.
  static func optionalBytes(
    _ key: String, count: Int? = nil, _ meaning: String,
    _ value: @escaping @Sendable (Subject) -> ArraySlice<UInt8>?
  ) -> Self {
    Self(key, .nullable(.string(.bytes(count: count))), meaning) {
      $1.optional(value($0)) { $1.byteString($0.span) }
    }
  }

  static func strings(
    _ key: String, _ meaning: String, _ value: @escaping @Sendable (Subject) -> [String]
  ) -> Self {
    Self(key, .list(.string()), meaning) { $1.list(value($0)) { $1.string($0) } }
  }

  static func optionalStrings(
    _ key: String, _ meaning: String, _ value: @escaping @Sendable (Subject) -> [String]?
  ) -> Self {
    Self(key, .nullable(.list(.string())), meaning) {
      $1.optional(value($0)) { $1.list($0) { $1.string($0) } }
    }
  }

  // Tables of what lies deeper are made when something of it is written: most runs write no
  // registers.

  static func list<Element>(
    _ key: String, of name: String,
    _ fields: @autoclosure @escaping @Sendable () -> [JSONField<Element>], _ meaning: String,
    _ value: @escaping @Sendable (Subject) -> [Element]
  ) -> Self {
    Self(key, .list(.object(name)), meaning) {
      $1.list(value($0)) { $1.object(fields(), of: $0) }
    }
  }

  static func optionalObject<Element>(
    _ key: String, _ name: String,
    _ fields: @autoclosure @escaping @Sendable () -> [JSONField<Element>], _ meaning: String,
    _ value: @escaping @Sendable (Subject) -> Element?
  ) -> Self {
    Self(key, .nullable(.object(name)), meaning) {
      $1.optional(value($0)) { $1.object(fields(), of: $0) }
    }
  }

  static func optionalList<Element>(
    _ key: String, of name: String,
    _ fields: @autoclosure @escaping @Sendable () -> [JSONField<Element>], _ meaning: String,
    _ value: @escaping @Sendable (Subject) -> [Element]?
  ) -> Self {
    Self(key, .nullable(.list(.object(name))), meaning) {
      $1.optional(value($0)) { $1.list($0) { $1.object(fields(), of: $0) } }
    }
  }

  /// An object whose keys are those of one of several tables: the one that the value names.
  static func optionalObject<Element>(
    _ key: String, among tables: [JSONTable<Element>], _ meaning: String,
    _ value: @escaping @Sendable (Subject) -> (name: String, Element)?
  ) -> Self {
    Self(key, .nullable(.anyObject(tables.map(\.name))), meaning) { subject, writer in
      guard let (name, element) = value(subject),
        let table = tables.first(where: { $0.name == name })
      else { return writer.null() }
      writer.object(table.fields, of: element)
    }
  }
}

/// The keys of an object of the model, with the name that it goes by.
struct JSONTable<Subject>: Sendable {
  let name: String
  /// One line without a full stop.
  let meaning: String
  let fields: [JSONField<Subject>]
}

extension JSONWriter {
  /// An object: every field of the table, in its order.
  mutating func object<Subject>(_ fields: [JSONField<Subject>], of subject: Subject) {
    object { writer in
      // By index: a copy of each field would count references for nothing.
      for index in fields.indices { fields[index].write(subject, &writer) }
    }
  }

  fileprivate mutating func optional<Value>(
    _ value: Value?, _ write: (Value, inout JSONWriter) -> Void
  ) {
    if let value { write(value, &self) } else { null() }
  }
}
