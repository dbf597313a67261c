import TestSupport
import Testing

@testable import PCIAccess

@Suite("Text file")
struct TextFileTests {
  @Test("all of it is read", arguments: [0, 1, 65_536, 200_000])
  func contents(count: Int) throws {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let file = try TemporaryFile(bytes)
    #expect(try TextFile.contents(of: file.path) == bytes)
  }

  @Test("one that is not there, or has no end, is an error")
  func errors() {
    #expect(throws: AccessError("/no/where", .system(.noSuchFileOrDirectory))) {
      try TextFile.contents(of: "/no/where")
    }
    #expect(
      throws: AccessError("/dev/zero", .malformed(line: 0, message: "is larger than 16 MiB"))
    ) {
      try TextFile.contents(of: "/dev/zero")
    }
  }
}
