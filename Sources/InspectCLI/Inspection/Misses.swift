import PCIAccess

/// What was asked for and is not there, or could not be read.
struct Misses {
  private var errors = Limited<AccessError>()
  private var last: AccessError?
  private(set) var status = ExitStatus.success

  /// Takes an error in; false when it repeats the last one, or is one of too many to be named.
  mutating func add(_ error: AccessError) -> Bool {
    status = max(status, error.status)
    guard error != last else { return false }
    last = error
    errors.append(error)
    return errors.omitted == 0
  }

  /// Every one, or, after the first many, how many more there are.
  var all: [AccessError] { errors.all(rest: AccessError.more) }

  /// The number of those that are not named; nil when every one is.
  var rest: AccessError? { errors.omitted == 0 ? nil : AccessError.more(errors.omitted) }

  /// Whether another look can give anything else: no waiting makes libpci know a name.
  var mayChange: Bool {
    !errors.first.contains { if case .unknownName = $0.reason { true } else { false } }
  }
}

extension AccessError {
  fileprivate var status: ExitStatus {
    switch reason {
    case .absent: .noMatch
    case .inUse, .unknownName: .usage
    default: .incomplete
    }
  }
}
