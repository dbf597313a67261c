import VirtioPCI

/// What may stand under a key.
indirect enum JSONType: Sendable {
  case string(JSONStringFormat = .free)
  /// One of these strings.
  case oneOf([String])
  case integer(ClosedRange<UInt64> = 0...UInt64.max)
  case bool
  case list(JSONType)
  // Shapes are made when they are asked for: a run that prints JSON asks for none.
  case object(@Sendable () -> JSONShape)
  /// One of these objects.
  case anyObject(@Sendable () -> [JSONShape])
  case nullable(JSONType)
  /// Any value that stands elsewhere in the output.
  case any
}

/// How a string is written.
enum JSONStringFormat: Hashable, Sendable {
  case free
  /// `0x` and as many digits as the register is wide.
  case hex(digits: Int)
  /// `0x` and digits without padding.
  case address
  /// Two digits for each of so many bytes, or of any number.
  case bytes(count: Int?)
  /// `0000:00:04.0`.
  case pciAddress
  /// `52:54:00:12:34:56`.
  case ethernetAddress
  /// A feature, by the name that the specification gives it.
  case featureName
  /// A bit of a register, by its name in this table; one without a name as its value.
  case flagName(NameTable)
}

/// The keys of an object, in the order of the output.
struct JSONShape: Sendable {
  let name: String
  /// One line without a full stop.
  let meaning: String
  /// The keys that tell one element of a list from the others, the first that has a value.
  let identity: [String]
  let keys: [JSONKey]
}

/// A key of an object.
struct JSONKey: Sendable {
  let key: String
  let type: JSONType
  /// One line without a full stop.
  let meaning: String
}

extension JSONType {
  /// Without what says that it may be null.
  var content: JSONType {
    if case .nullable(let type) = self { type.content } else { self }
  }

  var isNullable: Bool {
    if case .nullable = self { true } else { false }
  }

  /// The shape of an object, or those of which it has one; empty for what is not an object.
  var shapes: [JSONShape] {
    switch self {
    case .object(let shape): [shape()]
    case .anyObject(let shapes): shapes()
    case .nullable(let type): type.shapes
    case .string, .oneOf, .integer, .bool, .list, .any: []
    }
  }

  /// The shapes of the object, or of the objects in a list.
  fileprivate var nestedShapes: [JSONShape] {
    if case .list(let element) = content { element.nestedShapes } else { shapes }
  }
}

extension JSONShape {
  /// Every object below this one, each once, in the order in which they first appear.
  var nested: [JSONShape] {
    var found: [JSONShape] = []
    func add(_ shape: JSONShape) {
      guard !found.contains(where: { $0.name == shape.name }) else { return }
      found.append(shape)
      shape.addNested(add)
    }
    addNested(add)
    return found
  }

  private func addNested(_ add: (JSONShape) -> Void) {
    for key in keys { key.type.nestedShapes.forEach(add) }
  }
}

extension JSONType: CustomStringConvertible {
  /// What messages call it.
  var description: String {
    switch self {
    case .string: "a string"
    case .oneOf(let words): "one of \(words.joined(separator: ", "))"
    case .integer: "an integer"
    case .bool: "true or false"
    case .list: "a list"
    case .object, .anyObject: "an object"
    case .nullable(let type): "\(type) or null"
    case .any: "any value"
    }
  }
}
