import PCIAccess
import SystemPackage

/// Standard output, written in large pieces.
///
/// The first failure is kept and everything after it dropped: a reader that has gone away
/// (`| head`) is no reason for a message, a full disk is.
struct StandardOutput {
  private var buffer: [UInt8] = []
  private(set) var failure: Errno?
  /// Nil while everything is kept.
  private var descriptor: FileDescriptor?
  private static let pieceSize = 1 << 16

  init(_ descriptor: FileDescriptor = .standardOutput) {
    self.descriptor = descriptor
  }

  /// Keeps what is written, until it is released or dropped.
  static func keeping() -> Self {
    var output = Self()
    output.descriptor = nil
    return output
  }

  /// What was kept.
  var kept: [UInt8] { buffer }

  /// Lets what was kept go to standard output.
  mutating func release() { descriptor = .standardOutput }

  /// Writes what `append` adds.
  mutating func write(_ append: (inout [UInt8]) -> Void) {
    append(&buffer)
    if buffer.count >= Self.pieceSize { flush() }
  }

  mutating func flush() {
    guard let descriptor else { return }
    defer { buffer.removeAll(keepingCapacity: true) }
    guard failure == nil, !buffer.isEmpty else { return }
    do throws(Errno) {
      try descriptor.write(all: buffer)
    } catch {
      failure = error
    }
  }
}
