import VirtioPCI

/// What a driver will do with a function, as far as what was read of it says.
public struct DriverVerdict: Hashable, Sendable {
  /// What becomes of the function.
  public var outcome: Outcome
  /// The step that the function fails, if it is not driven.
  public var stop: Stop?
  /// The step at which the driver leaves the modern interface, if it does.
  public var left: Stop?
  /// What the driver ignores on the way.
  public var ignored: [Stop] = []
  /// The steps that could not be decided.
  public var unchecked = StepSet()

  /// What can become of a function.
  public enum Outcome: String, CaseIterable, Hashable, Sendable {
    /// The driver uses it through the modern interface; nothing that was read speaks against it.
    case modern
    /// The driver uses it through the legacy interface; nothing that was read speaks against it.
    case legacy
    /// The driver does not use it.
    case refused
    /// The driver hangs, or takes the system down.
    case fatal
    /// The system has no driver for this type of device.
    case noDriver = "no_driver"
    /// Not even the first step can be decided: the capability list was not read.
    case unknown

    /// Whether the driver uses the function.
    public var isDriven: Bool { self == .modern || self == .legacy }

    /// Whether the driver is there and does not use it.
    public var isRefusal: Bool { self == .refused || self == .fatal }
  }

  /// A step that a function fails, and what it has instead.
  public struct Stop: Hashable, Sendable {
    /// The place of the step among those of the driver.
    public let step: Int
    /// What the function has.
    public let fault: Driver.Fault

    /// The capability that fails it, by its place in config space; nil when it is none.
    public var position: UInt8? { fault.position }
  }

  /// Steps of one driver, by their places.
  public struct StepSet: Hashable, Sendable {
    private var bits: UInt128 = 0

    /// How many steps a driver can have.
    static let capacity = UInt128.bitWidth

    mutating func insert(_ step: Int) { bits |= 1 << UInt128(step) }

    /// Whether there is none.
    public var isEmpty: Bool { bits == 0 }

    /// How many there are.
    var count: Int { bits.nonzeroBitCount }

    /// Whether the step at this place is one of them.
    public func contains(_ step: Int) -> Bool {
      step < Self.capacity && bits & 1 << UInt128(step) != 0
    }
  }
}

extension Driver {
  /// What the driver does with `function`; where the kernel shows that this driver drives it, what
  /// it does.
  public func verdict(on function: Function) -> DriverVerdict {
    verdict(on: function, with: function.seen)
  }

  /// `capabilities` are those of the function, as drivers read them.
  func verdict(on function: Function, with capabilities: [SeenCapability]) -> DriverVerdict {
    var verdict = prediction(for: function, with: capabilities)
    guard isKernel, function.isDrivenByKernel else { return verdict }
    let interface: DriverVerdict.Outcome? = function.kernel.virtio?.features.map {
      $0.contains(.version1) ? .modern : .legacy
    }
    if let interface {
      verdict.outcome = interface
    } else if !verdict.outcome.isDriven {
      verdict.outcome = .modern
    }
    verdict.stop = nil
    if verdict.outcome == .modern { verdict.left = nil }
    verdict.unchecked = DriverVerdict.StepSet()
    return verdict
  }

  /// What the driver would do with `function` by its steps alone, whatever the kernel shows of it.
  public func prediction(for function: Function) -> DriverVerdict {
    prediction(for: function, with: function.seen)
  }

  private func prediction(
    for function: Function, with capabilities: [SeenCapability]
  ) -> DriverVerdict {
    var walk = Walk(outcome: firstInterface == .legacy ? .legacy : .modern)
    let type = deviceType(function)
    var look = Look(capabilities: capabilities)
    // A span lends its elements, where the array would count a reference of each.
    let all = self.steps
    let steps = all.span
    while walk.next < steps.count, walk.verdict.outcome.isDriven {
      let index = walk.next
      walk.next += 1
      guard steps[index].applies(to: type, through: walk.verdict.outcome) else { continue }
      switch look.answer(of: steps[index], on: function) {
      case .passes: continue
      case .notRead: walk.skip(index, steps[index].effect)
      case .undecidable:
        walk.skip(index, steps[index].effect)
        walk.verdict.outcome = .unknown
      case .fails(let fault):
        walk.fail(
          DriverVerdict.Stop(step: index, fault: fault), steps[index].effect,
          isModernOnly: steps[index].interface == .modern)
      }
    }
    return walk.verdict
  }

  /// What the driver sees of a function: the structure that it looked at last it looks at again.
  private struct Look {
    private let capabilities: [SeenCapability]
    private var choice: ObjectIdentifier?
    private var result = Choice.Result.none

    init(capabilities: [SeenCapability]) { self.capabilities = capabilities }

    mutating func answer(of step: Step, on function: Function) -> Answer {
      if let next = step.choice, ObjectIdentifier(next) != choice {
        choice = ObjectIdentifier(next)
        result = next.result(among: capabilities, in: function)
      }
      return step.judge(result, function)
    }
  }

  /// The way through the steps, and what becomes of the function.
  private struct Walk {
    var verdict: DriverVerdict
    /// The step that comes next.
    var next = 0
    /// The first step at which the driver may have left the modern interface.
    private var crossroads: Int?
    /// What stops the driver, unless it has left the modern interface before.
    private var doubtful: DriverVerdict.Stop?

    init(outcome: DriverVerdict.Outcome) {
      verdict = DriverVerdict(outcome: outcome)
    }

    mutating func skip(_ step: Int, _ effect: Effect) {
      verdict.unchecked.insert(step)
      if effect == .leavesModern, crossroads == nil { crossroads = step }
    }

    mutating func fail(_ stop: DriverVerdict.Stop, _ effect: Effect, isModernOnly: Bool) {
      switch effect {
      case .ignores: verdict.ignored.append(stop)
      case .leavesModern:
        verdict.left = stop
        verdict.outcome = .legacy
      case _ where isModernOnly && crossroads != nil:
        // The legacy interface, to which it may have gone, can do without what is wrong here.
        doubtful = stop
        verdict.outcome = .legacy
        verdict.ignored = []
        next = (crossroads ?? stop.step) + 1
      case .hasNoLegacy:
        end(at: verdict.left ?? doubtful ?? stop, .refused)
        verdict.left = nil
      case .refuses: end(at: doubtful ?? stop, .refused)
      case .isFatal: end(at: doubtful ?? stop, .fatal)
      case .hasNoDriver: end(at: stop, .noDriver)
      }
    }

    private mutating func end(at stop: DriverVerdict.Stop, _ outcome: DriverVerdict.Outcome) {
      verdict.stop = stop
      verdict.outcome = outcome
    }
  }
}

extension Driver.Step {
  fileprivate func applies(
    to type: DeviceType?, through outcome: DriverVerdict.Outcome
  ) -> Bool {
    if let own = self.type, own != type { return false }
    switch interface {
    case nil: return true
    case .legacy: return outcome == .legacy
    default: return outcome == .modern
    }
  }
}

extension Function {
  /// Whether the kernel shows a virtio driver at work.
  fileprivate var isDrivenByKernel: Bool {
    kernel.virtio?.driver != nil && kernel.virtio?.status?.contains(.driverOK) == true
  }
}
