/// What the program says to its caller. Where several apply, the largest wins.
enum ExitStatus: Int32, CaseIterable, Comparable, Sendable {
  case success = 0
  case failed = 1
  case usage = 2
  case noMatch = 3
  case incomplete = 4

  var meaning: String {
    switch self {
    case .success: "all that was asked for was read, and every check held"
    case .failed: "a check or an expectation failed, or --diff found a difference"
    case .usage: "wrong usage"
    case .noMatch: "nothing matched: no such device, or it is not a virtio function"
    case .incomplete: "something asked for could not be read in full, or could not be written"
    }
  }

  static func < (left: ExitStatus, right: ExitStatus) -> Bool { left.rawValue < right.rawValue }
}
