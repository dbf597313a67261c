import PCIAccess

/// What the output must hold: a file in the shape of `--json`, cut down to what matters.
struct Expectation {
  /// What reports call it: the file.
  let name: String
  private let parts: [(key: String, value: Expected)]
  /// More values take more memory than a file of the largest size is worth.
  private static let mostValues = 1_000_000

  /// Reads and checks the file at `path`.
  init(path: String) throws(UsageError) {
    let text: [UInt8]
    do throws(AccessError) {
      text = try TextFile.contents(of: path)
    } catch {
      throw .expectation(path, error.description)
    }
    try self.init(name: path, text: text)
  }

  /// Checks `text`, which is the content of the file `name`.
  init(name: String, text: [UInt8]) throws(UsageError) {
    self.name = name
    let first = text.first { ![0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF].contains($0) }
    guard let first, first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else {
      throw .expectation(
        name, text.isEmpty ? "is empty" : "is not JSON: expected an object as --json prints it")
    }
    let value: JSONValue
    do { value = try JSONParser.parse(text, mostValues: Self.mostValues) } catch {
      throw .expectation(name, "\(error)")
    }
    do { parts = try ExpectationChecker.parts(of: value) } catch {
      throw .expectation(name, "\(error)")
    }
  }

  /// Whether everything holds it.
  var demandsNothing: Bool {
    parts.allSatisfy { part in
      if case .list(let list) = part.value { list.elements.isEmpty } else { false }
    }
  }

  /// What of the document is looked at.
  var interest: Interest { Interest(.object(parts)) }

  /// Tells what became of each part of it in the document that `--json` would print: one for each key,
  /// and one for each device that is listed.
  func judge(_ document: JSONValue, _ take: (ReportCase) -> Void) {
    for part in parts {
      let effort = Effort()
      if part.key == JSONDocument.devicesKey, case .list(let devices) = part.value,
        case .list(let found)? = document[part.key]
      {
        judge(devices, found, effort, take)
      } else {
        let mismatches = Comparison.mismatches(
          part.value, document[part.key], at: part.key, effort)
        take(ReportCase(suite: name, name: ".\(part.key)", end(of: effort, part.key) + mismatches))
      }
    }
  }

  private func judge(
    _ devices: ExpectedList, _ found: [JSONValue], _ effort: Effort, _ take: (ReportCase) -> Void
  ) {
    var isFirst = true
    Comparison.assign(devices, found, effort) { index, outcome in
      let end = isFirst ? end(of: effort, JSONDocument.devicesKey) : []
      isFirst = false
      if !end.isEmpty { take(ReportCase(suite: name, name: ".devices", end)) }
      let place = ".devices[\(index)]"
      switch outcome {
      case .matched(let index):
        take(ReportCase(suite: found[index].functionName ?? name, name: place, []))
      case .unmatched(let reason):
        take(ReportCase(suite: name, name: place, ["\(place): \(reason)"]))
      }
    }
  }

  /// That the comparison came to no end; empty when it did.
  private func end(of effort: Effort, _ key: String) -> [String] {
    guard effort.isExhausted else { return [] }
    return [
      ".\(key): not compared to the end: too many elements of a list may be one or the other, so say"
        + " more of each, best its address"
    ]
  }
}

extension JSONValue {
  /// The address or the file of a device.
  fileprivate var functionName: String? {
    Inspection.table.identity.lazy.compactMap { self[$0]?.text }.first
  }
}

/// As much of the document that `--json` prints as an expectation looks at.
struct FoundDocument {
  private var document: JSONDocument
  /// Nil where no device is looked at.
  private let interest: Interest?
  /// Of a device, those of its keys that are looked at, and those that name it.
  private let device: JSONTable<Inspection>

  init(for expectation: Expectation, access: JSONDocument.AccessName) {
    document = JSONDocument(access: access)
    let interest = expectation.interest[JSONDocument.devicesKey]
    self.interest = interest
    device = Inspection.table.filter { key in
      Inspection.table.identity.contains(key) || interest?.elements?[key] != nil
    }
  }

  mutating func add(_ inspection: Inspection) {
    guard let interest else { return }
    let found = (interest.elements ?? Interest()).part(of: device.value(of: inspection))
    document.devices.append(JSONDocument.Device(json: found))
  }

  /// All of it, once everything was added.
  func finish(_ errors: [AccessError]) -> JSONValue {
    var document = document
    document.errors = errors
    return JSONDocument.table.value(of: document)
  }
}
