import Glibc
internal import SystemPackage

/// An open file of a tree that closes itself.
struct File: ~Copyable {
  let descriptor: FileDescriptor

  init(_ path: FilePath, writable: Bool = false) throws(Errno) {
    // In a tree that somebody made a FIFO may stand in place of a file: nobody waits for it.
    descriptor = try system {
      try FileDescriptor.open(
        path, writable ? .readWrite : .readOnly, options: [.closeOnExec, .nonBlocking])
    }
  }

  deinit { try? descriptor.close() }

  /// The size that the file system names; a pipe has none.
  func size() throws(Errno) -> Int {
    let status = try system { try descriptor.stat() }
    guard status.type != .fifo else { throw .illegalSeek }
    return Int(status.size)
  }

  /// Up to `count` bytes at `offset`, in as few reads as the kernel allows: fewer where it ends.
  func read(at offset: Int, count: Int) throws(Errno) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      let got = try system {
        try unsafe bytes.withUnsafeMutableBytes { buffer in
          try unsafe descriptor.read(
            fromAbsoluteOffset: Int64(offset + filled),
            into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
        }
      }
      guard got > 0 else { break }
      filled += got
    }
    bytes.removeLast(count - filled)
    return bytes
  }

  /// What one read of `count` bytes at `offset` gives: where a file stands for registers, one access
  /// of them.
  func readOnce(at offset: Int, count: Int) throws(Errno) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    let got = try system {
      try unsafe bytes.withUnsafeMutableBytes {
        try unsafe descriptor.read(fromAbsoluteOffset: Int64(offset), into: $0)
      }
    }
    bytes.removeLast(count - got)
    return bytes
  }

  /// Writes `bytes` at `offset` in one write.
  func writeOnce(_ bytes: [UInt8], at offset: Int) throws(Errno) {
    let put = try system {
      try unsafe bytes.withUnsafeBytes {
        try unsafe descriptor.write(toAbsoluteOffset: Int64(offset), $0)
      }
    }
    guard put == bytes.count else { throw .ioError }
  }

  /// The most that a small text file has.
  private static let longestText = 1 << 20

  /// All of a small text file, as sysfs has them: in one read of a page, unless that ends within a
  /// line or is full, and so may have been cut short.
  static func contents(of path: FilePath) throws(Errno) -> [UInt8] {
    let file = try File(path)
    var bytes = [UInt8](repeating: 0, count: 4096)
    var filled = 0
    while true {
      if filled == bytes.count {
        guard filled < longestText else { throw .fileTooLarge }
        bytes += [UInt8](repeating: 0, count: filled)
      }
      let got = try system {
        try unsafe bytes.withUnsafeMutableBytes { buffer in
          try unsafe file.descriptor.read(
            into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
        }
      }
      filled += got
      let isWhole = filled < bytes.count && filled > 0 && bytes[filled - 1] == UInt8(ascii: "\n")
      if got == 0 || isWhole { break }
    }
    bytes.removeLast(bytes.count - filled)
    return bytes
  }
}

/// The names in a folder, without `.` and `..`.
struct Folder {
  struct Entry {
    var name: String
    var isFolder: Bool
  }

  static func entries(of path: FilePath) throws(Errno) -> [Entry] {
    guard let folder = unsafe path.withPlatformString({ unsafe opendir($0) }) else {
      throw Errno(rawValue: errno)
    }
    defer { unsafe closedir(folder) }
    var entries: [Entry] = []
    while true {
      errno = 0
      guard let entry = unsafe readdir(folder) else { break }
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      guard name != ".", name != ".." else { continue }
      let type = unsafe Int32(entry.pointee.d_type)
      // Not every file system says here what an entry is.
      let isFolder =
        type == DT_DIR
        || type == DT_UNKNOWN
          && (try? path.appending(name).stat(followTargetSymlink: false).type) == .directory
      entries.append(Entry(name: name, isFolder: isFolder))
    }
    guard errno == 0 else { throw Errno(rawValue: errno) }
    return entries
  }
}

/// Whether a path leads to anything.
func isThere(_ path: FilePath) throws(Errno) -> Bool {
  guard unsafe path.withPlatformString({ unsafe access($0, F_OK) }) != 0 else { return true }
  let error = Errno(rawValue: errno)
  guard error == .noSuchFileOrDirectory || error == .notDirectory else { throw error }
  return false
}

/// The path without symbolic links.
func resolved(_ path: FilePath) throws(Errno) -> FilePath {
  guard let real = unsafe path.withPlatformString({ unsafe realpath($0, nil) }) else {
    throw Errno(rawValue: errno)
  }
  defer { unsafe free(real) }
  return unsafe FilePath(platformString: real)
}

/// The last part of what a symbolic link points to.
func linkedName(_ path: FilePath) throws(Errno) -> String? {
  let capacity = Int(PATH_MAX)
  var target = [CChar](repeating: 0, count: capacity)
  let length = unsafe path.withPlatformString { unsafe readlink($0, &target, capacity) }
  guard length >= 0 else { throw Errno(rawValue: errno) }
  let bytes = target[..<length].map { UInt8(bitPattern: $0) }
  return bytes.split(separator: UInt8(ascii: "/")).last.map { String(decoding: $0, as: UTF8.self) }
}

/// Calls into swift-system, whose errors are untyped but always an `Errno`.
func system<Value>(_ body: () throws -> Value) throws(Errno) -> Value {
  do {
    return try body()
  } catch {
    throw error as? Errno ?? .ioError
  }
}
