import VirtioPCI

/// What `--decode` prints: a row for each bit that is set.
struct FeaturesView {
  let painter: Painter
  let showsHeadings: Bool

  func append(_ decoded: DecodedFeatures, to text: inout [UInt8]) {
    let features = decoded.features
    guard !features.isEmpty else {
      text += "none\n".utf8
      return
    }
    var table = TextTable(
      [TextTable.Column(heading: "BIT", alignment: .right), TextTable.Column(heading: "NAME")],
      painter: painter, showsHeadings: showsHeadings)
    for feature in features {
      let bit = TextTable.Cell(text: "\(feature.bit)")
      table.add([bit, TextTable.Cell(feature.name)], to: &text)
    }
    table.finish(&text)
  }
}

extension DecodedFeatures: JSONDescribed {
  static let table = JSONTable<DecodedFeatures>(
    name: "decode", meaning: "what --decode prints",
    fields: [
      .key(
        "schema_version", as: .integer(JSONDocument.schemaVersion...JSONDocument.schemaVersion),
        "the version of this format", { _ in JSONDocument.schemaVersion }),
      .key(
        "type", as: .oneOf(DeviceType.defined.compactMap(\.key) + ["unknown"]),
        "virtio device type", { $0.type.key ?? "unknown" }),
      .key("type_id", "virtio device ID") { $0.type.rawValue },
      .key("features", "the bits that are set") { $0.features },
    ])
}
