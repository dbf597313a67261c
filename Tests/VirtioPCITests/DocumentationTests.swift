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
      ("README.md", 1), ("\(catalogue)/DecodingACapabilityList.md", 4),
      ("\(catalogue)/ReadingTheCommonConfiguration.md", 3),
    ])
  func compiles(page: String, count: Int) throws {
    let text = try String(contentsOfFile: "\(Fixtures.package)/\(page)", encoding: .utf8)
    let blocks = text.components(separatedBy: "```swift\n").dropFirst().map {
      $0.components(separatedBy: "```")[0]
    }
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
}
