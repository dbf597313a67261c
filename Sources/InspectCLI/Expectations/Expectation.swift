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
    let value: JSONValue
    do { value = try JSONParser.parse(text, mostValues: Self.mostValues) } catch {
      throw .expectation(name, "\(error)")
    }
    do { parts = try ExpectationChecker.parts(of: value) } catch {
      throw .expectation(name, "\(error)")
    }
  }

  /// What of the document is looked at.
  var interest: Interest { Interest(.object(parts)) }

  /// Tells what became of each part of it in the document that `--json` would print: one for each key,
  /// and one for each device that is listed.
  func judge(_ document: JSONValue, _ take: (ReportCase) -> Void) {
    for part in parts {
      let effort = Effort()
      if part.key == "devices", case .list(let devices) = part.value,
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
      let end = isFirst ? end(of: effort, "devices") : []
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
    for key in ["address", "source"] {
      if case .string(let name)? = self[key] { return name }
    }
    return nil
  }
}

/// As much of the document that `--json` prints as an expectation looks at.
struct ExpectedDocument {
  private let access: String
  /// Nil where no device is looked at.
  private let interest: Interest?
  /// What is printed of a device: those of its keys that are looked at, and its name.
  private let fields: [JSONField<Inspection>]
  private var devices: [JSONValue] = []

  init(for expectation: Expectation, access: String) {
    self.access = access
    let interest = expectation.interest["devices"]
    self.interest = interest
    fields = JSONModel.device.filter {
      ["address", "source"].contains($0.key) || interest?.elements?[$0.key] != nil
    }
  }

  mutating func add(_ inspection: Inspection) {
    guard let interest else { return }
    var writer = JSONWriter(compact: true)
    writer.object(fields, of: inspection)
    // Of what were no JSON no expectation would hold.
    let device = (try? JSONParser.parse(writer.bytes)) ?? .null
    devices.append((interest.elements ?? Interest()).part(of: device))
  }

  /// All of it, once everything was added.
  func finish(_ errors: [AccessError]) -> JSONValue {
    var renderer = JSONRenderer(access: access)
    var output = StandardOutput.keeping()
    renderer.begin(&output)
    renderer.end(errors, &output)
    guard case .object(var members)? = try? JSONParser.parse(output.kept) else { return .null }
    for index in members.indices where members[index].key == "devices" {
      members[index].value = .list(devices)
    }
    return .object(members)
  }
}
