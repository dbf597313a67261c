import PCIAccess
import SystemPackage
import VirtioConformance
import VirtioPCI

/// The program: from its arguments to its exit status.
public enum Program {
  /// Runs with `commandLine`, the program's name first.
  public static func run(_ commandLine: [String]) -> Int32 {
    StandardStreams.prepare()
    return status(commandLine).rawValue
  }

  private static func status(_ commandLine: [String]) -> ExitStatus {
    do throws(UsageError) {
      let words = Array(commandLine.dropFirst())
      if let broken = words.first(where: \.isRepaired) { throw .notUTF8(broken) }
      let arguments = try Parser.parse(words)
      switch arguments.action {
      case .help: return print(Help.text())
      case .version: return print(Version.text)
      case .schema: return print(JSONSchema.text)
      case .listRules: return print(RuleText.list(showsHeadings: arguments.showsHeadings))
      case .explain(let name): return print(name.rule.map(RuleText.explanation) ?? "")
      case .complete(let kind):
        return print(Candidate.lines(kind.map { Candidate.all($0, for: arguments) } ?? []))
      case .inspect: return try inspect(arguments)
      }
    } catch {
      Diagnostic.print("\(error)")
      return .usage
    }
  }

  /// Looks until all is well or the time is over; the last look is the one that counts.
  private static func inspect(_ arguments: Arguments) throws(UsageError) -> ExitStatus {
    let expectation = try arguments.expectation.map { path throws(UsageError) in
      try Expectation(path: path)
    }
    // Before the first look, so that nothing happens unseen between the two.
    var watch = ChangeWatch(milliseconds: arguments.wait ?? 0, listens: arguments.sysfsRoot == nil)
    var run = try Run(arguments, expectation)
    while run.look() != .success, run.mayChange, watch.wait() {
      run = try Run(arguments, expectation)
    }
    return run.finish()
  }

  private static func print(_ text: String) -> ExitStatus {
    var output = StandardOutput()
    output.write { $0 += text.utf8 }
    return output.finish()
  }
}

extension String {
  /// Whether it was not UTF-8: it then comes with U+FFFD for what was none, and would name another
  /// file.
  fileprivate var isRepaired: Bool {
    utf8.contains(0xEF) && unicodeScalars.contains("\u{FFFD}")
  }
}

/// One run over everything that was asked for.
struct Run {
  private let places: [Place]
  private let tree: SysfsTree
  private var selection: Selection
  private let plan: ReadPlan
  private let kernelParts: KernelFacts.Parts?
  private let capture: Capture?
  /// Whether warnings fail a check.
  private let isStrict: Bool
  private var renderer: any Renderer
  private var output: StandardOutput
  private let expectation: Expectation?
  /// What the expectation is compared with; nil without one.
  private var document: FoundDocument?
  private let format: ReportFormat
  /// Writes what became of the rules, and of the expectation, for a machine.
  private var report: ReportWriter
  /// What failed, for GitHub Actions.
  private var annotations: Limited<ReportCase>?
  /// Why the expectation does not hold.
  private var unmet = Limited<String>()
  private var errors = Limited<AccessError>()
  private var lastError: AccessError?
  /// Why the names of functions that nothing asked for are not all known.
  private var namesUnread = Limited<AccessError>()
  private var outcome = ExitStatus.success
  private var found = 0

  init(_ arguments: Arguments, _ expectation: Expectation?) throws(UsageError) {
    tree = SysfsTree(root: arguments.sysfsRoot ?? "/sys")
    let arguments = arguments.resolvingFolders(in: tree)
    places = Place.all(for: arguments, in: tree)
    selection = Selection(arguments)
    let access = Place.access(of: places)
    renderer = arguments.renderer(access: access)
    output = arguments.wait == nil ? StandardOutput() : .keeping()
    self.expectation = expectation
    document = expectation.map { FoundDocument(for: $0, access: access) }
    format = arguments.report ?? .text
    report = ReportWriter(format)
    annotations = format == .text && Runner.isGitHub ? Limited() : nil
    capture = arguments.capture.map { Capture(folder: $0) }
    isStrict = arguments.strict
    plan = renderer.needs.union(arguments.depth)
      .union(selection.needsNames ? .nodes : []).union(
        capture == nil && expectation == nil ? [] : .json)
    kernelParts = plan.kernelParts
    if let option = arguments.needsDevice {
      for case .file(let path) in places where SysfsTree.destination(of: path) != nil {
        throw .savedConfig(path, option)
      }
    }
  }

  /// Reads everything; what it has to say goes no further than the output.
  mutating func look() -> ExitStatus {
    renderer.begin(&output)
    report.begin(&output)
    for place in places where output.failure == nil { read(place) }
    if selection.missesName {
      for error in namesUnread.all(rest: AccessError.more) {
        take(error, from: nil)
        selection.overlook(error.address)
      }
    }
    for (device, reason) in selection.missing { miss("\(device)", reason) }
    if found == 0, outcome == .success {
      miss("", Place.whyNothing(in: places, isRestricted: selection.isRestricted))
    }
    let errors = errors.all(rest: AccessError.more)
    renderer.end(errors, &output)
    if self.errors.omitted > 0, let rest = errors.last { report.add(ReportCase(rest), to: &output) }
    judge(errors)
    report.end(&output)
    return outcome
  }

  /// Whether another look can give anything else: no waiting makes libpci know a name.
  var mayChange: Bool {
    !errors.first.contains { if case .unknownName = $0.reason { true } else { false } }
  }

  /// Compares all that was read with the expectation.
  private mutating func judge(_ errors: [AccessError]) {
    guard let expectation, let document = document?.finish(errors) else { return }
    expectation.judge(document) { item in
      for reason in item.reasons { unmet.append(reason) }
      take(item)
    }
  }

  /// Reports what was judged. Only a report for a machine tells what held.
  private mutating func take(_ item: ReportCase) {
    report.add(item, to: &output)
    guard !item.reasons.isEmpty else { return }
    outcome = max(outcome, .failed)
    annotations?.append(item)
  }

  /// Prints what the look gave. Messages come after the output, so that a terminal shows them at its
  /// end.
  mutating func finish() -> ExitStatus {
    output.release()
    outcome = max(outcome, output.finish())
    for error in errors.all(rest: AccessError.more) { Diagnostic.print(error.sentence) }
    if let expectation, format == .text {
      for reason in unmet.all(rest: { "\($0) more differences" }) {
        Diagnostic.print("\(expectation.name): \(reason)")
      }
    }
    if let annotations { Annotation.print(annotations) }
    return outcome
  }

  /// Prints every function of `place` that was asked for.
  private mutating func read(_ place: Place) {
    let before = found
    let errorsBefore = errors.count
    var other: Identity?
    do throws(AccessError) {
      var source = try place.open(selection, capture: capture)
      while output.failure == nil {
        do throws(AccessError) {
          guard let function = try source.next() else { break }
          let identity = try read(function, isNamed: place.path != nil)
          // Of the functions of a dump only one without a header was meant as such.
          if place.path != nil || function.address == nil { other = identity ?? other }
        } catch {
          // Whatever is wrong with a function that was not asked for is none of its business.
          guard place.path != nil || error.address.map({ selection.mayMatch($0) }) ?? true else {
            continue
          }
          take(error, from: place)
          if place.path == nil { selection.overlook(error.address) }
        }
      }
    } catch {
      take(error, from: place)
      if place.path == nil { selection.overlook(error.address) }
    }
    if place.path != nil || other != nil, found == before, errors.count == errorsBefore {
      miss("\(place)", selection.reason(other))
    }
  }

  /// Prints `function` if it was asked for; the identity of one that is no virtio function.
  private mutating func read(
    _ function: any PCIFunction, isNamed: Bool
  ) throws(AccessError) -> Identity? {
    guard selection.mayMatch(function.address, isNamed: isNamed) else { return nil }
    let identity = try function.identity()
    guard identity.isVirtio else {
      selection.passOver(function.address, identity)
      return identity
    }
    guard selection.matches(identity) else { return nil }
    let kernel = kernelFacts(of: function)
    guard isNamed || selection.claims(function.address, kernel) else {
      for error in kernel.errors { namesUnread.append(error) }
      return nil
    }
    found += 1
    var unread = kernel.errors
    let inspection = Inspector(plan: plan) { unread.append($0) }
      .inspect(function, identity: identity, kernel: kernel)
    unread.forEach { take($0, from: nil) }
    renderer.add(inspection, to: &output)
    document?.add(inspection)
    judge(inspection)
    if let capture {
      do throws(AccessError) {
        try capture.save(inspection)
      } catch {
        take(error, from: nil)
      }
    }
    return nil
  }

  /// What the kernel knows of `function`, as far as it is to be asked.
  private func kernelFacts(of function: any PCIFunction) -> KernelFacts {
    guard let parts = kernelParts else { return KernelFacts() }
    do throws(AccessError) {
      return try function.kernelFacts(parts)
    } catch {
      var nothing = KernelFacts()
      nothing.errors = [error]
      return nothing
    }
  }

  /// Takes in what became of the rules in a function. Reports and annotations say more than whether it
  /// failed, and only reports what held.
  private mutating func judge(_ inspection: Inspection) {
    guard let verdicts = inspection.verdicts else { return }
    let fails = verdicts.contains {
      if case .broken(let severity) = $0 { severity.fails(strictly: isStrict) } else { false }
    }
    if fails { outcome = max(outcome, .failed) }
    guard format.isMachine || fails && annotations != nil else { return }
    let cases = ReportCase.cases(
      verdicts, on: inspection.function, suite: inspection.name, isStrict: isStrict)
    for item in cases { take(item) }
  }

  /// A device that was named by a path that does not exist is missing; anything else that cannot be
  /// read is there.
  private mutating func take(_ error: AccessError, from place: Place?) {
    let status: ExitStatus =
      switch error.reason {
      case .absent: .noMatch
      case .system(.noSuchFileOrDirectory) where place?.path != nil: .noMatch
      case .inUse, .unknownName: .usage
      default: .incomplete
      }
    outcome = max(outcome, status)
    guard error != lastError else { return }
    lastError = error
    if errors.count < Limited<AccessError>.most { report.add(ReportCase(error), to: &output) }
    errors.append(error)
  }

  /// Something that was asked for is not there.
  private mutating func miss(_ subject: String, _ reason: String) {
    take(AccessError(subject, .absent(message: reason)), from: nil)
  }
}

extension Capture {
  /// Saves what was read for `inspection`, which was begun with last.
  fileprivate func save(_ inspection: Inspection) throws(AccessError) {
    guard let address = inspection.address else {
      throw AccessError(
        inspection.name, .unavailable(message: "is not captured: nothing says its address"))
    }
    try save(address)
  }
}

extension StandardOutput {
  /// Writes what is left; the status says whether all of it could be written.
  mutating func finish() -> ExitStatus {
    flush()
    guard let failure else { return .success }
    if failure != .system(.brokenPipe) { Diagnostic.print("standard output: \(failure)") }
    return .incomplete
  }
}

extension Arguments {
  /// What must be read beside what the output always shows.
  fileprivate var depth: ReadPlan {
    let judged: ReadPlan = check ? .check : []
    if probe { return judged.union(force ? .probeDriven : .probe) }
    return registers ? judged.union(.registers) : judged
  }

  /// The option that saved config space cannot serve.
  fileprivate var needsDevice: String? {
    if probe { return "--probe" }
    if registers { return "--registers" }
    return capture == nil ? nil : "--capture"
  }

  /// What the output is printed by.
  fileprivate func renderer(access: JSONDocument.AccessName) -> any Renderer {
    if report?.isMachine == true { return NoRenderer() }
    // A dump in colors could not be read back.
    let painter = Painter(isOn: color.isOn && !hex)
    if json { return JSONRenderer(access: access) }
    if jsonLines { return JSONLinesRenderer() }
    if !asksForList {
      return DetailRenderer(
        view: DetailView(
          painter: painter, isVerbose: verbosity > 0, showsHeadings: showsHeadings,
          lineLength: min(Terminal.columns ?? .max, DetailView.longestLine)),
        showsConfig: hex)
    }
    if check, columns == nil { return CheckRenderer(painter: painter) }
    return ListRenderer(
      columns: columns?.columns ?? Column.defaults, painter: painter, showsHeadings: showsHeadings)
  }
}

extension ColorChoice {
  fileprivate var isOn: Bool {
    switch self {
    case .always: true
    case .never: false
    case .auto: Terminal.isStandardOutput && Terminal.allowsColor
    }
  }
}
