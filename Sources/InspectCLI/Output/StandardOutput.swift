import SystemPackage

/// Standard output, written in large pieces.
///
/// The first failure is kept and everything after it dropped: a reader that has gone away
/// (`| head`) is no reason for a message, a full disk is.
struct StandardOutput {
  private var buffer: [UInt8] = []
  private(set) var failure: Errno?
  private let descriptor: FileDescriptor
  private static let pieceSize = 1 << 16

  init(_ descriptor: FileDescriptor = .standardOutput) {
    self.descriptor = descriptor
  }

  mutating func write(_ text: some Sequence<UInt8>) {
    buffer += text
    if buffer.count >= Self.pieceSize { flush() }
  }

  mutating func write(_ text: String) { write(text.utf8) }

  mutating func flush() {
    defer { buffer.removeAll(keepingCapacity: true) }
    guard failure == nil, !buffer.isEmpty else { return }
    do {
      try descriptor.writeAll(buffer)
    } catch {
      failure = error as? Errno ?? .ioError
    }
  }
}
