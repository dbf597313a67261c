/// A key of an object in the JSON output, whatever it is read from.
struct JSONKey: Sendable {
  let key: String
  let type: JSONType
  /// One line without a full stop.
  let meaning: String
  /// False for one that only some objects have.
  let isAlwaysPresent: Bool

  fileprivate init(
    _ key: String, _ type: JSONType, _ meaning: String, isAlwaysPresent: Bool = true
  ) {
    self.key = key
    self.type = type
    self.meaning = meaning
    self.isAlwaysPresent = isAlwaysPresent
  }
}

/// The shape of an object in the JSON output.
struct JSONObject: Sendable {
  /// What `JSONType` calls it.
  let name: String
  /// One line without a full stop.
  let meaning: String
  let keys: [JSONKey]

  fileprivate init<Subject>(
    _ name: String, _ meaning: String, _ fields: [JSONField<Subject>]
  ) {
    self.name = name
    self.meaning = meaning
    keys = fields.map {
      JSONKey($0.key, $0.type, $0.meaning, isAlwaysPresent: $0.isAlwaysPresent)
    }
  }
}

/// What a walk over the shape of the output needs.
extension JSONModel {
  /// The object that `--json` prints.
  static let document: [JSONKey] = [
    JSONKey(
      "schema_version", .integer(schemaVersion...schemaVersion), "the version of this format"),
    JSONKey("tool", .object("tool"), "what printed it"),
    JSONKey(
      "access", .oneOf(["sysfs", "libpci", "dump", "raw"]), "how config space was read"),
    JSONKey("devices", .list(.object("device")), "the functions"),
    JSONKey(
      "errors", .list(.object("error")),
      "what was asked for and is not there or could not be read"),
  ]

  /// Every other object, in the order of the output.
  static let objects: [JSONObject] =
    [
      JSONObject("tool", "the program", tool),
      JSONObject("device", "a virtio function; a line of --jsonl is one, too", device),
      JSONObject("virtio", "the kernel's virtio device under a function", virtio),
      JSONObject("status", "the device status", status),
      JSONObject("feature", "a feature bit", feature),
      JSONObject("bar", "a base address register", bar),
      JSONObject("capability", "a virtio capability", capability),
      JSONObject("pci_capability", "an entry of the PCI capability list", pciCapability),
      JSONObject("msix", "an MSI-X capability", msix),
      JSONObject("registers", "the structures behind the capabilities", registers),
      JSONObject("common", "the common configuration structure", common),
      JSONObject("queue", "a virtqueue", queue),
    ]
    + deviceConfigs.map { JSONObject($0.name, $0.meaning, $0.fields) } + [
      JSONObject("problem", "something that is wrong", problem),
      JSONObject("error", "something that could not be read", error),
    ]

  /// The keys of the object that `JSONType` calls `name`.
  static func keys(of name: String) -> [JSONKey] {
    objects.first { $0.name == name }?.keys ?? []
  }
}
