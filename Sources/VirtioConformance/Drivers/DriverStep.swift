public import VirtioPCI

extension Driver {
  /// One thing that a driver looks at before it drives a function, at the place where it looks.
  ///
  /// A class, like `Driver`: each stands once in a table and is handed on without a copy.
  public final class Step: Sendable {
    /// A short name, unique within the driver: `common-length`.
    public let key: String
    /// What the driver needs, or tolerates, in one sentence.
    public let demand: String
    /// What becomes of a function that does not have it.
    public let effect: Effect
    /// Through which interface the driver takes this step; nil for both.
    public let interface: Interface?
    /// The only device type that takes this step; nil for every type.
    public let type: DeviceType?
    /// Where the driver looks.
    public let citation: Citation
    /// What the driver logs, or a part of it to search for, with the placeholders of `printf`; nil
    /// when it says nothing.
    public let message: String?
    /// The oldest release that was read and has the step; nil when every one has it.
    public let since: String?
    /// What has to be known of a function to decide it.
    public let needs: Needs
    /// What is wrong, with the numbers of a fault as `{0}` and, in hex, `{0x}`.
    let failure: String
    /// The structure that it looks at; nil when it is about something else.
    let choice: Choice?
    /// What it says of that structure and of a function.
    let judge: @Sendable (Choice.Result, Function) -> Answer

    init(
      _ key: String, effect: Effect = .refuses, on interface: Interface? = nil,
      of type: DeviceType? = nil, since: String? = nil, _ demand: String, else failure: String,
      at citation: Citation, logs message: String? = nil, needs: Needs, _ choice: Choice?,
      _ judge: @escaping @Sendable (Choice.Result, Function) -> Answer
    ) {
      self.key = key
      self.effect = effect
      self.interface = interface
      self.type = type
      self.citation = citation
      self.message = message
      self.since = since
      self.needs = needs
      self.demand = demand
      self.failure = failure
      self.choice = choice
      self.judge = judge
    }

    convenience init(
      _ key: String, effect: Effect = .refuses, on interface: Interface? = nil,
      of type: DeviceType? = nil, since: String? = nil, _ demand: String, else failure: String,
      at citation: Citation, logs message: String? = nil, needs: Needs,
      _ judge: @escaping @Sendable (Function) -> Answer
    ) {
      self.init(
        key, effect: effect, on: interface, of: type, since: since, demand, else: failure,
        at: citation, logs: message, needs: needs, nil
      ) { judge($1) }
    }
  }

  /// What a driver does with a function that fails one of its steps.
  public enum Effect: Hashable, Sendable {
    /// It leaves the modern interface and tries the legacy one.
    case leavesModern
    /// It has no legacy interface for the function: what made it leave the modern one is the
    /// reason.
    case hasNoLegacy
    /// It does not drive it.
    case refuses
    /// It hangs, or takes the system down.
    case isFatal
    /// The system has no driver for the device type.
    case hasNoDriver
    /// It drives it without something that the function offers.
    case ignores
  }

  /// A place in the source of a driver.
  public struct Citation: Hashable, Sendable {
    /// The path in the driver's repository.
    public let file: String
    /// The function in that file.
    public let function: String

    init(_ file: String, _ function: String) {
      self.file = file
      self.function = function
    }
  }

  /// What a step says of a function.
  enum Answer {
    case passes
    case fails(Fault)
    /// What it takes was not read: the driver may pass the step.
    case notRead
    /// Not even the interface can be told without what was not read.
    case undecidable

    static func fails(
      at position: UInt8? = nil, _ first: UInt64 = 0, _ second: UInt64 = 0, _ third: UInt64 = 0,
      _ fourth: UInt64 = 0
    ) -> Self {
      .fails(Fault(at: position, first, second, third, fourth))
    }

    /// Fails unless `holds`; a fact that was not read decides nothing.
    static func require(_ holds: Bool?, at position: UInt8? = nil, _ first: UInt64 = 0) -> Self {
      switch holds {
      case nil: .notRead
      case true?: .passes
      case false?: .fails(at: position, first)
      }
    }
  }

  /// What a function has instead of what a step needs: numbers, of which text is made when it is
  /// shown.
  public struct Fault: Hashable, Sendable {
    /// The capability that fails the step, by its place in config space; nil when it is none.
    public let position: UInt8?
    private let first, second, third, fourth: UInt64

    init(
      at position: UInt8?, _ first: UInt64 = 0, _ second: UInt64 = 0, _ third: UInt64 = 0,
      _ fourth: UInt64 = 0
    ) {
      self.position = position
      self.first = first
      self.second = second
      self.third = third
      self.fourth = fourth
    }

    /// The number at `index`, 0 to 3; 0 beyond.
    func number(_ index: Int) -> UInt64 {
      switch index {
      case 0: first
      case 1: second
      case 2: third
      case 3: fourth
      default: 0
      }
    }
  }
}
