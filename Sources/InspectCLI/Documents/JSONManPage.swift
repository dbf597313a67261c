import Platform

extension ManPage {
  /// virtio-pci-inspect.json(5): the JSON output, and the expectations made of it.
  static var json: String {
    var page = Roff(name: "\(Version.name).json", section: 5, about: "File Formats")
    page.section("NAME")
    page.prose("\(Version.name).json - JSON output and expectations of \(Version.name)")
    page.section("DESCRIPTION")
    page.prose(JSONManual.description)
    for (name, meaning) in JSONManual.types { page.item(Roff.bold(name), meaning) }
    page.prose(JSONManual.guarantees)
    page.section("OUTPUT")
    page.prose("The object that --json prints has these keys:")
    page.objects(in: JSONDocument.table.shape)
    page.section("DIFFERENCES")
    page.prose("The object that --diff --json prints has these keys:")
    page.objects(in: Differences.table.shape)
    page.section("EXPECTATIONS")
    page.prose(JSONManual.expectations)
    for form in ConditionForm.table { page.item(Roff.bold(form.name), form.meaning) }
    page.prose(JSONManual.conditions)
    page.section("EXAMPLES")
    page.examples(JSONManual.examples)
    for (purpose, text) in JSONManual.expectationExamples {
      page.prose("\(purpose):")
      page.literal(text)
    }
    page.section("SEE ALSO")
    page.prose("\(Version.name)(8), jq(1)")
    return page.text
  }
}

extension Roff {
  /// The keys of an object, and of those below it.
  fileprivate mutating func objects(in document: JSONShape) {
    keys(document.keys)
    for object in document.nested {
      subsection(object.name)
      prose(object.meaning.sentence)
      keys(object.keys)
    }
  }

  fileprivate mutating func keys(_ keys: [JSONKey]) {
    for key in keys {
      var text = key.meaning
      if let words = key.type.words { text += "; one of \(words.joined(separator: ", "))" }
      item("\(Self.bold(key.key)) (\(Self.escaped(key.type.manualName)))", text)
    }
  }
}

extension JSONType {
  /// What the manual calls it, as an element of a list or by itself.
  fileprivate var manualName: String {
    switch self {
    case .string(let format): format.manualName
    case .oneOf: "word"
    case .integer: "integer"
    case .bool: "boolean"
    case .list(let element): "list of \(element.manualName)"
    case .object(let shape): shape().name
    case .anyObject: "object"
    case .any: "any value"
    case .nullable(let type): "\(type.manualName) or null"
    }
  }

  /// The words, or objects, that may stand there.
  fileprivate var words: [String]? {
    switch self {
    case .oneOf(let words): words
    case .anyObject(let shapes): shapes().map(\.name)
    case .nullable(let type): type.words
    default: nil
    }
  }
}

extension JSONStringFormat {
  fileprivate var manualName: String {
    switch self {
    case .free: "string"
    case .hex(let digits): "\(4 * digits)-bit register"
    case .address: "address"
    case .bytes(let count?): "\(count) bytes"
    case .bytes(nil): "bytes"
    case .pciAddress: "PCI address"
    case .ethernetAddress: "Ethernet address"
    case .featureName, .flagName: "string"
    }
  }
}
