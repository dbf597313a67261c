import Foundation
import TestSupport
import Testing

@testable import InspectCLI

@Suite("What the README shows")
struct ReadmeTests {
  private static let tree = "\(Fixtures.folder)/sysfs/firecracker"

  /// As if the machine of the fixture were this one; in color when `isPicture`.
  private func session(_ commands: [[String]], isPicture: Bool = false) throws -> String {
    try withScratchFolder { folder in
      // A device model that got a length wrong.
      var config = [UInt8](
        try Data(
          contentsOf: URL(filePath: "\(Self.tree)/bus/pci/devices/0000:00:03.0/config")))
      config[0x72] = 16
      try Data(config).write(to: URL(filePath: "\(folder)/guest.config"))
      return commands.map { words in
        let line = (["virtio-pci-inspect"] + words).joined(separator: " ")
        let outcome = InProcess.run(
          (words.contains("-F") ? [] : ["--sysfs", Self.tree])
            + words.map { $0 == "guest.config" ? "\(folder)/\($0)" : $0 },
          in: Surroundings(showsColor: isPicture))
        #expect(outcome.error.isEmpty == (outcome.status == 0))
        return "# \(isPicture ? "\u{1B}[1m\(line)\u{1B}[0m" : line)\n"
          + outcome.output.replacing("\(folder)/", with: "")
      }.joined(separator: "\n")
    }
  }

  @Test("the picture is what a terminal shows")
  func picture() throws {
    let session = try session(
      [[], ["eth0"], ["--check", "-F", "guest.config"]], isPicture: true)
    let svg = TerminalPicture.svg(of: session)
    if let difference = try Golden.difference(svg, from: "terminal.svg") {
      Issue.record("\(difference)")
    }
  }

  /// As Debian 12 has it; later ones may know more.
  private static let lspci = Tool("lspci").flatMap { tool in
    (try? tool.run(["--version"]))?.output.contains("version 3.9") == true ? tool : nil
  }

  @Test("lspci 3.9 shows what the comparison says", .enabled("needs lspci 3.9") { lspci != nil })
  func comparison() throws {
    let dump = "\(Fixtures.folder)/dumps/firecracker-host.txt"
    let lspci = try #require(Self.lspci)
    let shown = try lspci.run(["-F", dump, "-s", "04.0", "-vv"]).output
    #expect(shown.contains("[70] Vendor Specific Information: VirtIO: Notify\n\t\tBAR=0 offset="))
    #expect(shown.contains("[84] Vendor Specific Information: VirtIO: <unknown>"))
    #expect(!shown.contains("4000186000"))

    // The common configuration: 12 bytes; the notify capability: 16.
    var text = try String(contentsOfFile: dump, encoding: .utf8)
    for (sound, broken) in [
      ("40: 09 50 10 01", "40: 09 50 0c 01"), ("70: 09 84 14", "70: 09 84 10"),
    ] {
      #expect(text.contains(sound))
      text = text.replacingOccurrences(of: sound, with: broken)
    }
    let file = try TemporaryFile(text.utf8)
    let damaged = try lspci.run(["-F", file.path, "-s", "04.0", "-vv"]).output
    #expect(damaged.contains("[40] Vendor Specific Information: Len=0c <?>"))
    #expect(damaged.contains("[70] Vendor Specific Information: VirtIO: Notify\n\t\tBAR=0 offset="))
  }

  @Test("output in the text is what the program prints")
  func output() throws {
    let readme = try String(contentsOfFile: "\(Fixtures.package)/README.md", encoding: .utf8)
    #expect(readme.contains("Tests/Fixtures/golden/terminal.svg"))
    #expect(readme.contains(try session([[], ["0000:00:04.0"]])))
    let check = try session([["--check", "-F", "guest.config"]]).replacing("# ", with: "$ ")
    #expect(readme.contains(check))
  }
}
