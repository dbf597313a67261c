import VirtioPCI

/// `--diff` as text, a line for each difference.
extension Differences {
  /// What the functions are compared with is the one; they are the other.
  private static let here = "the functions selected"

  func append(to text: inout [UInt8], painter: Painter) {
    for difference in differences {
      line(difference.address, " \(difference.path): ", difference.change, painter, to: &text)
    }
    for feature in notOffered {
      let (one, other) = feature.side == .after ? (path, Self.here) : (Self.here, path)
      line(
        feature.address, " \(feature.feature.elementName): ",
        "negotiated in \(one), and not offered in \(other)", painter, to: &text)
    }
    for function in onlyBefore {
      line(function.address, " (\(function.typeName)) ", "is only in \(path)", painter, to: &text)
    }
    for function in onlyAfter {
      line(function.address, " (\(function.typeName)) ", "is not in \(path)", painter, to: &text)
    }
    for side in Side.allCases {
      let paths = known.filter { $0.side == side }.map(\.path)
      guard !paths.isEmpty else { continue }
      let place = side == .before ? "known only in" : "not known in"
      painter.paint(
        escaped("not compared: \(paths.joined(separator: ", ")): \(place) \(path)"), .faint,
        to: &text)
      text.append(UInt8(ascii: "\n"))
    }
    if hasMore {
      painter.paint("not compared: more that only one side knows", .faint, to: &text)
      text.append(UInt8(ascii: "\n"))
    }
  }

  private func line(
    _ address: String, _ name: String, _ words: String, _ painter: Painter, to text: inout [UInt8]
  ) {
    painter.paint(escaped(address), .title, to: &text)
    text += escaped(name + words).utf8
    text.append(UInt8(ascii: "\n"))
  }
}

extension Differences.Difference {
  /// `- VIRTIO_NET_F_CSUM`, `+ position 112 (notify)`, `0x00 -> 0x01`.
  fileprivate var change: String {
    switch (before, after) {
    case (.null, let value): "+ \(value.elementName)"
    case (let value, .null): "- \(value.elementName)"
    default: "\(before.plain) -> \(after.plain)"
    }
  }
}

extension JSONValue {
  /// A string without quotation marks, anything else as JSON has it.
  fileprivate var plain: String {
    if let text { return text.shortened(to: Self.longestString) }
    var writer = JSONWriter(compact: true)
    writer.value(self)
    return String(decoding: writer.bytes, as: UTF8.self).shortened(to: Self.longestString)
  }

  /// What people call an element of a list: a feature by its name, another object by the key that tells
  /// it from the others, and what it is.
  fileprivate var elementName: String {
    guard case .object(let members) = self else { return plain }
    let name = (self["name"] ?? self["cfg_type"] ?? .null).text
    if let name, self["bit"] != nil { return name }
    guard let label = members.first(where: { $0.value != .null }) else { return plain }
    return "\(label.key) \(label.value.plain)" + (name.map { " (\($0))" } ?? "")
  }

  fileprivate var typeName: String { self["type"]?.text ?? "unknown" }
}

/// `--diff` as JSON.
extension Differences: JSONDescribed {
  static let table = JSONTable<Differences>(
    name: "diff", meaning: "what --diff --json prints",
    fields: [
      .key(
        "schema_version", as: .integer(JSONDocument.schemaVersion...JSONDocument.schemaVersion),
        "the version of this format", { _ in JSONDocument.schemaVersion }),
      .key("differences", "each value that differs") { $0.differences },
      .key("only_before", "the functions that only PATH has") {
        $0.onlyBefore.map(FunctionName.init)
      },
      .key("only_after", "the functions that PATH does not have") {
        $0.onlyAfter.map(FunctionName.init)
      },
      .key(
        "not_offered",
        "the features that were negotiated on one side and that the other does not offer"
      ) { $0.notOffered },
    ])

  /// A function that only one side has.
  struct FunctionName: JSONDescribed {
    let function: JSONValue

    static let table = JSONTable<FunctionName>(
      name: "function", meaning: "a function that only one side has", identity: ["address"],
      fields: [
        .key("address", "PCI address") { $0.function["address"]?.text },
        .key("type", "virtio device type") { $0.function.typeName },
      ])
  }
}

extension Differences.Side: JSONConvertible {}

extension Differences.Difference: JSONDescribed {
  static let table = JSONTable<Self>(
    name: "difference", meaning: "a value that differs",
    fields: [
      .key("address", "the address of the function in PATH; - for one without") { $0.address },
      .key("path", "where it stands in the function: keys, and what names an element") { $0.path },
      .key("before", as: .any, "the value in PATH; null for an element that it does not have") {
        AnyJSON($0.before)
      },
      .key("after", as: .any, "the value of the function selected; null in the same way") {
        AnyJSON($0.after)
      },
    ])
}

extension Differences.NotOffered: JSONDescribed {
  static let table = JSONTable<Self>(
    name: "not_offered",
    meaning: "a feature that was negotiated on one side and is not offered on the other",
    fields: [
      .key("address", "the address of the function in PATH; - for one without") { $0.address },
      .key("side", "where it is not offered") { $0.side },
      .key("feature", as: .any, "bit and name of the feature") { AnyJSON($0.feature) },
    ])
}

/// A value that has been read.
struct AnyJSON: JSONConvertible {
  let json: JSONValue

  init(_ value: JSONValue) { json = value }

  static var jsonType: JSONType { .any }
  func write(to writer: inout JSONWriter) { writer.value(json) }
}
