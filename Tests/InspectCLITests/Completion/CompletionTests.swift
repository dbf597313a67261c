import Foundation
import TestSupport
import Testing

@testable import InspectCLI

@Suite("Completions")
struct CompletionTests {
  @Test("the file is what the table of options makes", arguments: Shell.allCases)
  func golden(shell: Shell) throws {
    if let difference = try Golden.difference(shell.text(), fromGenerated: shell.file) {
      Issue.record("\(difference)")
    }
  }

  @Test("the hidden option is in none", arguments: Shell.allCases, Option.hidden)
  func hidden(shell: Shell, option: Option) {
    #expect(!shell.text().contains(option.summary))
  }

  @Test("a summary may hold what means something to a shell", arguments: Shell.allCases)
  func escaping(shell: Shell) throws {
    let summary = #"it's [a] "b:c" \d $(touch e) `f` %g"#
    let options = ["odd-one", "odd-two"].map {
      Option.flag($0, in: .other, summary, details: "") { _ in }
    }
    try withScratchFolder { folder in
      let file = "\(folder)/\(shell.file.split(separator: "/")[1])"
      try Data(shell.text(options: Option.table + options).utf8).write(to: URL(filePath: file))
      let tree = try SysfsFixture()
      let terminal = try shell.terminal(completion: file, in: tree.root, keeping: folder)
      try terminal.type("virtio-pci-inspect --odd\t\t\t")
      #expect(try terminal.screen { $0.contains(summary) }.contains(summary))
    }
  }
}
