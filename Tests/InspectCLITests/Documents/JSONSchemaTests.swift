import Foundation
import TestSupport
import Testing
import VirtioConformance
import VirtioPCI

@testable import InspectCLI

@Suite("JSON Schema")
struct JSONSchemaTests {
  @Test("--schema prints the one that was read and agreed to")
  func golden() throws {
    let outcome = InProcess.run(["--schema", "--no-such-option"])
    #expect(outcome.status == 0)
    #expect(outcome.output == JSONSchema.text(of: .output))
    if let difference = try Golden.difference(outcome.output, from: "schema.json") {
      Issue.record("\(difference)")
    }
  }

  @Test("--schema=WHAT prints that of other output, and of no other word")
  func topics() throws {
    let outcome = InProcess.run(["--schema=decode"])
    #expect(outcome.status == 0)
    if let difference = try Golden.difference(outcome.output, from: "schema-decode.json") {
      Issue.record("\(difference)")
    }
    for word in ["", "Decode", "decode,decode", "json"] {
      let refused = InProcess.run(["--schema=\(word)"])
      #expect(refused.status == 2)
      #expect(refused.error.contains("is not output, diff or decode"), "\(refused.error)")
    }
  }

  @Test("objects and keys have their meaning in one line")
  func tables() {
    for object in JSONDocument.table.shape.nested {
      for meaning in [object.meaning] + object.keys.map(\.meaning) {
        #expect(!meaning.isEmpty && !meaning.contains("\n"))
        #expect(!meaning.hasSuffix(".") || meaning.hasSuffix("..."))
      }
    }
  }

  @Test("objects of one name have the same keys")
  func names() {
    var keys: [String: [String]] = [:]
    func visit(_ shape: JSONShape) {
      #expect(
        keys.updateValue(shape.keys.map(\.key), forKey: shape.name) ?? shape.keys.map(\.key)
          == shape.keys.map(\.key))
      for key in shape.keys {
        var type = key.type.content
        while case .list(let element) = type { type = element.content }
        type.shapes.forEach(visit)
      }
    }
    visit(JSONDocument.table.shape)
    #expect(keys.count == JSONDocument.table.shape.nested.count + 1)
  }

  @Test("the identity of an object is among its keys")
  func identity() {
    for shape in JSONDocument.table.shape.nested {
      #expect(Set(shape.identity).isSubset(of: shape.keys.map(\.key)))
    }
  }
}

private let python = Tool.python(with: "jsonschema")

/// What another implementation, Python's, makes of the schema.
@Suite("JSON Schema as a validator takes it", .enabled(if: python != nil))
struct JSONSchemaValidationTests {
  /// Prints what does not meet the schema `argv[1]` among the texts in the files that follow, each
  /// with any number of them: the whole output, or a line of `--jsonl`. Ends with their number.
  private static let validate = """
    import json, sys
    from jsonschema import Draft202012Validator as Validator
    schema = json.load(open(sys.argv[1]))
    Validator.check_schema(schema)
    whole = Validator(schema)
    line = Validator({"$ref": "#/$defs/device", "$defs": schema["$defs"]})
    count = 0
    for path in sys.argv[2:]:
        text, start = open(path).read(), 0
        while text[start:].strip():
            value, start = json.JSONDecoder().raw_decode(text, start)
            start += len(text[start:]) - len(text[start:].lstrip())
            count += 1
            for error in (whole if "schema_version" in value else line).iter_errors(value):
                print(path, count, list(error.path), error.message[:200])
    print(count)
    """

  /// Changes each value to one that its key cannot have, and prints the changes that are let
  /// through; ends with the number of those that were tried.
  private static let refute = """
    import copy, json, re, sys
    from jsonschema import Draft202012Validator as Validator
    schema = json.load(open(sys.argv[1]))
    document = json.load(open(sys.argv[2]))
    whole = Validator(schema)
    tried, seen = 0, set()
    others = [{}, [], [{}], True, -1, 1.5, 2**64, "~"]
    words = ["access", "type", "interface", "space", "cfg_type", "severity", "via"]

    def parts(value, path):
        yield path, value
        inner = value.items() if isinstance(value, dict) else \\
            enumerate(value) if isinstance(value, list) else []
        for key, part in inner:
            yield from parts(part, path + [key])

    def attempt(path, change, what):
        global tried
        changed = copy.deepcopy(document)
        place = changed
        for key in path[:-1]:
            place = place[key]
        change(place, path[-1])
        tried += 1
        if whole.is_valid(changed):
            print(path, what)

    def wrong(path, value):
        if value is None:
            return [{}, [{}], -1, 1.5]
        if isinstance(value, bool):
            return [x for x in others if x is not True] + [0]
        if isinstance(value, (int, dict)):
            return others
        if isinstance(value, list):
            return [x for x in others if x != []]
        result = [x for x in others if x != "~"] + [7]
        if path[-1] in words:
            result += ["~", value.upper()]
        if re.fullmatch("0x[0-9a-f]+|([0-9a-f]{2})+|[0-9a-f:]+[.][0-7]|([0-9a-f]{2}:)+..", value):
            result += ["~", value + "0 ", value + "g", "0X1", " " + value]
        return result

    for path, value in list(parts(document, [])):
        kind = tuple(key for key in path if isinstance(key, str))
        if not path or (kind, type(value)) in seen:
            continue
        seen.add((kind, type(value)))
        for other in wrong(path, value):
            attempt(path, lambda place, key: place.__setitem__(key, other), other)
        if isinstance(path[-1], str) and path[-1] != "msix":
            attempt(path, lambda place, key: place.pop(key), "left out")
    print(tried)
    """

  /// The lines that a script prints about texts in files of these contents, and the number at its
  /// end.
  private func run(
    _ script: String, _ texts: [String], of topic: JSONSchema.Topic = .output
  ) throws -> (complaints: [Substring], count: Int) {
    try withScratchFolder { folder in
      let files = ([JSONSchema.text(of: topic)] + texts).enumerated().map { index, text in
        (path: "\(folder)/\(index).json", text: text)
      }
      for file in files { try Data(file.text.utf8).write(to: URL(filePath: file.path)) }
      let outcome = try #require(python).run(["-c", script] + files.map(\.path))
      #expect(outcome.status == 0, "\(outcome.output)")
      let lines = outcome.output.split(separator: "\n")
      return (lines.dropLast(), lines.last.flatMap { Int($0) } ?? 0)
    }
  }

  private func golden(_ name: String) throws -> String {
    try String(contentsOfFile: "\(Fixtures.folder)/golden/\(name)", encoding: .utf8)
  }

  @Test("all that was printed of real machines, registers and probes meets it")
  func goldenFiles() throws {
    let folder = "\(Fixtures.folder)/golden"
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter {
      $0.hasSuffix(".json") && !$0.hasPrefix("schema") || $0.hasSuffix(".jsonl")
    }
    let (complaints, count) = try run(Self.validate, names.map { try golden($0) })
    #expect(complaints.isEmpty, "\(complaints.joined(separator: "\n"))")
    #expect(names.count >= 10 && count > names.count)
  }

  @Test("what --decode prints meets its own, and nothing else does")
  func decode() throws {
    let types = DeviceType.defined.map { "\($0.rawValue)" } + ["300"]
    let words = types.flatMap { type in
      ["0", "ffffffffffffffff", "0,0,0,80000000"].map { "\(type)=\($0)" }
    }
    let texts = try words.map { word in
      var writer = JSONWriter(compact: true)
      try DecodedFeatures(parsing: word).write(to: &writer)
      return String(decoding: writer.bytes, as: UTF8.self)
    }
    let (complaints, count) = try run(Self.validate, texts, of: .decode)
    #expect(complaints.isEmpty, "\(complaints.joined(separator: "\n"))")
    #expect(count == texts.count)
    let (through, tried) = try run(Self.refute, [texts[1]], of: .decode)
    #expect(through.isEmpty, "\(through.joined(separator: "\n"))")
    #expect(tried > 40)
  }

  @Test("whatever a damaged dump is printed as meets it", arguments: 0..<4 as Range<UInt64>)
  func dumps(seed: UInt64) throws {
    var random = SplitMix(state: seed)
    let dumps = try ["firecracker-host.txt", "legacy-pc.txt", "transitional-pc.txt"].map {
      Array(try Data(contentsOf: URL(filePath: "\(Fixtures.folder)/dumps/\($0)")))
    }
    let files = try (0..<75).map { _ in
      var dump = try #require(dumps.randomElement(using: &random))
      for _ in 0..<Int.random(in: 1...40, using: &random) {
        let position = Int.random(in: dump.indices, using: &random)
        let digit = try #require("0123456789abcdef".utf8.randomElement(using: &random))
        // The lines stay, so that much of it stays a dump.
        if dump[position] != UInt8(ascii: "\n") { dump[position] = digit }
      }
      return try TemporaryFile(dump)
    }
    let outcome = InProcess.run(["-J"] + files.flatMap { ["-F", $0.path] })
    let (complaints, count) = try run(Self.validate, [outcome.output])
    #expect(complaints.isEmpty, "\(complaints.joined(separator: "\n"))")
    #expect(count == 1)
    #expect(outcome.output.matches(of: #/"pci_capabilities":/#).count > 75)
    #expect(outcome.output.contains(#""error": ""#))
  }

  @Test(
    "whatever stands in the registers meets it",
    arguments: DeviceType.defined.filter { !$0.configFields.isEmpty })
  func registers(type: DeviceType) throws {
    var random = SplitMix(state: UInt64(type.rawValue))
    let tree = try SysfsFixture()
    let address = "0000:00:04.0"
    try tree.add(
      address,
      ConfigSpace(device: 0x1040 + type.rawValue).adding(.common(), at: 0x40)
        .adding(.device(offset: 0x2000), at: 0x60).adding(
          .notify(offset: 0x3000, multiplier: 4), at: 0x70),
      resource: "0x4000000000 0x4000003fff 0x140204\n",
      virtio: .init("virtio0", features: String(repeating: "1", count: 64)))
    try tree.write(random.bytes(0x4000), to: "bus/pci/devices/\(address)/resource0")
    let texts = [["--registers", "-J"], ["--registers", "--jsonl"]].map {
      InProcess.run(["--sysfs", tree.root] + $0).output
    }
    let (complaints, count) = try run(Self.validate, texts)
    #expect(complaints.isEmpty, "\(complaints.joined(separator: "\n"))")
    #expect(count == 2)
    #expect(texts.allSatisfy { $0.contains(#""common":"#) })
  }

  @Test(
    "no key may be missing or hold a value of another type",
    arguments: ["probe.json", "registers.json", "q35.json", "legacy-pc.json"])
  func refusal(name: String) throws {
    let (complaints, count) = try run(Self.refute, [try golden(name)])
    #expect(complaints.isEmpty, "\(complaints.joined(separator: "\n"))")
    #expect(count > 500)
  }

  @Test("keys of a later program are allowed")
  func unknownKeys() throws {
    let text = try golden("probe.json").replacing(
      #""type_id":"#, with: #""later": {"one": 1}, "type_id":"#)
    #expect(text.contains("later"))
    let (complaints, count) = try run(Self.validate, [text])
    #expect(complaints.isEmpty, "\(complaints.joined(separator: "\n"))")
    #expect(count == 1)
  }
}
