import PCIAccess

/// What the output must hold: a file in the shape of `--json`, cut down to what matters.
struct Expectation {
  /// What reports call it: the file.
  let name: String
  private let parts: [(key: String, value: Expected)]

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
    do { value = try JSONParser.parse(text) } catch { throw .expectation(name, "\(error)") }
    do { parts = try ExpectationChecker.parts(of: value) } catch {
      throw .expectation(name, "\(error)")
    }
  }

  /// What became of each part of it in the document that `--json` would print: one for each key, and
  /// one for each device that is listed.
  func outcomes(in document: JSONValue) -> [ReportCase] {
    parts.flatMap { part -> [ReportCase] in
      guard part.key == "devices", case .list(let devices) = part.value,
        case .list(let found)? = document[part.key]
      else {
        let mismatches = Comparison.mismatches(part.value, document[part.key], at: part.key)
        return [ReportCase(suite: name, name: ".\(part.key)", mismatches)]
      }
      return Comparison.assign(devices, found).enumerated().map { index, outcome in
        let place = ".\(part.key)[\(index)]"
        switch outcome {
        case .matched(let index):
          return ReportCase(suite: found[index].functionName ?? name, name: place, [])
        case .unmatched(let reason):
          return ReportCase(suite: name, name: place, ["\(place): \(reason)"])
        }
      }
    }
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

/// The document that `--json` prints, kept to be compared.
struct ExpectedDocument {
  private var renderer: JSONRenderer
  private var output = StandardOutput.keeping()

  init(access: String) {
    renderer = JSONRenderer(access: access)
    renderer.begin(&output)
  }

  mutating func add(_ inspection: Inspection) {
    renderer.add(inspection, to: &output)
  }

  /// All of it, once everything was added. Of a document that were no JSON no expectation would hold.
  mutating func finish(_ errors: [AccessError]) -> JSONValue {
    renderer.end(errors, &output)
    return (try? JSONParser.parse(output.kept)) ?? .null
  }
}
