import Testing

@testable import InspectCLI

@Suite("Column choice")
struct ColumnChoiceTests {
  private static let defaults = Column.defaults.map { $0.name }

  @Test(
    "the columns replace the default ones, after + they follow them, in either case",
    arguments: [
      ("TYPE,address", ["TYPE", "ADDRESS"]), ("+id", defaults + ["ID"]),
      ("TYPE,TYPE", ["TYPE", "TYPE"]),
    ])
  func names(text: String, names: [String]) throws {
    #expect(try ColumnChoice(parsing: text).columns.map(\.name) == names)
  }

  @Test("every column can be chosen")
  func all() throws {
    let names = Column.all.map { $0.name }
    #expect(try ColumnChoice(parsing: names.joined(separator: ",")).names == names)
  }
}
