import Foundation
import Synchronization

/// Makes a FIFO at `path`, which has no writer, and calls `body`; whether something waited for one.
///
/// What waits would do so for ever: after five seconds a writer comes and goes.
public func waitsForWriter(at path: String, in body: () throws -> Void) throws -> Bool {
  guard mkfifo(path, 0o600) == 0 else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
  let end = DispatchSemaphore(value: 0)
  let writer = PassingWriter(path: path)
  let thread = Thread {
    while end.wait(timeout: .now() + 5) == .timedOut { writer.pass() }
  }
  thread.start()
  defer { end.signal() }
  try body()
  return writer.hasHelped
}

private final class PassingWriter: Sendable {
  private let path: String
  private let helped = Mutex(false)

  init(path: String) { self.path = path }

  var hasHelped: Bool { helped.withLock { $0 } }

  /// Opens the FIFO, which fails where no reader is, and closes it.
  func pass() {
    let descriptor = open(path, O_WRONLY | O_NONBLOCK)
    guard descriptor >= 0 else { return }
    close(descriptor)
    helped.withLock { $0 = true }
  }
}
