/// What the program says to its caller. If several apply, the highest is returned.
enum ExitStatus: Int32, CaseIterable, Comparable, Sendable {
  case success = 0
  case failed = 1
  case usage = 2
  case noMatch = 3
  case incomplete = 4

  var meaning: String {
    switch self {
    case .success: "everything requested was read, and all checks passed"
    case .failed: "a check or an expectation failed, or --diff found a difference"
    case .usage: "wrong usage"
    case .noMatch: "nothing matched: no such device, or it is not a virtio function"
    case .incomplete: "something could not be read in full, or output could not be written"
    }
  }

  static func < (left: ExitStatus, right: ExitStatus) -> Bool { left.rawValue < right.rawValue }
}
