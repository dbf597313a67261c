import VirtioPCI

/// What `--schema` prints: the JSON Schema of the output, made from the tables that write it.
///
/// Keys that it does not know are allowed, since a program of the same schema version may add some;
/// those that it knows have the type of their table and no other.
enum JSONSchema {
  /// What a schema can be asked for.
  enum Topic: String, CaseIterable {
    case output, diff, decode

    static let words = allCases.map(\.rawValue)

    fileprivate var document: (options: String, shape: JSONShape) {
      switch self {
      case .output: ("--json", JSONDocument.table.shape)
      case .diff: ("--diff --json", Differences.table.shape)
      case .decode: ("--decode --json", DecodedFeatures.table.shape)
      }
    }
  }

  static func text(of topic: Topic) -> String {
    var writer = JSONWriter(compact: false)
    writer.object { writer in
      writer.text("$schema", "https://json-schema.org/draft/2020-12/schema")
      let (options, document) = topic.document
      writer.text(
        "title", "\(Version.name) \(options), schema version \(JSONDocument.schemaVersion)")
      writer.shape(document)
      writer.object("$defs") { writer in
        for object in document.nested {
          writer.object(object.name) { writer in
            writer.text("description", object.meaning)
            writer.shape(object)
            if object.name == Inspection.table.name { writer.layouts() }
          }
        }
      }
    }
    writer.endOfText()
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}

// Members of the object that is open.
extension JSONWriter {
  fileprivate mutating func text(_ key: String, _ value: String) {
    member(key) { $0.string(value) }
  }

  fileprivate mutating func object(_ key: String, _ writeMembers: (inout JSONWriter) -> Void) {
    member(key) { $0.object(writeMembers) }
  }

  /// Which keys an object has.
  fileprivate mutating func shape(_ shape: JSONShape) {
    text("type", "object")
    member("required") { writer in
      writer.list(shape.keys) { $1.string($0.key) }
    }
    object("properties") { writer in
      for key in shape.keys {
        writer.object(key.key) { writer in
          writer.text("description", key.meaning)
          writer.constraints(of: key.type)
        }
      }
    }
  }

  /// Which device-specific configuration goes with which type: the keys of one may be among those
  /// of another.
  fileprivate mutating func layouts() {
    member("allOf") { writer in
      writer.list(DeviceConfig.tables) { layout, writer in
        writer.object { writer in
          writer.object("if") { $0.property("type") { $0.text("const", layout.type.label) } }
          writer.object("then") { writer in
            writer.property("registers") { writer in
              writer.property("device") { $0.anyOf([layout.table.name], orNull: true) }
            }
          }
        }
      }
    }
  }

  /// What holds for one key.
  private mutating func property(_ key: String, _ writeMembers: (inout JSONWriter) -> Void) {
    object("properties") { $0.object(key, writeMembers) }
  }

  /// Which values are of the type.
  private mutating func constraints(of type: JSONType, orNull isNullable: Bool = false) {
    switch type {
    case .nullable(let type):
      constraints(of: type, orNull: true)
    case .string(let format):
      kind("string", orNull: isNullable)
      if let pattern = format.pattern { text("pattern", pattern) }
    case .oneOf(let words):
      member("enum") { writer in
        writer.list(words + (isNullable ? [nil] : [])) { word, writer in
          if let word { writer.string(word) } else { writer.null() }
        }
      }
    case .integer(let range):
      kind("integer", orNull: isNullable)
      member("minimum") { $0.integer(range.lowerBound) }
      member("maximum") { $0.integer(range.upperBound) }
    case .bool:
      kind("boolean", orNull: isNullable)
    case .any: break
    case .list(let element):
      kind("array", orNull: isNullable)
      object("items") { $0.constraints(of: element) }
    case .object(let shape) where !isNullable:
      reference(to: shape().name)
    case .object, .anyObject:
      anyOf(type.shapes.map(\.name), orNull: isNullable)
    }
  }

  private mutating func kind(_ name: String, orNull isNullable: Bool) {
    guard isNullable else { return text("type", name) }
    member("type") { $0.list([name, "null"]) { $1.string($0) } }
  }

  private mutating func reference(to name: String) { text("$ref", "#/$defs/\(name)") }

  private mutating func anyOf(_ names: [String], orNull isNullable: Bool) {
    member("anyOf") { writer in
      writer.list(names + (isNullable ? [nil] : [])) { name, writer in
        writer.object { writer in
          if let name { writer.reference(to: name) } else { writer.text("type", "null") }
        }
      }
    }
  }
}

extension JSONStringFormat {
  /// A regular expression for all of the string; nil where anything may stand.
  fileprivate var pattern: String? {
    switch self {
    case .free, .featureName, .flagName: nil
    case .hex(let digits): "^0x[0-9a-f]{\(digits)}$"
    case .address: "^0x(0|[1-9a-f][0-9a-f]{0,15})$"
    case .bytes(let count?): "^[0-9a-f]{\(2 * count)}$"
    case .bytes(nil): "^([0-9a-f]{2})*$"
    case .pciAddress: "^[0-9a-f]{4,8}:[0-9a-f]{2}:[01][0-9a-f]\\.[0-7]$"
    case .ethernetAddress: "^[0-9a-f]{2}(:[0-9a-f]{2}){5}$"
    }
  }
}
