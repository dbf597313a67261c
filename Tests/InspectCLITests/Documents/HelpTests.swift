import TestSupport
import Testing

@testable import InspectCLI

@Suite("Help")
struct HelpTests {
  @Test("the text is the one that was read and agreed to")
  func golden() throws {
    if let difference = try Golden.difference(Help.text(), from: "help.txt") {
      Issue.record("\(difference)")
    }
  }

  @Test("no line is wider than 80 columns or ends in blanks")
  func width() {
    for line in Help.text().split(separator: "\n") {
      #expect(line.count <= 80)
      #expect(line.last != " ")
    }
  }

  @Test("every option is there once", arguments: Option.shown)
  func complete(option: Option) {
    let rows = Help.text().split(separator: "\n").filter {
      $0.contains(" \(option.synopsis)  ") && $0.hasSuffix("  \(option.summary)")
    }
    #expect(rows.count == 1)
  }
}
