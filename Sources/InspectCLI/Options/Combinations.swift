/// What options mean together, decided when all of them are known.
extension Arguments {
  /// A combination that is refused, with its message.
  fileprivate struct Refusal: Sendable {
    let holds: @Sendable (Arguments) -> Bool
    let error: UsageError

    init(_ holds: @escaping @Sendable (Arguments) -> Bool, _ error: UsageError) {
      self.holds = holds
      self.error = error
    }
  }

  fileprivate static let refused: [Refusal] = [
    .init({ $0.json && $0.jsonLines }, .exclusive("--json", "--jsonl")),
    .init({ !$0.dumps.isEmpty && $0.access != nil }, .exclusive("--dump", "--access")),
    .init({ !$0.dumps.isEmpty && $0.sysfs != nil }, .exclusive("--dump", "--sysfs")),
    .init(
      { !$0.libpciParameters.isEmpty && !$0.usesLibPCI },
      .requires("--libpci-option", "--access libpci")
    ),
    .init(
      { $0.columns != nil && $0.printsJSON },
      .pointless("--output", with: "JSON", hint: "JSON always holds every key")
    ),
    .init({ $0.hex && $0.printsJSON }, .exclusive("--hex", "JSON")),
    .init({ $0.hex && $0.columns != nil }, .exclusive("--hex", "--output")),
    .init(
      { $0.dumps.contains(.standardInput) && $0.expectation == "-" },
      .exclusive("--dump -", "--expect -")
    ),
    .init({ $0.capture != nil && !$0.dumps.isEmpty }, .exclusive("--capture", "--dump")),
    .init({ $0.capture != nil && $0.usesLibPCI }, .exclusive("--capture", "--access libpci")),
    .init({ $0.strict && !$0.check }, .requires("--strict", "--check")),
    .init({ $0.force && !$0.probe }, .requires("--force", "--probe")),
    .init({ $0.probe && !$0.dumps.isEmpty }, .exclusive("--probe", "--dump")),
    .init({ $0.registers && !$0.dumps.isEmpty }, .exclusive("--registers", "--dump")),
    .init({ $0.probe && $0.columns != nil }, .exclusive("--probe", "--output")),
    .init({ $0.registers && $0.columns != nil }, .exclusive("--registers", "--output")),
    .init({ $0.report != nil && !$0.judges }, .requires("--report", "--check or --expect")),
    .init({ $0.reportsToMachine && $0.printsJSON }, .exclusive("--report tap or junit", "JSON")),
    .init({ $0.reportsToMachine && $0.hex }, .exclusive("--report tap or junit", "--hex")),
    .init(
      { $0.reportsToMachine && $0.columns != nil }, .exclusive("--report tap or junit", "--output")),
    .init({ $0.wait != nil && !$0.dumps.isEmpty }, .exclusive("--wait", "--dump")),
    .init({ $0.wait != nil && $0.capture != nil }, .exclusive("--wait", "--capture")),
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
    for combination in Self.refused where combination.holds(self) { throw combination.error }
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
