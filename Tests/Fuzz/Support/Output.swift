import PCIAccess
import VirtioPCI

@testable import InspectCLI

/// All that the program prints of one function, with what holds of any output.
struct Output {
  let inspection: Inspection
  let errors: [AccessError]

  /// What `--json` prints.
  var json: [UInt8] { text(of: JSONRenderer(access: .sysfs)) }

  func text(of renderer: some Renderer) -> [UInt8] {
    var renderer = renderer
    var output = StandardOutput.keeping()
    renderer.begin(&output)
    renderer.add(inspection, to: &output)
    renderer.end(errors, &output)
    return output.kept
  }

  /// Checks the JSON, and of all other forms the one that `choice` picks, for speed.
  func check(_ choice: UInt8) throws {
    try checkJSON()
    switch choice % 5 {
    case 0, 1:
      // A dump is printed without colors.
      try checkText(inColor: inspection.config == nil) { painter in
        DetailRenderer(
          view: DetailView(painter: painter, isVerbose: choice % 5 == 0, showsHeadings: true),
          showsConfig: inspection.config != nil)
      }
    case 2: try checkText { ListRenderer(columns: Column.all, painter: $0, showsHeadings: true) }
    case 3: try checkText { CheckRenderer(painter: $0) }
    default:
      let verdicts = inspection.verdicts ?? []
      try checkReports(
        ReportCase.cases(
          verdicts, on: inspection.function, suite: "suite", isStrict: false))
    }
  }

  /// It parses, has the shape that the model says, and holds as an expectation of itself.
  private func checkJSON() throws {
    let json = json
    try requirePlain(json)
    let document = try JSONParser.parse(json)
    if let misfit = JSONDocument.table.shape.misfit(document) {
      throw Violation(description: misfit)
    }
    let line = try JSONParser.parse(text(of: JSONLinesRenderer()))
    try require(line == inspection.json, "what is printed differs from what is compared")
    try require(document["devices"] == .list([line]), "--jsonl differs from --json")
    try require(json.count < 1 << 20, "\(json.count) bytes of JSON")
    let expectation = try Expectation(name: "itself", text: json)
    for item in expectation.outcomes(in: document) {
      try require(item.outcome == .passed, "\(item)")
    }
  }

  /// Nothing in it that a terminal would obey, and colour changes nothing else.
  private func checkText(
    inColor: Bool = true, _ renderer: (Painter) -> some Renderer
  ) throws {
    let plain = text(of: renderer(Painter(isOn: false)))
    try requirePrintable(plain)
    guard inColor else { return }
    let painted = text(of: renderer(Painter(isOn: true)))
    try require(painted.withoutColor == plain, "colour changes the text")
  }
}

func checkReports(_ cases: [ReportCase]) throws {
  for format in ReportFormat.allCases {
    try requirePrintable(Array(format.text(cases).utf8))
  }
  let lines = ReportFormat.tap.text(cases).split(separator: "\n")
  let results = lines.count { $0.hasPrefix("ok ") || $0.hasPrefix("not ok ") }
  try require(results == cases.count, "\(results) lines for \(cases.count) cases")
  for item in cases {
    let count = Annotation.text(item).split(separator: "\n").count
    try require(count == item.reasons.count, "\(count) annotations for \(item)")
  }
}

/// No control character but the line feed.
private func requirePlain(_ text: [UInt8]) throws {
  guard !text.isPlain else { return }
  guard let text = String(validating: text, as: UTF8.self) else {
    throw Violation(description: "output is not UTF-8")
  }
  let control = text.unicodeScalars.first {
    $0 != "\n" && $0.properties.generalCategory == .control
  }
  try require(control == nil, "control character \(control?.value ?? 0) in the output")
}

/// Nothing that would have to be escaped but line feeds.
func requirePrintable(_ text: [UInt8]) throws {
  guard !text.isPlain else { return }
  for line in text.split(separator: UInt8(ascii: "\n")) {
    guard let line = String(validating: line, as: UTF8.self) else {
      throw Violation(description: "output is not UTF-8")
    }
    try require(escaped(line) == line, "not to be printed as it is: \(escaped(line))")
  }
}

extension [UInt8] {
  /// Whether it is lines of printable ASCII.
  fileprivate var isPlain: Bool {
    allSatisfy { (0x20...0x7E).contains($0) || $0 == UInt8(ascii: "\n") }
  }

  /// Without the terminal's sequences for colours.
  fileprivate var withoutColor: [UInt8] {
    var text: [UInt8] = []
    var isSequence = false
    for byte in self {
      if byte == 0x1B { isSequence = true }
      if !isSequence { text.append(byte) }
      if byte == UInt8(ascii: "m") { isSequence = false }
    }
    return text
  }
}

extension JSONShape {
  /// Where `value` is not an object with just these keys in their order; nil when it is.
  fileprivate func misfit(_ value: JSONValue) -> String? {
    guard case .object(let members) = value else { return "\(value) is not an object" }
    guard members.map(\.key) == keys.map(\.key) else {
      return "\(members.map(\.key)) are not the keys \(keys.map(\.key))"
    }
    for (member, key) in zip(members, keys) {
      if let misfit = key.type.misfit(member.value) { return "\(key.key): \(misfit)" }
    }
    return nil
  }
}

extension JSONType {
  fileprivate func misfit(_ value: JSONValue) -> String? {
    switch (value, self) {
    case (.null, .nullable), (.string, .string), (.integer, .integer), (.bool, .bool): return nil
    case (_, .nullable(let type)): return type.misfit(value)
    case (.string(let text), .oneOf(let words)) where words.contains(text): return nil
    case (.list(let elements), .list(let type)):
      return elements.lazy.compactMap { type.misfit($0) }.first
    case (_, .object(let shape)): return shape().misfit(value)
    case (_, .anyObject(let shapes)):
      let fits = shapes().contains { $0.misfit(value) == nil }
      return fits ? nil : "none of \(shapes().map(\.name)) fits"
    default: return "\(value) is not \(self)"
    }
  }
}
