import PCIAccess
import VirtioPCI

@testable import InspectCLI

extension FuzzTarget {
  /// Rules, on functions of any type, features, status, registers and configuration: what is not
  /// known breaks nothing, and whatever is found can be printed.
  static let rules = FuzzTarget(name: "rules") { input in
    var reader = ByteReader(input)
    let known = UInt16(reader.byte()) | UInt16(reader.byte()) << 8
    let choice = reader.byte()
    let facts = try Facts(from: &reader)
    var function: any PCIFunction = MemoryFunction(
      Array(reader.rest), isLive: true, barSize: known & 1 != 0 ? 0x8_0000 : nil)
    guard let identity = try? function.identity() else { return }
    let inspection = Inspector(plan: .check) { _ in }
      .inspect(&function, identity: identity, kernel: KernelFacts())
    facts.add(to: &inspection.state, known)

    let outcomes = Rule.outcomes(in: inspection.state)
    try require(outcomes.map(\.rule.id) == Rule.all.map(\.id), "a rule without an outcome")
    let part = Knowledge.allCases[Int(choice) % Knowledge.allCases.count]
    try checkIgnorance(of: inspection.state, outcomes, part)
    inspection.outcomes = outcomes
    if inspection.state.common != nil {
      inspection.registers = facts.registers(queues: inspection.state.queues ?? [])
    }
    try Output(inspection: inspection, errors: []).check(choice)
  }

  /// All that a function may say beside its capabilities.
  private struct Facts {
    let type: DeviceType
    let offered, negotiated: FeatureSet
    let status: DeviceStatus
    let common: CommonValues
    let deviceConfig: DeviceConfig

    init(from reader: inout ByteReader) throws {
      type = DeviceType(rawValue: UInt16(reader.byte()) % 48)
      offered = FeatureSet(groups: (0..<4).map { _ in reader.word() })
      negotiated = FeatureSet(groups: (0..<4).map { _ in reader.word() })
      status = DeviceStatus(rawValue: reader.byte())
      let bytes = reader.bytes(64)
      var common = try CommonValues(from: bytes.span)
      try common.loadOptional(from: bytes.span, with: offered)
      self.common = common
      let config = reader.bytes(Int(reader.byte()))
      deviceConfig = try DeviceConfig(
        of: type, from: config.span, offered: offered, negotiated: negotiated, status: status)
    }

    /// Puts into `state` what the bits of `known` say is known.
    func add(to state: inout FunctionState, _ known: UInt16) {
      let isWhole = known & 1 << 13 != 0
      state.type = type
      state.interface = Interface.allCases[Int(known >> 14) % Interface.allCases.count]
      state.isDriven = known & 2 != 0
      state.hasVirtioDriver = state.isDriven
      for (index, part) in Knowledge.allCases.enumerated() where known & 4 << UInt16(index) != 0 {
        switch part {
        case .offered: state.offered = offered
        case .negotiated: state.negotiated = negotiated
        case .status: state.status = status
        case .kernelStatus: state.kernelStatus = status
        case .common: state.common = common
        case .queues:
          state.queues = [QueueState(common)].compactMap(\.self)
          state.queuesAreComplete = isWhole
        case .deviceConfig: state.deviceConfig = deviceConfig
        case .extended: state.hasSRIOV = isWhole
        }
      }
      // What was negotiated is known only of a driver that has come so far.
      if state.status?.isDisjoint(with: [.featuresOK, .driverOK]) ?? true {
        state.negotiated = nil
      }
    }

    func registers(queues: [QueueState]) -> Registers {
      Registers(
        type: type, via: .bar, common: common, commonLength: 64, offered: offered,
        negotiated: negotiated, queues: queues.map { .init(state: $0) }, device: deviceConfig,
        skippedStructures: [])
    }
  }

  /// What can be known of a function beside its capabilities.
  private enum Knowledge: CaseIterable {
    case offered, negotiated, status, kernelStatus, common, queues, deviceConfig, extended
  }

  /// Where it is not known what is offered, the driver is taken to be at fault rather than the device.
  private static let presumptions = ["feature-version-1-accepted"]

  /// Where less is known of a function, no more rules are broken.
  private static func checkIgnorance(
    of state: FunctionState, _ outcomes: [RuleOutcome], _ part: Knowledge
  ) throws {
    var less = state
    switch part {
    case .offered: less.offered = nil
    case .negotiated: less.negotiated = nil
    case .status: (less.status, less.negotiated) = (nil, nil)
    case .kernelStatus: less.kernelStatus = nil
    case .common: less.common = nil
    case .queues: less.queues = nil
    case .deviceConfig: less.deviceConfig = nil
    case .extended: less.hasSRIOV = nil
    }
    // A driver that accepts what is not offered shows nothing of the device.
    let isExcessive =
      state.offered.flatMap { state.negotiated?.subtracting($0).isEmpty } == false
    guard less != state, part != .offered || !isExcessive else { return }
    for (outcome, lesser) in zip(outcomes, Rule.outcomes(in: less))
    where !presumptions.contains(outcome.rule.id) {
      guard case .broken(let findings) = lesser.verdict else { continue }
      guard case .broken = outcome.verdict else {
        throw Violation(
          description: "\(outcome.rule.id) is broken only without \(part): \(findings)")
      }
    }
  }
}
