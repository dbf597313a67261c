/// A key of an object in the JSON output, whatever it is read from.
struct JSONKey: Sendable {
  let key: String
  let type: JSONType

  fileprivate init(_ key: String, _ type: JSONType) {
    self.key = key
    self.type = type
  }
}

/// What a walk over the shape of the output needs: every object by the name that `JSONType` gives it.
extension JSONModel {
  /// The object that `--json` prints.
  static let document: [JSONKey] = [
    JSONKey("schema_version", .integer),
    JSONKey("tool", .object("tool")),
    JSONKey("access", .oneOf(["sysfs", "libpci", "dump", "raw"])),
    JSONKey("devices", .list(.object("device"))),
    JSONKey("errors", .list(.object("error"))),
  ]

  /// The keys of each object, by its name.
  static let objects: [String: [JSONKey]] = {
    var objects = [
      "tool": keys(tool), "error": keys(error), "device": keys(device),
      "virtio": keys(virtio), "status": keys(status), "feature": keys(feature), "bar": keys(bar),
      "capability": keys(capability), "pci_capability": keys(pciCapability), "msix": keys(msix),
      "registers": keys(registers), "common": keys(common), "queue": keys(queue),
      "problem": keys(problem),
    ]
    for table in deviceConfigs { objects[table.name] = keys(table.fields) }
    return objects
  }()

  private static func keys<Subject>(_ fields: [JSONField<Subject>]) -> [JSONKey] {
    fields.map { JSONKey($0.key, $0.type) }
  }
}
