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
    let type = DeviceType(rawValue: UInt16(reader.byte()) % 48)
    let offered = FeatureSet(groups: (0..<4).map { _ in reader.word() })
    let negotiated = FeatureSet(groups: (0..<4).map { _ in reader.word() })
    let status = DeviceStatus(rawValue: reader.byte())
    let common = reader.bytes(64)
    let configSize = Int(reader.byte())
    let bytes = reader.bytes(configSize)
    let deviceConfig = try DeviceConfig(
      of: type, from: bytes.span, offered: offered, negotiated: negotiated, status: status)
    var values = try CommonValues(from: common.span)
    try values.loadOptional(from: common.span, with: offered)

    var function: any PCIFunction = MemoryFunction(
      Array(reader.rest), isLive: true, barSize: known & 1 != 0 ? 0x8_0000 : nil)
    guard let identity = try? function.identity() else { return }
    let inspection = Inspector(plan: .check) { _ in }
      .inspect(&function, identity: identity, kernel: KernelFacts())
    inspection.state.type = type
    inspection.state.interface = Interface.allCases[Int(known >> 14) % Interface.allCases.count]
    inspection.state.isDriven = known & 2 != 0
    for (index, part) in Knowledge.allCases.enumerated() where known & 4 << UInt16(index) != 0 {
      switch part {
      case .offered: inspection.state.offered = offered
      case .negotiated: inspection.state.negotiated = negotiated
      case .status: inspection.state.status = status
      case .kernelStatus: inspection.state.kernelStatus = status
      case .common: inspection.state.common = values
      case .queues:
        inspection.state.queues = [QueueState(values)].compactMap(\.self)
        inspection.state.queuesAreComplete = known & 1 << 13 != 0
      case .deviceConfig: inspection.state.deviceConfig = deviceConfig
      case .extended: inspection.state.hasSRIOV = known & 1 << 13 != 0
      }
    }
    // What was negotiated is known only of a driver that has come so far.
    if inspection.state.status?.isDisjoint(with: [.featuresOK, .driverOK]) ?? true {
      inspection.state.negotiated = nil
    }
    let outcomes = Rule.outcomes(in: inspection.state)
    try require(outcomes.map(\.rule.id) == Rule.all.map(\.id), "a rule without an outcome")
    let part = Knowledge.allCases[Int(choice) % Knowledge.allCases.count]
    try checkIgnorance(of: inspection.state, outcomes, part)
    inspection.outcomes = outcomes
    if inspection.state.common != nil {
      inspection.registers = Registers(
        type: type, via: .bar, common: values, commonLength: common.count, offered: offered,
        negotiated: negotiated, queues: (inspection.state.queues ?? []).map { .init(state: $0) },
        device: deviceConfig, skippedStructures: [])
    }
    try Output(inspection: inspection, errors: []).check(choice)
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
    guard less != state else { return }
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
