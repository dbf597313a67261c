/// What the functions are held to: files that are read before any device.
struct Standards {
  let expectations: [Expectation]
  /// What `--diff` compares with.
  let snapshot: Snapshot?

  init(_ arguments: Arguments) throws(UsageError) {
    expectations = try arguments.expectations.map { path throws(UsageError) in
      try Expectation(path: path)
    }
    snapshot = arguments.diff.map(Snapshot.init)
  }
}
