import Foundation
import TestSupport
import Testing

@Suite struct EmbeddedTests {
  static let compiler = Tool("swiftc")

  @Test(
    "the library compiles as Embedded Swift",
    .enabled("needs swiftc on PATH") { compiler != nil })
  func embedded() throws {
    let root = URL(filePath: Fixtures.folder).appending(path: "../../Sources/VirtioPCI")
      .standardized
    let files = try #require(FileManager.default.enumerator(atPath: root.path))
    let sources = files.compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }
    #expect(sources.count > 20)
    let compiler = try #require(Self.compiler)
    let result = try withScratchFolder { folder in
      try compiler.run(
        [
          "-parse-as-library", "-O", "-wmo", "-swift-version", "6", "-strict-memory-safety",
          "-enable-experimental-feature", "Embedded", "-warnings-as-errors",
          "-package-name", "virtio-pci-inspect", "-module-name", "VirtioPCI",
          "-c", "-o", "\(folder)/VirtioPCI.o",
        ] + sources.map { "\(root.path)/\($0)" })
    }
    #expect(result.status == 0, "\(result.output)")
  }
}
