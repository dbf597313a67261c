/// A field of a device-specific configuration structure, as the specification's table has it.
public struct ConfigField: Hashable, Sendable {
  /// What the specification calls it; `.` leads into an inner structure.
  public let name: String
  /// How it lies in memory.
  public let kind: Kind
  /// Where it is in the structure, in bytes.
  public let offset: Int
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

  init(
    _ name: String, _ kind: Kind, at offset: Int, _ conditions: Condition...,
    within extent: Extent? = nil, writable isWritable: Bool = false, unit: Unit? = nil,
    format: Format? = nil, values: NameTable = [:], bits: NameTable = [:]
  ) {
    self.name = name
    self.kind = kind
    self.offset = offset
    self.conditions = conditions
    self.extent = extent
    self.isWritable = isWritable
    self.unit = unit
    self.format = format
    self.values = values
    self.bits = bits
    isPadding = false
  }

  private init(padding name: String, count: Int, at offset: Int) {
    self.name = name
    kind = .bytes(count)
    self.offset = offset
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

  /// How many bytes it has at most.
  public var size: Int { kind.size }

  /// The first byte after it: how long the structure must be to hold it.
  public var end: Int { offset + size }
}

extension ConfigField {
  /// How it lies in memory.
  public enum Kind: Hashable, Sendable {
    case u8, le16, le32, le64
    /// So many single bytes.
    case bytes(Int)

    var size: Int {
      switch self {
      case .u8: 1
      case .le16: 2
      case .le32: 4
      case .le64: 8
      case .bytes(let count): count
      }
    }
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
    case selected(by: String, ClosedRange<UInt64>)
    /// What a read gives is not defined: it is there to be written.
    case writeOnly

    /// It exists with any of `features`.
    static func with(_ features: Feature...) -> Self { .exists(FeatureSet(features)) }
    /// It always exists, but means something only with `feature`.
    static func meaningful(with feature: Feature) -> Self { .means([feature]) }
  }

  /// A part of the structure of which the device says how much it filled in.
  public struct Extent: Hashable, Sendable {
    /// Where the part starts.
    public let start: Int
    /// The field that says how many bytes of it there are.
    public let lengthField: String

    init(from start: Int, length lengthField: String) {
      self.start = start
      self.lengthField = lengthField
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
  }
}
