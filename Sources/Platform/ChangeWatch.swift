#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// Waits between one look at the devices and the next, for a limited time.
///
/// Each pause is longer than the one before: what comes soon is seen soon, and a long wait costs little.
package struct ChangeWatch: ~Copyable {
  private let deadline: Int
  private var pause = shortestPause

  private static let shortestPause = 50
  private static let longestPause = 1000

  /// For so many milliseconds from now.
  package init(milliseconds: Int) {
    deadline = Self.now() + milliseconds
  }

  /// Waits until it is time to look again; false when the time is over.
  package mutating func wait() -> Bool {
    let left = deadline - Self.now()
    guard left > 0 else { return false }
    _ = poll(nil, 0, Int32(min(nextPause(), left)))
    return true
  }

  /// How long to wait now, in milliseconds.
  package mutating func nextPause() -> Int {
    defer { pause = min(pause + pause / 2, Self.longestPause) }
    return pause
  }

  private static func now() -> Int {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
  }
}
