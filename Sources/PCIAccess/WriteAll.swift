public import SystemPackage

extension FileDescriptor {
  /// Writes all of `bytes`, in as many writes as that takes.
  ///
  /// `writeAll` of swift-system does the same for any sequence, at the price of the types that it has
  /// made for that when a process comes to its first write.
  public func write(all bytes: [UInt8]) throws(Errno) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = try system {
        try unsafe rest.withUnsafeBytes { try unsafe write($0) }
      }
      guard count > 0 else { throw .ioError }
      rest.removeFirst(count)
    }
  }
}
