private import CLinux
package import SystemPackage

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// An open file that a dump or a text is read from, and what it is.
package struct InputFile: ~Copyable {
  private let descriptor: FileDescriptor
  /// Whether to close it.
  private let isOwned: Bool
  private let liveness: Liveness
  package let isRegular: Bool
  /// Whether standard output goes to the same regular file, which would grow while it is read.
  package let isOutput: Bool

  /// Opens the file at `path`; `-` is standard input. Without `waits` nothing is waited for, such as the
  /// writer of a pipe.
  package init(path: String, waits: Bool) throws(Errno) {
    guard path != "-" else {
      self.init(.standardInput, isOwned: false)
      return
    }
    var options: FileDescriptor.OpenOptions = [.closeOnExec, .init(rawValue: O_NOCTTY)]
    if !waits { options.insert(.nonBlocking) }
    self.init(
      try system { try FileDescriptor.open(FilePath(path), .readOnly, options: options) },
      isOwned: true)
  }

  /// Takes over `descriptor` where it is to be owned.
  package init(_ descriptor: FileDescriptor, isOwned: Bool, liveness: Liveness? = nil) {
    self.descriptor = descriptor
    self.isOwned = isOwned
    self.liveness = liveness ?? Liveness(of: descriptor)
    let status = try? descriptor.stat()
    let output = try? FileDescriptor.standardOutput.stat()
    isRegular = status?.type == .regular
    isOutput =
      isRegular && status?.deviceID == output?.deviceID && status?.inode == output?.inode
    // A read through the cache takes a page of the file.
    if mayBeLive { _ = set_direct(descriptor.rawValue, true) }
  }

  deinit {
    allowCaching()
    if isOwned { try? descriptor.close() }
  }

  /// Whether it is a file of sysfs or procfs.
  package var isLive: Bool { liveness == .sysfs || liveness == .procfs }

  /// Whether it may be one that its file system passes through.
  package var mayBeLive: Bool { liveness == .possible }

  /// Until then a read takes no more of a file that may be live than it asks for.
  package borrowing func allowCaching() {
    if mayBeLive { _ = set_direct(descriptor.rawValue, false) }
  }

  /// Reads into the bytes of `storage` in `room`; 0 at the end. Waits where the file has nothing yet.
  package borrowing func read(into storage: inout [UInt8], _ room: Range<Int>) throws(Errno) -> Int
  {
    while true {
      do throws(Errno) {
        return try system {
          try unsafe storage.withUnsafeMutableBytes { buffer in
            try unsafe descriptor.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[room]))
          }
        }
      } catch {
        switch error {
        case .resourceTemporarilyUnavailable: descriptor.wait(until: POLLIN)
        // Some file systems take direct reads of whole blocks alone.
        case .invalidArgument where set_direct(descriptor.rawValue, false): continue
        default: throw error
        }
      }
    }
  }
}
