import PCIAccess
import VirtioConformance
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
    let function: any PCIFunction = MemoryFunction(
      Array(reader.rest), isLive: true, barSize: known & 1 != 0 ? 0x8_0000 : nil)
    guard let identity = try? function.identity() else { return }
    let read = Inspector(plan: .check) { _ in }
      .inspect(function, identity: identity, kernel: KernelFacts())
    var record = read.function
    facts.add(to: &record, known)

    let verdicts = Rule.verdicts(on: record)
    try requireAgreement(verdicts, record)
    let part = Knowledge.allCases[Int(choice) % Knowledge.allCases.count]
    try checkIgnorance(of: record, verdicts, part)
    checkDrivers(on: record)
    let inspection = Inspection(
      address: read.address, file: read.file, function: record, verdicts: verdicts)
    try Output(inspection: inspection, errors: []).check(choice)
  }

  /// Each driver comes to a verdict, of which text can be made.
  private static func checkDrivers(on record: Function) {
    for (driver, verdict) in Driver.verdicts(on: record) {
      _ = driver.reason(for: verdict)
      _ = driver.missing(in: verdict, on: record)
      for stop in verdict.ignored + [verdict.stop, verdict.left].compactMap({ $0 }) {
        _ = driver.logged(at: stop)
      }
    }
  }

  /// All that a function may say beside its capabilities.
  private struct Facts {
    let type: DeviceType
    let offered, negotiated: FeatureSet
    let status: DeviceStatus
    let command: UInt16
    let common: CommonValues
    let deviceConfig: DeviceConfig

    init(from reader: inout ByteReader) throws {
      type = reader.deviceType()
      offered = FeatureSet(groups: (0..<4).map { _ in reader.word() })
      negotiated = FeatureSet(groups: (0..<4).map { _ in reader.word() })
      command = UInt16(reader.byte())
      let bytes = reader.bytes(64)
      var common = try CommonValues(from: bytes.span)
      try common.loadOptional(from: bytes.span, with: offered)
      self.common = common
      // Both show the register of one device.
      status = common[CommonCfg.deviceStatus] ?? []
      let config = reader.bytes(Int(reader.byte()))
      deviceConfig = try DeviceConfig(
        of: type, from: config.span, offered: offered, negotiated: negotiated, status: status)
    }

    /// Puts into `function` what the bits of `known` say is known.
    func add(to function: inout Function, _ known: UInt16) {
      func knows(_ part: Knowledge) -> Bool {
        Knowledge.allCases.firstIndex(of: part).map { known & 4 << UInt16($0) != 0 } ?? false
      }
      let isWhole = known & 1 << 13 != 0
      function.type = type
      function.identity.deviceID = known & 1 << 14 != 0 ? 0x1041 : 0x1000
      function.identity.revision = UInt8(known >> 15)
      var device = Function.VirtioDevice(name: "virtio0")
      if known & 2 != 0 { (function.kernel.driver, device.driver) = ("virtio-pci", "virtio") }
      if knows(.offered) { device.offeredFeatures = offered }
      if knows(.negotiated) { device.features = negotiated }
      if knows(.status) { device.status = status }
      function.kernel.virtio = device
      if knows(.extended) {
        function.extendedListWasRead = true
        if isWhole {
          function.extendedCapabilities = [ExtendedCapability(position: 0x100, id: SRIOV.id)]
        }
      }
      if knows(.command) { function.command = Command(rawValue: command) }
      function.registersAreAllOnes = known & 1 << 10 != 0
      guard knows(.common) else { return }
      var registers = Function.Registers(path: .bar, common: common, commonLength: 64)
      if knows(.queues) {
        registers.queues = [QueueState(common)].compactMap(\.self)
        registers.queuesAreComplete = isWhole
      }
      if knows(.deviceConfig) { registers.device = deviceConfig }
      function.registers = registers
    }
  }

  /// What can be known of a function beside its capabilities.
  private enum Knowledge: CaseIterable {
    case offered, negotiated, status, common, queues, deviceConfig, extended, command
  }

  /// Where it is not known what is offered, the driver is taken to be at fault rather than the device;
  /// where the registers are not known, a status of 0 is taken for that of a device.
  private static let presumptions = [
    "feature-version-1-accepted", "feature-dependency-closed-negotiated", "status-zero-while-bound",
  ]

  /// Where less is known of a function, no more rules are broken.
  private static func checkIgnorance(
    of state: Function, _ verdicts: [Verdict], _ part: Knowledge
  ) throws {
    var less = state
    switch part {
    case .offered: less.kernel.virtio?.offeredFeatures = nil
    case .negotiated: less.kernel.virtio?.features = nil
    case .status: less.kernel.virtio?.status = nil
    case .common: less.registers = nil
    case .queues:
      less.registers?.queues = []
      less.registers?.queuesAreComplete = false
    case .deviceConfig: less.registers?.device = nil
    case .extended:
      less.extendedCapabilities = []
      less.extendedListWasRead = false
    case .command: less.command = nil
    }
    // A driver that accepts what is not offered shows nothing of the device.
    let isExcessive =
      state.offered.flatMap { state.negotiated?.subtracting($0).isEmpty } == false
    guard less != state, part != .offered && part != .negotiated || !isExcessive else { return }
    for (index, lesser) in Rule.verdicts(on: less).enumerated() {
      guard case .broken = lesser, !presumptions.contains(Rule.all[index].id) else { continue }
      guard case .broken = verdicts[index] else {
        let findings = Rule.all[index].findings(in: less)
        throw Violation(
          description: "\(Rule.all[index].id) is broken only without \(part): \(findings)")
      }
    }
  }

  /// A verdict says of what is broken just what the findings do.
  private static func requireAgreement(_ verdicts: [Verdict], _ function: Function) throws {
    try require(verdicts.count == Rule.all.count, "a rule without a verdict")
    for (rule, verdict) in zip(Rule.all, verdicts) {
      let worst = rule.problems(in: function).map(\.severity).max()
      switch verdict {
      case .broken(let severity):
        try require(severity == worst, "\(rule.id) is \(severity), and its findings are not")
      case .held, .notChecked: try require(worst == nil, "\(rule.id) has findings")
      case .notApplicable: break
      }
    }
  }
}
