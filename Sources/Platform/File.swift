package import SystemPackage

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// An open file that closes itself.
package struct File: ~Copyable {
  package let descriptor: FileDescriptor

  package init(_ descriptor: FileDescriptor) { self.descriptor = descriptor }

  /// The file at `path`, symbolic links followed.
  package init(_ path: FilePath) throws(Errno) {
    descriptor = try openFile(at: AT_FDCWD, path, O_RDONLY)
  }

  deinit { try? descriptor.close() }

  package var liveness: Liveness { Liveness(of: descriptor) }

  package func stat() throws(Errno) -> Stat { try system { try descriptor.stat() } }

  /// The size that the file system names.
  package func size() throws(Errno) -> Int { Int(try stat().size) }

  /// Up to `count` bytes at `offset`, in as few reads as the kernel allows: fewer where it ends.
  package func read(at offset: Int, count: Int) throws(Errno) -> [UInt8] {
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
  package func readOnce(at offset: Int, count: Int) throws(Errno) -> [UInt8] {
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
  package func writeOnce(_ bytes: [UInt8], at offset: Int) throws(Errno) {
    let put = try system {
      try unsafe bytes.withUnsafeBytes {
        try unsafe descriptor.write(toAbsoluteOffset: Int64(offset), $0)
      }
    }
    guard put == bytes.count else { throw .ioError }
  }

  /// Waits until what was written is on the disk.
  package func synchronize() throws(Errno) {
    guard fsync(descriptor.rawValue) == 0 else { throw Errno(rawValue: errno) }
  }

  /// All of a text file as sysfs has them, of at most `limit` bytes: in one read, unless that ends within
  /// a line or is full, and so may have been cut short.
  package func contents(atMost limit: Int) throws(Errno) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: limit + 1)
    var filled = 0
    while filled <= limit {
      let got = try system {
        try unsafe bytes.withUnsafeMutableBytes { buffer in
          try unsafe descriptor.read(
            into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
        }
      }
      filled += got
      let isWhole = filled < limit && filled > 0 && bytes[filled - 1] == UInt8(ascii: "\n")
      if got == 0 || isWhole { break }
    }
    guard filled <= limit else { throw .fileTooLarge }
    bytes.removeLast(bytes.count - filled)
    return bytes
  }
}

/// Opens `path`, relative to the folder `directory`. No terminal becomes the process's own, no FIFO is
/// waited for, and no program that is run has the descriptor.
func openFile(
  at directory: Int32, _ path: FilePath, _ flags: Int32, mode: mode_t = 0
) throws(Errno) -> FileDescriptor {
  let flags = flags | O_CLOEXEC | O_NOCTTY | O_NONBLOCK
  while true {
    let result = unsafe path.withPlatformString { unsafe openat(directory, $0, flags, mode) }
    if result >= 0 { return FileDescriptor(rawValue: result) }
    guard errno == EINTR else { throw Errno(rawValue: errno) }
  }
}

/// The path without symbolic links.
package func resolved(_ path: FilePath) throws(Errno) -> FilePath {
  guard let real = unsafe path.withPlatformString({ unsafe realpath($0, nil) }) else {
    throw Errno(rawValue: errno)
  }
  defer { unsafe free(real) }
  return unsafe FilePath(platformString: real)
}

/// Calls into swift-system, whose errors are untyped but always an `Errno`.
package func system<Value>(_ body: () throws -> Value) throws(Errno) -> Value {
  do {
    return try body()
  } catch {
    throw error as? Errno ?? .ioError
  }
}
