import PCIAccess

/// Turns inspections into text, one at a time, so that any number of them takes a bounded memory.
protocol Renderer {
  /// What must be read of each function.
  var needs: ReadPlan { get }

  /// What stands before the first function.
  mutating func begin() -> [UInt8]
  mutating func add(_ inspection: Inspection) -> [UInt8]
  /// What stands after the last, with all that could not be read.
  mutating func end(_ errors: [AccessError]) -> [UInt8]
}

extension Renderer {
  mutating func begin() -> [UInt8] { [] }
  mutating func end(_ errors: [AccessError]) -> [UInt8] { [] }
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

  mutating func add(_ inspection: Inspection) -> [UInt8] {
    Array(table.add(columns.map { .init($0.text(inspection).map(escaped)) }).utf8)
  }

  mutating func end(_ errors: [AccessError]) -> [UInt8] { Array(table.finish().utf8) }
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
    if view.isVerbose { needs.formUnion([.msix, .placement]) }
    if showsConfig { needs.insert(.wholeConfig) }
    return needs
  }

  mutating func add(_ inspection: Inspection) -> [UInt8] {
    defer { isFirst = false }
    return Array(((isFirst ? "" : "\n") + view.text(of: inspection)).utf8)
  }
}

/// One JSON object for the whole run.
struct JSONRenderer: Renderer {
  let access: String
  private var writer = JSONWriter(compact: false)

  init(access: String) {
    self.access = access
  }

  var needs: ReadPlan { .json }

  mutating func begin() -> [UInt8] {
    writer.open("{")
    writer.member("schema_version") { $0.integer(UInt64(JSONModel.schemaVersion)) }
    writer.member("tool") { $0.object(JSONModel.tool, of: ()) }
    writer.member("access") { $0.string(access) }
    writer.key("devices")
    writer.open("[")
    return writer.take()
  }

  mutating func add(_ inspection: Inspection) -> [UInt8] {
    writer.element()
    writer.object(JSONModel.device, of: inspection)
    return writer.take()
  }

  mutating func end(_ errors: [AccessError]) -> [UInt8] {
    writer.close("]")
    writer.member("errors") { writer in
      writer.list(errors) { $1.object(JSONModel.error, of: $0) }
    }
    writer.close("}")
    writer.endOfText()
    return writer.take()
  }
}

/// One compact JSON object a line and function.
struct JSONLinesRenderer: Renderer {
  private var writer = JSONWriter(compact: true)

  var needs: ReadPlan { .json }

  mutating func add(_ inspection: Inspection) -> [UInt8] {
    writer.object(JSONModel.device, of: inspection)
    writer.endOfText()
    return writer.take()
  }
}
