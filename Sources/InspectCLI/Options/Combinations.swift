/// What options mean together, decided when all of them are known.
extension Arguments {
  /// A combination that is refused, with its message.
  struct Refusal: Sendable {
    /// The long names of two options that are refused beside each other, whatever their values are.
    let options: (String, String)?
    let error: UsageError
    let holds: @Sendable (Arguments) -> Bool

    /// Two options that exclude each other.
    init(_ first: String, _ second: String, when holds: @escaping @Sendable (Arguments) -> Bool) {
      self.init(.exclusive("--\(first)", "--\(second)"), options: (first, second), when: holds)
    }

    init(
      _ error: UsageError, options: (String, String)? = nil,
      when holds: @escaping @Sendable (Arguments) -> Bool
    ) {
      (self.options, self.error, self.holds) = (options, error, holds)
    }
  }

  static let refused: [Refusal] = [
    .init(.onlyDecodes) { $0.decode != nil && $0.asksForDevices },
    .init("json", "jsonl") { $0.json && $0.jsonLines },
    .init(.requires("--as", "a DEVICE, --slot or --id")) {
      $0.assumedType != nil && $0.devices.isEmpty && $0.slot == nil && $0.id == nil
    },
    .init("dump", "access") { !$0.dumps.isEmpty && $0.access != nil },
    .init("dump", "sysfs") { !$0.dumps.isEmpty && $0.sysfs != nil },
    .init(.requires("--libpci-option", "--access libpci")) {
      !$0.libpciParameters.isEmpty && !$0.usesLibPCI
    },
    .init(.pointless("--output", with: "JSON", hint: "JSON always holds every key")) {
      $0.columns != nil && $0.printsJSON
    },
    .init("hex", "json") { $0.hex && $0.json },
    .init("hex", "jsonl") { $0.hex && $0.jsonLines },
    .init("hex", "output") { $0.hex && $0.columns != nil },
    .init("layout", "json") { $0.layout && $0.json },
    .init("layout", "jsonl") { $0.layout && $0.jsonLines },
    .init("layout", "output") { $0.layout && $0.columns != nil },
    .init(.exclusive("--report tap or junit", "--layout")) { $0.reportsToMachine && $0.layout },
    .init(.exclusive("--dump -", "--expect -")) {
      $0.dumps.contains(.standardInput) && $0.expectations.contains("-")
    },
    .init("capture", "dump") { $0.capture != nil && !$0.dumps.isEmpty },
    .init(.exclusive("--capture", "--access libpci")) { $0.capture != nil && $0.usesLibPCI },
    .init(.requires("--strict", "--check")) { $0.strict && !$0.check },
    .init(.requires("--drivers", "--check")) { $0.drivers != nil && !$0.check },
    .init(.requires("--ignore", "--check")) { $0.ignored != .none && !$0.check },
    .init(.requires("--force", "--probe")) { $0.force && !$0.probe },
    .init("probe", "dump") { $0.probe && !$0.dumps.isEmpty },
    .init("registers", "dump") { $0.registers && !$0.dumps.isEmpty },
    .init("probe", "output") { $0.probe && $0.columns != nil },
    .init("registers", "output") { $0.registers && $0.columns != nil },
    .init(.requires("--report", "--check or --expect")) { $0.report != nil && !$0.judges },
    .init(.exclusive("--report tap or junit", "JSON")) { $0.reportsToMachine && $0.printsJSON },
    .init(.exclusive("--report tap or junit", "--hex")) { $0.reportsToMachine && $0.hex },
    .init(.exclusive("--report tap or junit", "--output")) {
      $0.reportsToMachine && $0.columns != nil
    },
    .init("quiet", "json") { $0.isQuiet && $0.json },
    .init("quiet", "jsonl") { $0.isQuiet && $0.jsonLines },
    .init("quiet", "output") { $0.isQuiet && $0.columns != nil },
    .init("quiet", "hex") { $0.isQuiet && $0.hex },
    .init("quiet", "layout") { $0.isQuiet && $0.layout },
    .init("quiet", "verbose") { $0.isQuiet && $0.isVerbose },
    .init("quiet", "noheadings") { $0.isQuiet && !$0.showsHeadings },
    .init("quiet", "report") { $0.isQuiet && $0.report != nil },
    .init("quiet", "decode") { $0.isQuiet && $0.decode != nil },
    .init("diff", "check") { $0.diff != nil && $0.check },
    .init("diff", "expect") { $0.diff != nil && !$0.expectations.isEmpty },
    .init("diff", "output") { $0.diff != nil && $0.columns != nil },
    .init("diff", "jsonl") { $0.diff != nil && $0.jsonLines },
    .init("diff", "hex") { $0.diff != nil && $0.hex },
    .init("diff", "layout") { $0.diff != nil && $0.layout },
    .init("diff", "noheadings") { $0.diff != nil && !$0.showsHeadings },
    .init("diff", "wait") { $0.diff != nil && $0.wait != nil },
    .init("wait", "dump") { $0.wait != nil && !$0.dumps.isEmpty },
    .init("wait", "capture") { $0.wait != nil && $0.capture != nil },
  ]

  /// Whether anything is asked for that `--decode` does not take.
  private var asksForDevices: Bool {
    var empty = Arguments()
    empty.decode = decode
    empty.json = json
    empty.showsHeadings = showsHeadings
    empty.color = color
    return self != empty
  }

  /// Whether there is anything to report.
  private var judges: Bool { check || !expectations.isEmpty }

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
    Arguments.refused.contains { refusal in
      guard let (first, second) = refusal.options else { return false }
      return (long, other.long) == (first, second) || (long, other.long) == (second, first)
    }
  }
}
