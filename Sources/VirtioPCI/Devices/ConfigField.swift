/// A register of a device-specific configuration structure, and what the specification's table says
/// of it.
public struct ConfigField: Hashable, Sendable {
  /// Which register it is.
  public let key: Key
  /// How it lies in memory.
  public let kind: Kind
  /// All of these must hold for it to be read.
  public let conditions: [Condition]
  /// Bounds it to what the device filled in; nil when it always fills all of it.
  public let extent: Extent?
  /// Whether the driver may write it.
  public let isWritable: Bool
  /// What it counts; nil when nothing, or simply things.
  public let unit: Unit?
  /// What it is beside a number; nil when it is just that.
  public let format: Format?
  /// The names of its values.
  public let values: NameTable
  /// The names of its bits.
  public let bits: NameTable
  /// Whether it only fills a gap: it is never read.
  public let isPadding: Bool

  init<Value: RegisterValue, Access: RegisterAccess>(
    _ register: Register<Value, Access>, _ conditions: Condition..., within extent: Extent? = nil,
    unit: Unit? = nil, format: Format? = nil, values: NameTable = [:], bits: NameTable = [:]
  ) {
    key = Key(register)
    kind =
      switch Value.size {
      case 1: .u8
      case 2: .le16
      case 4: .le32
      default: .le64
      }
    self.conditions = Condition.with(register.features) + conditions
    self.extent = extent
    isWritable = Access.isWritable
    self.unit = unit
    self.format = format
    self.values = values
    self.bits = bits
    isPadding = false
  }

  init(
    _ register: ByteRegister, _ conditions: Condition..., within extent: Extent? = nil,
    format: Format? = nil
  ) {
    key = Key(register)
    kind = .bytes(register.count)
    self.conditions = Condition.with(register.features) + conditions
    self.extent = extent
    isWritable = false
    unit = nil
    self.format = format
    values = [:]
    bits = [:]
    isPadding = false
  }

  private init(padding name: String, count: Int, at offset: Int) {
    key = Key(ByteRegister(name, at: offset, count: count))
    kind = .bytes(count)
    conditions = []
    extent = nil
    isWritable = false
    unit = nil
    format = nil
    values = [:]
    bits = [:]
    isPadding = true
  }

  static func padding(_ name: String, _ count: Int, at offset: Int) -> ConfigField {
    ConfigField(padding: name, count: count, at: offset)
  }

  /// What the specification calls it; `.` leads into an inner structure.
  public var name: String { key.name }

  /// Where it is in the structure, in bytes.
  public var offset: Int { key.offset }

  /// How many bytes it has at most.
  public var size: Int { key.size }

  /// The first byte after it: how long the structure must be to hold it.
  public var end: Int { offset + size }
}

extension ConfigField {
  /// Which register of a structure a field is. Two layouts may have registers of one name, and a union
  /// registers in one place.
  public struct Key: Hashable, Sendable {
    /// What the specification calls it.
    public let name: String
    /// Where it is in the structure, in bytes.
    public let offset: Int
    /// How many bytes it has at most.
    public let size: Int

    // Names are ASCII. Comparing them as text would link the tables of Unicode.
    public static func == (one: Self, other: Self) -> Bool {
      one.offset == other.offset && one.size == other.size && one.hasName(of: other)
    }

    public func hash(into hasher: inout Hasher) {
      hasher.combine(offset)
      hasher.combine(size)
    }

    /// Whether both are called the same, as the registers of two layouts may be.
    func hasName(of other: Self) -> Bool { name.utf8.elementsEqual(other.name.utf8) }

    /// That of a register.
    public init<Value, Access>(_ register: Register<Value, Access>) {
      name = register.name
      offset = register.offset
      size = Value.size
    }

    /// That of a register of single bytes.
    public init(_ register: ByteRegister) {
      name = register.name
      offset = register.offset
      size = register.count
    }
  }

  /// How it lies in memory.
  public enum Kind: Hashable, Sendable {
    /// A single byte.
    case u8
    /// Two bytes, the low one first.
    case le16
    /// Four bytes, the lowest first.
    case le32
    /// Eight bytes, the lowest first.
    case le64
    /// So many single bytes.
    case bytes(Int)
  }

  /// What must hold for a field to be read.
  public enum Condition: Hashable, Sendable {
    /// It exists with any of these features.
    case exists(FeatureSet)
    /// It always exists, but means something only with any of these features.
    case means(FeatureSet)
    /// It means nothing with this feature.
    case without(Feature)
    /// It may be read once this feature was negotiated.
    case negotiated(Feature)
    /// It may be read once the status has these bits.
    case status(DeviceStatus)
    /// It is the member of a union that is chosen by these values of another field.
    case selected(by: Key, ClosedRange<UInt64>)
    /// What a read gives is not defined: it is there to be written.
    case writeOnly

    /// It exists with any of `features`; no condition if there are none.
    fileprivate static func with(_ features: FeatureSet) -> [Self] {
      features.isEmpty ? [] : [.exists(features)]
    }

    /// It always exists, but means something only with `feature`.
    static func meaningful(with feature: Feature) -> Self { .means([feature]) }
  }

  /// A part of the structure of which the device says how much it filled in.
  public struct Extent: Hashable, Sendable {
    /// Where the part starts.
    public let start: Int
    /// The field that says how many bytes of it there are.
    public let lengthField: Key

    init<Value, Access>(from start: Int, length register: Register<Value, Access>) {
      self.start = start
      lengthField = Key(register)
    }
  }

  /// What a field counts.
  public struct Unit: Hashable, Sendable, ExpressibleByStringLiteral {
    /// What is counted (`bytes`), in the plural.
    public let name: String
    /// How many bytes one of them has; nil when it is no amount of memory.
    public let bytes: UInt64?

    init(_ name: String, bytes: UInt64) {
      self.name = name
      self.bytes = bytes
    }

    public init(stringLiteral name: String) {
      self.name = name
      bytes = nil
    }

    static let bytes = Unit("bytes", bytes: 1)
    static let sectors = Unit("512-byte sectors", bytes: 512)
    static let pages = Unit("4096-byte pages", bytes: 4096)
  }

  /// What a field is beside a number or bytes.
  public enum Format: Hashable, Sendable {
    /// An Ethernet address.
    case mac
    /// UTF-8, ended by a NUL unless it fills the field.
    case text
    /// A guest physical address.
    case address
    /// A mask or an identifier, whose digits say more in hex.
    case hex
  }
}
