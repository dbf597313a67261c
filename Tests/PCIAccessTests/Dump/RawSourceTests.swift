import Foundation
import TestSupport
import Testing
import VirtioPCI

@testable import PCIAccess

@Suite("Raw config files", .timeLimit(.minutes(10)))
struct RawSourceTests {
  @Test("a config file is one function, which does not know its address")
  func function() throws {
    let path = "\(Fixtures.folder)/dumps/socket.config"
    let source = RawSource(path: path)
    let function = try #require(try source.next())
    #expect(function.address == nil)
    #expect(function.file == path)
    #expect(!function.isLive)
    #expect(function.configSize == 256)
    #expect(try function.identity().isVirtio)
    #expect(try source.next() == nil)
  }

  @Test(
    "the size is checked",
    arguments: [
      (0, "has only 0 bytes of config space, 64 are needed"),
      (63, "has only 63 bytes of config space, 64 are needed"), (64, nil), (100, nil), (4096, nil),
      (4097, "has more than 4096 bytes of config space"),
    ])
  func sizes(count: Int, problem: String?) throws {
    let file = try TemporaryFile(repeatElement(0, count: count))
    let source = RawSource(path: file.path)
    do throws(AccessError) {
      #expect(try source.next()?.configSize == count)
      #expect(problem == nil)
    } catch {
      #expect("\(error)" == problem)
      #expect(error.subject == file.path)
    }
    #expect(try source.next() == nil)
  }

  @Test("a text is not taken for config space, and the way to read it is named")
  func text() throws {
    let source = RawSource(path: "\(Fixtures.folder)/dumps/socket.xxd")
    let error = #expect(throws: AccessError.self) { try source.next() }
    #expect(error?.description == "is text, not a raw config file: read it with --dump")
  }

  @Test("what cannot be read keeps the system's reason")
  func systemErrors() {
    let error = #expect(throws: AccessError.self) { try RawSource(path: "/nowhere").next() }
    #expect(error?.reason == .system(.noSuchFileOrDirectory))
  }

  @Test("nothing but a regular file is opened", arguments: ["/", "/dev/null", "/dev/tty"])
  func kinds(path: String) {
    let error = #expect(throws: AccessError.self) { try RawSource(path: path).next() }
    guard case .unavailable? = error?.reason else {
      Issue.record("\(path): \(error.map { "\($0)" } ?? "read")")
      return
    }
  }
}
