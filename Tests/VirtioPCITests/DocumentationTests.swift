import Foundation
import TestSupport
import Testing

@Suite("The Swift code in the documentation")
struct DocumentationTests {
  static let compiler = Tool("swiftc")
  static let catalogue = "Sources/VirtioPCI/VirtioPCI.docc"

  /// What a driver has and the documentation does not show.
  private static let kernel = """
    func mmio_load8(_ address: UInt) -> UInt8 { 0 }
    func mmio_load16(_ address: UInt) -> UInt16 { 0 }
    func mmio_load32(_ address: UInt) -> UInt32 { 0 }
    func mmio_store8(_ address: UInt, _ value: UInt8) {}
    func mmio_store16(_ address: UInt, _ value: UInt16) {}
    func mmio_store32(_ address: UInt, _ value: UInt32) {}
    """

  @Test(
    "compiles",
    .enabled("needs swiftc on PATH") { compiler != nil },
    arguments: [
      ("README.md", 2), ("\(catalogue)/DecodingACapabilityList.md", 4),
      ("\(catalogue)/ReadingTheCommonConfiguration.md", 3),
    ])
  func compiles(page: String, count: Int) throws {
    let blocks = blocks(of: try text(of: page))
    #expect(blocks.count == count)
    let compiler = try #require(Self.compiler)
    let modules = URL(filePath: BuiltProgram.path).deletingLastPathComponent()
      .appending(path: "Modules")
    let result = try withScratchFolder { folder in
      let file = "\(folder)/page.swift"
      try (blocks + [Self.kernel]).joined(separator: "\n")
        .write(toFile: file, atomically: true, encoding: .utf8)
      return try compiler.run([
        "-typecheck", "-parse-as-library", "-swift-version", "6", "-warnings-as-errors",
        "-I", modules.path, file,
      ])
    }
    #expect(result.status == 0, "\(result.output)")
  }

  @Test("on bare metal is that of the driver which boots")
  func bareMetal() throws {
    let page = try text(of: "\(Self.catalogue)/ADriverOnBareMetal.md")
    let driver = try ["MMIO", "Driver"].map { try text(of: "Tests/BareMetal/\($0).swift") }
    #expect(
      blocks(of: page).map(trimmed).joined(separator: "\n\n")
        == driver.map(trimmed).joined(separator: "\n\n"))
  }

  private func text(of file: String) throws -> String {
    try String(contentsOfFile: "\(Fixtures.package)/\(file)", encoding: .utf8)
  }

  private func blocks(of page: String) -> [String] {
    page.components(separatedBy: "```swift\n").dropFirst().map {
      $0.components(separatedBy: "```")[0]
    }
  }

  private func trimmed(_ text: String) -> String {
    text.trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
