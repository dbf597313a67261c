import Foundation
import TestSupport
import Testing

/// `make fuzz` looks for inputs; here those that it found are given again.
@Suite("Fuzz targets")
struct ReplayTests {
  private static let corpus = "\(Fixtures.package)/Tests/Fuzz/corpus"

  @Test(
    "whatever was found keeps to what holds of every input", arguments: FuzzTarget.all.map(\.name))
  func replay(name: String) throws {
    let target = try #require(FuzzTarget.all.first { $0.name == name })
    let folder = "\(Self.corpus)/\(name)"
    let files = try FileManager.default.contentsOfDirectory(atPath: folder)
    #expect(!files.isEmpty)
    for file in files {
      let input = try Data(contentsOf: URL(filePath: "\(folder)/\(file)"))
      #expect(throws: Never.self, "\(folder)/\(file)") { try target.run(Array(input)) }
    }
  }

  @Test("nothing at all is taken, and one byte over and over")
  func edges() {
    for target in FuzzTarget.all {
      #expect(throws: Never.self, "\(target.name)") { try target.run([]) }
      for byte in [0x00, 0x09, 0x0A, 0x20, 0x22, 0x2D, 0x30, 0x5B, 0x7F, 0x80, 0xFF] as [UInt8] {
        #expect(throws: Never.self, "\(target.name) \(byte)") {
          try target.run(Array(repeating: byte, count: 300))
        }
      }
    }
  }

  @Test("every target has a corpus of its own, and no other has")
  func names() throws {
    let folders = try FileManager.default.contentsOfDirectory(atPath: Self.corpus)
    #expect(folders.sorted() == FuzzTarget.all.map(\.name).sorted())
  }
}
