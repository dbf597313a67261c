import PCIAccess

/// Turns inspections into text, one at a time, so that any number of them takes a bounded memory.
protocol Renderer {
  /// What must be read of each function.
  var needs: ReadPlan { get }

  /// Writes what stands before the first function.
  mutating func begin(_ output: inout StandardOutput)
  mutating func add(_ inspection: Inspection, to output: inout StandardOutput)
  /// Writes what stands after the last, with all that could not be read.
  mutating func end(_ errors: [AccessError], _ output: inout StandardOutput)
}

extension Renderer {
  func begin(_ output: inout StandardOutput) {}
  func end(_ errors: [AccessError], _ output: inout StandardOutput) {}
}

/// One row a function.
struct ListRenderer: Renderer {
  private let columns: [Column]
  private var table: TextTable

  init(columns: [Column], painter: Painter, showsHeadings: Bool) {
    self.columns = columns
    table = TextTable(
      columns.map { TextTable.Column(heading: $0.name, alignment: $0.alignment) },
      painter: painter, showsHeadings: showsHeadings)
  }

  var needs: ReadPlan { columns.reduce(into: []) { $0.formUnion($1.needs) } }

  mutating func add(_ inspection: Inspection, to output: inout StandardOutput) {
    table.add({ columns[$0].append(inspection, &$1) }) { output.write($0) }
  }

  mutating func end(_ errors: [AccessError], _ output: inout StandardOutput) {
    table.finish { output.write($0) }
  }
}

/// Each function in full, with an empty line between two.
struct DetailRenderer: Renderer {
  let view: DetailView
  let showsConfig: Bool
  private var isFirst = true

  init(view: DetailView, showsConfig: Bool) {
    self.view = view
    self.showsConfig = showsConfig
  }

  var needs: ReadPlan {
    var needs = ReadPlan.detail
    if view.isVerbose { needs.formUnion([.msix, .configSize, .extended]) }
    if view.showsLayout { needs.insert(.msix) }
    if showsConfig { needs.insert(.wholeConfig) }
    return needs
  }

  mutating func add(_ inspection: Inspection, to output: inout StandardOutput) {
    output.write { text in
      if !isFirst { text.append(UInt8(ascii: "\n")) }
      view.append(inspection, to: &text)
    }
    isFirst = false
  }
}

/// One JSON object for the whole run.
struct JSONRenderer: Renderer {
  private var document: JSONDocument
  private var writer = JSONWriter(compact: false)

  init(access: JSONDocument.AccessName) {
    document = JSONDocument(access: access)
  }

  var needs: ReadPlan { .json }

  mutating func begin(_ output: inout StandardOutput) {
    writer.open("{")
    write(JSONDocument.table.fields.prefix { $0.key != JSONDocument.devicesKey })
    writer.key(JSONDocument.devicesKey)
    writer.open("[")
  }

  mutating func add(_ inspection: Inspection, to output: inout StandardOutput) {
    writer.element()
    inspection.write(to: &writer)
    writer.drain(to: &output)
  }

  mutating func end(_ errors: [AccessError], _ output: inout StandardOutput) {
    document.errors = errors
    writer.close("]")
    write(JSONDocument.table.fields.drop { $0.key != JSONDocument.devicesKey }.dropFirst())
    writer.close("}")
    writer.endOfText()
    writer.drain(to: &output)
  }

  private mutating func write(_ fields: ArraySlice<JSONField<JSONDocument>>) {
    for field in fields { field.write(document, &writer) }
  }
}

/// One compact JSON object a line and function.
struct JSONLinesRenderer: Renderer {
  private var writer = JSONWriter(compact: true)

  var needs: ReadPlan { .json }

  mutating func add(_ inspection: Inspection, to output: inout StandardOutput) {
    inspection.write(to: &writer)
    writer.endOfText()
    writer.drain(to: &output)
  }
}

/// Nothing, where a report or the differences are all of the output.
struct NoRenderer: Renderer {
  var needs: ReadPlan { [] }

  func add(_ inspection: Inspection, to output: inout StandardOutput) {}
}

extension Arguments {
  /// What the output is printed by.
  func renderer(
    access: JSONDocument.AccessName, in surroundings: Surroundings
  ) -> any Renderer {
    if report?.isMachine == true || diff != nil { return NoRenderer() }
    // A dump in colors could not be read back.
    let painter = Painter(isOn: (color.isOn ?? surroundings.showsColor) && !hex)
    if json { return JSONRenderer(access: access) }
    if jsonLines { return JSONLinesRenderer() }
    if !asksForList {
      return DetailRenderer(
        view: DetailView(
          painter: painter, isVerbose: isVerbose, showsHeadings: showsHeadings,
          showsLayout: layout,
          lineLength: min(surroundings.columns ?? .max, DetailView.longestLine),
          rowLength: surroundings.columns ?? .max),
        showsConfig: hex)
    }
    if check, columns == nil { return CheckRenderer(painter: painter) }
    return ListRenderer(
      columns: columns?.columns ?? Column.defaults, painter: painter, showsHeadings: showsHeadings)
  }
}

extension ColorChoice {
  /// Nil where the surroundings decide.
  var isOn: Bool? {
    switch self {
    case .always: true
    case .never: false
    case .auto: nil
    }
  }
}
