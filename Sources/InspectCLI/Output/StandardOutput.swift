import PCIAccess
import Platform
import SystemPackage

/// Standard output, written in large pieces.
///
/// The first failure is kept and everything after it dropped: a reader that has gone away
/// (`| head`) is no reason for a message, a full disk is.
struct StandardOutput {
  private var buffer: [UInt8] = []
  private(set) var failure: Failure?
  /// Nil while everything is kept.
  private var descriptor: FileDescriptor?
  private var isDiscarded = false
  private static let pieceSize = 1 << 16
  /// So much is kept.
  private static let mostKept = 32 << 20

  enum Failure: Hashable {
    case system(Errno)
    /// More was to be kept.
    case tooLong
  }

  init(_ descriptor: FileDescriptor = .standardOutput) {
    self.descriptor = descriptor
  }

  /// Keeps what is written, until it is released or dropped, as long as that is not too much.
  static func keeping() -> Self {
    var output = Self()
    output.descriptor = nil
    return output
  }

  /// Takes nothing.
  static func discarding() -> Self {
    var output = Self()
    output.isDiscarded = true
    return output
  }

  /// What was kept.
  var kept: [UInt8] { buffer }

  /// Lets what was kept go to standard output.
  mutating func release() { descriptor = .standardOutput }

  /// Writes what `append` adds.
  mutating func write(_ append: (inout [UInt8]) -> Void) {
    guard failure == nil, !isDiscarded else { return }
    append(&buffer)
    guard buffer.count >= Self.pieceSize else { return }
    flush()
    if buffer.count > Self.mostKept {
      failure = .tooLong
      buffer = []
    }
  }

  mutating func flush() {
    guard let descriptor else { return }
    defer { buffer.removeAll(keepingCapacity: true) }
    guard failure == nil, !buffer.isEmpty else { return }
    do throws(Errno) {
      try descriptor.write(all: buffer)
    } catch {
      failure = .system(error)
    }
  }
}

extension StandardOutput.Failure: CustomStringConvertible {
  var description: String {
    switch self {
    case .system(let errno): "\(errno)"
    case .tooLong: "with --wait all of it is kept, and there is more than 32 MiB of it"
    }
  }
}
