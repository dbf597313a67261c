import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import PCIAccess
@testable import Platform

@Suite("Input files", .timeLimit(.minutes(10)))
struct InputFileTests {
  private static let raw = ConfigSpace.healthy.bytes

  /// The file as one of a file system that may pass a device's file through.
  private func possible(_ descriptor: FileDescriptor) -> InputBuffer {
    InputBuffer(InputFile(descriptor, isOwned: false, liveness: .possible), name: "file")
  }

  @Test("of a raw file that may be a device's nothing beyond 64 bytes is read")
  func raw() throws {
    let file = try TemporaryFile(Self.raw)
    for makesDump in [true, false] {
      let descriptor = try FileDescriptor.open(file.path, .readOnly)
      defer { try? descriptor.close() }
      var source: any DeviceSource =
        makesDump
        ? DumpSource(possible(descriptor), file: "file")
        : RawSource(possible(descriptor), file: "file")
      #expect(throws: AccessError.self) {
        do throws(AccessError) { _ = try source.next() } catch {
          #expect(error.description.contains("copy it to a local file first"))
          throw error
        }
      }
      #expect(try descriptor.seek(offset: 0, from: .current) == 64)
      #expect(try source.next() == nil)
    }
  }

  @Test("a text file that may be a device's is read to its end")
  func text() throws {
    let file = try TemporaryFile(
      Data(contentsOf: URL(filePath: "\(Fixtures.folder)/dumps/firecracker-host.txt")))
    let descriptor = try FileDescriptor.open(file.path, .readOnly)
    defer { try? descriptor.close() }
    var functions = 0
    let source = DumpSource(possible(descriptor), file: "file")
    while try source.next() != nil { functions += 1 }
    #expect(functions == 6)
  }

  @Test("files of the kernel are refused when they are open", arguments: ["/proc/self/status"])
  func live(path: String) {
    let error = AccessError(
      path,
      .unavailable(
        message: "lies in sysfs or procfs, where a read may reach a device: name the device instead"
      ))
    #expect(throws: error) { try DumpSource(path: path).next() }
    #expect(throws: error) { try RawSource(path: path).next() }
    #expect(DumpSource.functionNames(path: path, most: 9).isEmpty)
    #expect(
      throws: AccessError(
        path, .unavailable(message: "is a file of the kernel's: it is not read as text"))
    ) { try TextFile.contents(of: path) }
  }

  @Test("completions wait for no writer of a pipe")
  func pipe() throws {
    try withScratchFolder { folder in
      let path = "\(folder)/pipe"
      let waits = try waitsForWriter(at: path) {
        #expect(DumpSource.functionNames(path: path, most: 9).isEmpty)
      }
      #expect(!waits)
    }
  }
}
