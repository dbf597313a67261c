/// What an object of the output holds: its keys in their order, and the value of each.
///
/// The only description of an object. The writer, the schema, the manual and expectations all read
/// it.
struct JSONTable<Subject>: Sendable {
  let name: String
  /// One line without a full stop.
  let meaning: String
  /// The keys that tell one element of a list from the others, the first that has a value.
  var identity: [String] = []
  let fields: [JSONField<Subject>]

  var shape: JSONShape {
    JSONShape(
      name: name, meaning: meaning, identity: identity,
      keys: fields.map { JSONKey(key: $0.key, type: $0.type, meaning: $0.meaning) })
  }

  /// The same with some of its keys.
  func filter(_ isIncluded: (_ key: String) -> Bool) -> JSONTable {
    JSONTable(
      name: name, meaning: meaning, identity: identity, fields: fields.filter { isIncluded($0.key) }
    )
  }

  /// The object that describes `subject`.
  func value(of subject: Subject) -> JSONValue {
    .object(fields.map { JSONValue.Member(key: $0.key, value: $0.value(subject)) })
  }

  /// Writes the object that describes `subject`.
  func write(_ subject: Subject, to writer: inout JSONWriter) {
    writer.object { writer in
      // By index: a copy of each field would count references for nothing.
      for index in fields.indices { fields[index].write(subject, &writer) }
    }
  }
}

/// A key of an object, and the value that stands there.
struct JSONField<Subject>: Sendable {
  let key: String
  let type: JSONType
  /// One line without a full stop.
  let meaning: String
  let value: @Sendable (Subject) -> JSONValue
  /// Writes the key and the value.
  let write: @Sendable (Subject, inout JSONWriter) -> Void

  /// What `value` gives; `type` says more of it than its Swift type does.
  static func key<Value: JSONConvertible>(
    _ key: String, as type: JSONType = Value.jsonType, _ meaning: String,
    _ value: @escaping @Sendable (Subject) -> Value
  ) -> Self {
    let text = JSONWriter.text(ofKey: key)
    return Self(
      key: key, type: type, meaning: meaning, value: { value($0).json },
      write: { subject, writer in
        writer.key(text)
        value(subject).write(to: &writer)
      })
  }
}
