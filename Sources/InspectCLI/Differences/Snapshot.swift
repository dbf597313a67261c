import PCIAccess
import Platform

/// The functions that `--diff` compares with: those in a capture, in the output of `--json` or `--jsonl`,
/// or in a dump.
struct Snapshot {
  /// What messages call it.
  let path: String
  private(set) var functions: [JSONValue] = []
  /// What could not be read of it.
  private(set) var errors: [AccessError] = []

  /// So much of a function is compared.
  static let table = Inspection.table.filter { !ignored.contains($0) }

  /// Where it was read from and how, and what follows from the rest of it.
  private static let ignored = ["source", "config_bytes", "no_driver", "drivers", "problems"]

  /// More values take more memory than is worth it.
  private static let mostValues = 1 << 23
  /// Files of JSON have at most so many bytes.
  private static let largest = 128 << 20

  /// Reads what is at `path`: all of it, or as much as can be read.
  init(path: String) {
    self.path = path
    if SysfsTree.isFolder(path) {
      var arguments = Arguments()
      arguments.sysfs = path
      survey(arguments)
      return
    }
    do throws(AccessError) {
      let text = try TextFile.contents(of: path, atMost: Self.largest)
      let start = text.firstIndex { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
      guard let start, text[start] == UInt8(ascii: "{") else {
        survey(dump: path)
        return
      }
      functions = try Self.functions(of: text, in: path)
    } catch {
      errors.append(error)
    }
  }

  private mutating func survey(dump path: String) {
    var arguments = Arguments()
    arguments.dumps = [.path(path)]
    survey(arguments)
  }

  private mutating func survey(_ arguments: Arguments) {
    // A file that is named as a dump, and a tree, are never refused.
    guard var survey = try? Survey(arguments) else { return }
    survey.include(.json)
    while let sighting = survey.next() {
      errors += sighting.errors
      if let inspection = sighting.inspection {
        functions.append(Self.table.value(of: inspection))
      }
    }
  }

  /// Those of a document of `--json`, or of the lines of `--jsonl`.
  private static func functions(
    of text: [UInt8], in path: String
  ) throws(AccessError) -> [JSONValue] {
    var found: [JSONValue] = []
    var number = 0
    for line in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      number += 1
      if line.allSatisfy({ [0x20, 0x09, 0x0D].contains($0) }) { continue }
      let value: JSONValue
      do throws(JSONError) {
        value = try JSONParser.parse(Array(line), mostValues: mostValues)
      } catch {
        // No line of it, but maybe all of it.
        if found.isEmpty { return try document(text, in: path) }
        throw AccessError(
          path, .malformed(line: number, message: "column \(error.column): \(error.message)"))
      }
      guard isFunction(value) else {
        if found.isEmpty { return try document(text, in: path) }
        throw AccessError(path, .malformed(line: number, message: "is not a function of --jsonl"))
      }
      found.append(value)
    }
    return found
  }

  private static func document(
    _ text: [UInt8], in path: String
  ) throws(AccessError) -> [JSONValue] {
    let value: JSONValue
    do throws(JSONError) {
      value = try JSONParser.parse(text, mostValues: mostValues)
    } catch {
      throw AccessError(
        path, .malformed(line: error.line, message: "column \(error.column): \(error.message)"))
    }
    if let version = value["schema_version"], version != .integer(JSONDocument.schemaVersion) {
      let message = "schema_version is not \(JSONDocument.schemaVersion), the only one known"
      throw AccessError(path, .malformed(line: 1, message: message))
    }
    guard case .list(let functions)? = value[JSONDocument.devicesKey],
      functions.allSatisfy(isFunction)
    else {
      throw AccessError(
        path, .malformed(line: 1, message: "is not the output of --json, --jsonl or --capture"))
    }
    return functions
  }

  private static func isFunction(_ value: JSONValue) -> Bool {
    value["vendor_id"]?.text != nil && value["capabilities"] != nil
  }
}
