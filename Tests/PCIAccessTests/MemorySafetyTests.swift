import Foundation
import TestSupport
import Testing

@Suite("Memory safety")
struct MemorySafetyTests {
  private static let sources = "\(Fixtures.package)/Sources"
  private static let swift = Tool("swift")

  @Test("what is unsafe stands in PCIAccess, Platform, and where main hands over its arguments")
  func unsafeTargets() throws {
    let files = try #require(FileManager.default.enumerator(atPath: Self.sources))
    var places: Set<String> = []
    for case let file as String in files where file.hasSuffix(".swift") {
      let text = try String(contentsOfFile: "\(Self.sources)/\(file)", encoding: .utf8)
      if text.contains(/\b(unsafe|Unsafe\w*)\b/) {
        let target = target(of: file)
        places.insert(["PCIAccess", "Platform"].contains(target) ? target : file)
      }
    }
    #expect(places == ["PCIAccess", "Platform", "InspectCLI/Entry.swift"])
  }

  @Test(
    "the compiler checks every Swift target for it",
    .enabled("needs swift on PATH") { Self.swift != nil })
  func settings() throws {
    let swift = try #require(Self.swift)
    let (output, status) = try withScratchFolder { folder in
      try swift.run([
        "package", "--package-path", Fixtures.package, "--scratch-path", folder, "dump-package",
      ])
    }
    try #require(status == 0, "\(output)")
    let start = try #require(output.firstIndex(of: "{"))
    let json = try JSONSerialization.jsonObject(with: Data(output[start...].utf8))
    let targets = try #require((json as? [String: Any])?["targets"] as? [[String: Any]])
    let checked = targets.filter { target in
      let settings = target["settings"] as? [[String: Any]] ?? []
      return settings.contains { ($0["kind"] as? [String: Any])?["strictMemorySafety"] != nil }
    }
    let files = try #require(FileManager.default.enumerator(atPath: Self.sources))
    let expected = files.compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }.map(target)
    #expect(Set(checked.compactMap { $0["name"] as? String }) == Set(expected))
  }

  private func target(of file: String) -> String { String(file.prefix { $0 != "/" }) }
}
