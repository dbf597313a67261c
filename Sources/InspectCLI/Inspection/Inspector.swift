import PCIAccess
import VirtioConformance
import VirtioPCI

/// Reads functions as far as a plan says, and puts together what is known of each.
struct Inspector {
  let plan: ReadPlan
  /// Whose refusals are problems.
  var drivers = DriverChoice.standard
  /// The type that the functions are taken for; nil where their IDs say it.
  var assumedType: DeviceType?
  /// The rules whose findings are accepted.
  var ignored = IgnoredRules.none
  /// Takes what could not be read.
  let report: (AccessError) -> Void

  /// Everything about `function`, whose identity and kernel facts were read before.
  func inspect(
    _ function: any PCIFunction, identity: Identity, kernel: KernelFacts
  ) -> Inspection {
    let inspection = Inspection(
      address: function.address, file: function.file,
      function: record(of: function, identity, kernel), counted: drivers,
      ignored: ignored)
    if plan.contains(.check) { inspection.verdicts = Rule.verdicts(on: inspection.function) }
    if plan.contains(.wholeConfig) {
      attempt { () throws(AccessError) in
        inspection.config = try function.readConfig(at: 0, count: ConfigHeader.extendedSize)
      }
    }
    return inspection
  }

  private func record(
    of function: any PCIFunction, _ identity: Identity, _ kernel: KernelFacts
  ) -> Function {
    var record = Function(identity: identity)
    if let assumedType { record.type = assumedType }
    record.kernel = kernel.kernel
    read(function, into: &record)
    return record
  }

  private func read(
    _ function: any PCIFunction, into record: inout Function
  ) {
    if plan.contains(.bars) || !record.identity.hasModernID {
      attempt { () throws(AccessError) in
        let bars = try function.bars()
        record.implementedBARs = bars
        // libpci takes from config space what `resource` does not say: then there is no size.
        record.barsAreComplete = function.knowsAllBARs && bars.allSatisfy { $0.size != nil }
        if function.knowsAllBARs { record.kernel.bars = Function.BARPlacement(bars) }
      }
    }
    var list = CapabilityReading(plan: plan)
    if plan.contains(.capabilities) || !record.identity.hasModernID {
      attempt { () throws(AccessError) in try list.read(from: function) }
    }
    record.capabilities = list.capabilities
    record.pciCapabilities = list.pciCapabilities
    record.listEnd = list.end
    record.configIsAllOnes = list.isAllOnes
    // What config space says of BARs then is not theirs.
    if list.isAllOnes, !function.knowsAllBARs { record.implementedBARs = nil }
    addKernelFacts(of: function, to: &record)
    // Where nothing answers the registers say nothing either.
    if list.command != nil, record.lacksBAR {
      attempt { () throws(AccessError) in try Self.addUnplacedBARs(of: function, to: &record) }
    }
    record.command = list.command
    // Without the kernel, which knows a virtual function, nothing else shows it.
    let mayBeVirtual = plan.contains(.sriov) && function.file != nil && list.command != nil
    if mayBeVirtual || record.bars.contains(where: { record.isDecoding($0) == false }) {
      attempt { () throws(AccessError) in
        record.hidesIDs = try Self.hidesIDs(function)
        if record.hidesIDs { record.command = nil }
      }
    }
    record.configSize = function.configSize
    if plan.contains(.registers), record.hasCommonCapability != nil {
      let reader = RegisterReader(plan: plan, address: function.address, report: report)
      attempt { () throws(AccessError) in try reader.read(function, into: &record) }
    }
    if plan.contains(.header), list.command != nil {
      attempt { () throws(AccessError) in
        record.headerType = try Self.byte(at: ConfigHeader.headerType, of: function)
          .map { $0 & 0x7F }
        record.interruptPin = try Self.byte(at: ConfigHeader.interruptPin, of: function)
      }
    }
    if plan.contains(.extended) {
      attempt { () throws(AccessError) in try list.readExtended(of: function, into: &record) }
    }
  }

  /// Adds what the kernel knows of a function that config space does not tell everything of: its
  /// interface by what a driver has negotiated, or whether it is asleep.
  private func addKernelFacts(of function: any PCIFunction, to record: inout Function) {
    if record.configIsAllOnes, record.kernel.powerState == nil {
      attempt { () throws(AccessError) in
        record.kernel.powerState = try function.kernelFacts(.powerState).kernel.powerState
      }
    }
    guard record.interface == nil, record.kernel.virtio?.features == nil else { return }
    attempt { () throws(AccessError) in
      let facts = try function.kernelFacts([.status, .features])
      guard let virtio = facts.kernel.virtio else { return }
      if record.kernel.virtio == nil { record.kernel.virtio = virtio }
      record.kernel.virtio?.status = virtio.status
      record.kernel.virtio?.features = virtio.features
    }
  }

  /// A register of the header; nil where it cannot be read, or a capture does not hold it.
  private static func byte(
    at offset: Int, of function: any PCIFunction
  ) throws(AccessError) -> UInt8? {
    let value = try ifCaptured { () throws(AccessError) in
      try function.loadConfig(at: offset, count: 1)
    }
    return value.flatMap(\.self).map { UInt8(truncatingIfNeeded: $0) }
  }

  /// Whether the IDs read all ones, which the source knows from elsewhere: so they do in a virtual
  /// function, whose command register does not say what it decodes either (PCIe SR-IOV §3.4.1).
  private static func hidesIDs(_ function: any PCIFunction) throws(AccessError) -> Bool {
    try function.readConfig(at: 0, count: 4) == [0xFF, 0xFF, 0xFF, 0xFF]
  }

  /// Adds the BARs that the kernel found no place for: its `resource` then has nothing of them, and
  /// their registers say what they are.
  private static func addUnplacedBARs(
    of function: any PCIFunction, to record: inout Function
  ) throws(AccessError) {
    let registers = try ifCaptured { () throws(AccessError) in
      try function.readConfig(at: ConfigHeader.bars, count: 4 * BAR.count)
    }
    let config = [UInt8](repeating: 0, count: ConfigHeader.bars) + (registers ?? [])
    guard let bars = try? BARRegisters(from: config.span) else { return }
    let unplaced = bars.filter { record.bar(UInt8($0.index)) == .absent }
    guard !unplaced.isEmpty else { return }
    let all =
      record.bars + unplaced.map { BAR(index: $0.index, space: $0.space, address: nil, size: nil) }
    record.implementedBARs = all.sorted { $0.index < $1.index }
    record.barsAreComplete = false
  }

  private func attempt(_ read: () throws(AccessError) -> Void) {
    do throws(AccessError) {
      try read()
    } catch {
      report(error)
    }
  }
}

extension Function {
  /// Whether there should be a BAR that is not there: that of a structure, or that of the legacy
  /// registers.
  fileprivate var lacksBAR: Bool {
    guard barsAreComplete else { return false }
    return !identity.hasModernID && bar(0) == .absent
      || capabilities.contains { capability in
        capability.locatesStructure && capability.data.map { bar($0.bar) == .absent } ?? false
      }
  }
}

/// What `read` gives; nil when a capture does not hold it.
func ifCaptured<Value>(
  _ read: () throws(AccessError) -> Value
) throws(AccessError) -> Value? {
  do throws(AccessError) {
    return try read()
  } catch {
    guard case .uncaptured = error.reason else { throw error }
    return nil
  }
}
