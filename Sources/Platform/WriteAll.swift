package import SystemPackage

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

extension FileDescriptor {
  /// Writes all of `bytes`, in as many writes as that takes; of a descriptor that does not block, waits
  /// until more can be written, where `writeAll` of swift-system fails.
  package func write(all bytes: [UInt8]) throws(Errno) {
    var rest = bytes[...]
    while !rest.isEmpty {
      do throws(Errno) {
        let count = try system {
          try unsafe rest.withUnsafeBytes { try unsafe write($0) }
        }
        guard count > 0 else { throw Errno.ioError }
        rest.removeFirst(count)
      } catch .resourceTemporarilyUnavailable {
        wait(until: POLLOUT)
      }
    }
  }

  /// Waits until one of `events` can be, or never will.
  package func wait(until events: Int32) {
    var entry = pollfd(fd: rawValue, events: Int16(events), revents: 0)
    _ = unsafe poll(&entry, 1, -1)
  }
}
