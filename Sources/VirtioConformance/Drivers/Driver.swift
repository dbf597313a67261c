import VirtioPCI

/// A driver that meets virtio functions, and what it does with one: the steps that it takes, in its
/// order.
///
/// `Driver.all` is the table: a driver is one value in it, in a file of its own. It judges what was
/// read and is optimistic about the rest, of which the verdict names the steps.
public final class Driver: Sendable {
  /// `linux`.
  public let key: String
  /// What people call it.
  public let name: String
  /// Which functions it is for, in one sentence.
  public let scope: String
  /// What the steps were read from.
  public let source: Source
  /// The steps, in the order in which the driver takes them.
  public let steps: [Step]
  /// Whether this is the driver whose work the kernel shows.
  let isKernel: Bool
  /// Through which interface it begins.
  let firstInterface: Interface
  let isFor: @Sendable (Function) -> Bool
  let deviceType: @Sendable (Function) -> DeviceType?

  /// Where the facts of a driver come from.
  public struct Source: Hashable, Sendable {
    /// The repository, or the package.
    public let repository: String
    /// The release or the commit that was read, in words.
    public let release: String
    /// The releases that the steps were held against at work; nil when they were only read.
    public let heldAgainst: String?

    init(_ repository: String, _ release: String, heldAgainst: String? = nil) {
      self.repository = repository
      self.release = release
      self.heldAgainst = heldAgainst
    }
  }

  init(
    _ key: String, _ name: String, for scope: String, source: Source, isKernel: Bool = false,
    begins interface: Interface = .modern,
    where isFor: @escaping @Sendable (Function) -> Bool = { _ in true },
    deviceType: @escaping @Sendable (Function) -> DeviceType? = { $0.type }, _ steps: [Step]
  ) {
    precondition(steps.count <= DriverVerdict.StepSet.capacity)
    self.key = key
    self.name = name
    self.scope = scope
    self.source = source
    self.isKernel = isKernel
    firstInterface = interface
    self.isFor = isFor
    self.deviceType = deviceType
    self.steps = steps
  }

  /// Every driver that is known, in the order in which they are shown.
  public static let all: [Driver] = [
    linux, windows, dpdk, ovmf, seabios, ipxe, uboot, freebsd, openbsd, netbsd, illumos, rcore,
  ]

  /// The driver that `key` is the short name of.
  public static func named(_ key: String) -> Driver? { all.first { $0.key == key } }

  /// Whether it is for this type of device, and for its transport.
  public func isFor(_ function: Function) -> Bool { isFor(function) }

  /// What each driver that `function` is for does with it, in the order of `all`.
  public static func verdicts(on function: Function) -> [(driver: Driver, verdict: DriverVerdict)] {
    let capabilities = function.seen
    return all.filter { $0.isFor(function) }
      .map { ($0, $0.verdict(on: function, with: capabilities)) }
  }
}

/// The text of a verdict, which is made when it is shown.
extension Driver {
  /// What is wrong with a function that fails a step: `there is no ISR capability`.
  public func reason(of stop: DriverVerdict.Stop) -> String {
    StepText.filled(steps[stop.step].failure, with: stop.fault)
  }

  /// What the driver logs at a step that a function fails; nil when it says nothing.
  public func logged(at stop: DriverVerdict.Stop) -> String? {
    steps[stop.step].message.map { StepText.printed($0, with: stop.fault) }
  }

  /// Why the driver does not use a function; nil when it does, or when that is not known. Where it
  /// tried both interfaces, what is wrong with each.
  public func reason(for verdict: DriverVerdict) -> String? {
    guard let stop = verdict.stop else { return nil }
    guard let left = verdict.left else { return reason(of: stop) }
    return "\(reason(of: left)); as a legacy function: \(reason(of: stop))"
  }

  /// The steps that could not be decided.
  public func unchecked(in verdict: DriverVerdict) -> [Step] {
    var unchecked: [Step] = []
    unchecked.reserveCapacity(verdict.unchecked.count)
    for index in steps.indices where verdict.unchecked.contains(index) {
      unchecked.append(steps[index])
    }
    return unchecked
  }

  /// What would have to be read of `function` to decide the steps that could not be. Of one that is
  /// driven through the legacy interface the registers of the modern one say nothing.
  public func missing(in verdict: DriverVerdict, on function: Function) -> Needs {
    guard !verdict.unchecked.isEmpty else { return [] }
    var needs: Needs = []
    for index in steps.indices where verdict.unchecked.contains(index) {
      needs.formUnion(steps[index].needs)
    }
    needs.subtract(Needs(of: function))
    if verdict.outcome == .legacy, !needs.isDisjoint(with: .modernRegisters) {
      needs.subtract(.modernRegisters)
      needs.insert(.legacyRegisters)
    }
    return needs
  }
}
