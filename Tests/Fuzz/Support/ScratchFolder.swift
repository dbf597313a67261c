import Glibc
import Platform
import SystemPackage

@testable import PCIAccess

/// A folder for one input, which goes away with this.
final class ScratchFolder {
  let path: String

  init() {
    let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var name = Array("\(parent)/virtio-pci-inspect-XXXXXX".utf8CString)
    mkdtemp(&name)
    path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit { Self.remove(FilePath(path)) }

  /// Writes a file, and makes the folders above it.
  func write(_ bytes: [UInt8], to name: String) throws {
    let file = FilePath("\(path)/\(name)")
    makeFolder(file.removingLastComponent())
    let descriptor = try FileDescriptor.open(
      file, .writeOnly, options: [.create, .truncate], permissions: .ownerReadWrite)
    try descriptor.closeAfter { _ = try descriptor.writeAll(bytes) }
  }

  func read(_ name: String) throws -> [UInt8] {
    let file = try FileDescriptor.open(FilePath("\(path)/\(name)"), .readOnly)
    return try file.closeAfter {
      var bytes = [UInt8](repeating: 0, count: 1 << 16)
      let count = try bytes.withUnsafeMutableBytes { try file.read(into: $0) }
      return Array(bytes[..<count])
    }
  }

  private func makeFolder(_ folder: FilePath) {
    guard mkdir(folder.string, 0o755) != 0, errno == ENOENT else { return }
    makeFolder(folder.removingLastComponent())
    mkdir(folder.string, 0o755)
  }

  private static func remove(_ folder: FilePath) {
    try? Folder(folder).forEachEntry { entry in
      let path = folder.appending(entry.name)
      if entry.isFolder { remove(path) } else { unlink(path.string) }
    }
    rmdir(folder.string)
  }
}
