/// What options mean together, decided when all of them are known.
extension Arguments {
  /// The combinations that are refused, each with its message.
  fileprivate static let refused: [(when: @Sendable (Arguments) -> Bool, error: UsageError)] = [
    ({ $0.json && $0.jsonLines }, .exclusive("--json", "--jsonl")),
    ({ !$0.dumps.isEmpty && $0.access != nil }, .exclusive("--dump", "--access")),
    ({ !$0.dumps.isEmpty && $0.sysfs != nil }, .exclusive("--dump", "--sysfs")),
    (
      { !$0.libpciParameters.isEmpty && !$0.usesLibPCI },
      .requires("--libpci-option", "--access libpci")
    ),
    (
      { $0.columns != nil && $0.printsJSON },
      .pointless("--output", with: "JSON", hint: "JSON always holds every key")
    ),
    ({ $0.hex && $0.printsJSON }, .exclusive("--hex", "JSON")),
    ({ $0.hex && $0.columns != nil }, .exclusive("--hex", "--output")),
    (
      { $0.dumps.contains(.standardInput) && $0.expectation == "-" },
      .exclusive("--dump -", "--expect -")
    ),
    ({ $0.capture != nil && !$0.dumps.isEmpty }, .exclusive("--capture", "--dump")),
    ({ $0.capture != nil && $0.usesLibPCI }, .exclusive("--capture", "--access libpci")),
    ({ $0.strict && !$0.check }, .requires("--strict", "--check")),
    ({ $0.force && !$0.probe }, .requires("--force", "--probe")),
    ({ $0.probe && !$0.dumps.isEmpty }, .exclusive("--probe", "--dump")),
    ({ $0.registers && !$0.dumps.isEmpty }, .exclusive("--registers", "--dump")),
    ({ $0.probe && $0.columns != nil }, .exclusive("--probe", "--output")),
    ({ $0.registers && $0.columns != nil }, .exclusive("--registers", "--output")),
    ({ $0.report != nil && !$0.judges }, .requires("--report", "--check or --expect")),
    ({ $0.reportsToMachine && $0.printsJSON }, .exclusive("--report tap or junit", "JSON")),
    ({ $0.reportsToMachine && $0.hex }, .exclusive("--report tap or junit", "--hex")),
    ({ $0.reportsToMachine && $0.columns != nil }, .exclusive("--report tap or junit", "--output")),
    ({ $0.wait != nil && !$0.dumps.isEmpty }, .exclusive("--wait", "--dump")),
    ({ $0.wait != nil && $0.capture != nil }, .exclusive("--wait", "--capture")),
  ]

  /// Whether there is anything to report.
  private var judges: Bool { check || expectation != nil }

  private var reportsToMachine: Bool { report?.isMachine ?? false }

  private var usesLibPCI: Bool {
    if case .libpci = access { true } else { false }
  }

  private var printsJSON: Bool { json || jsonLines }

  /// Throws where options contradict each other, or one would have no effect.
  func validate() throws(UsageError) {
    for combination in Self.refused where combination.when(self) { throw combination.error }
  }
}

extension Option {
  /// Whether it is refused beside `other`, whatever their values are.
  func excludes(_ other: Option) -> Bool {
    let names = ["--\(long)", "--\(other.long)"]
    return Arguments.refused.contains { combination in
      guard case .exclusive(let first, let second) = combination.error else { return false }
      return names == [first, second] || names == [second, first]
    }
  }
}
