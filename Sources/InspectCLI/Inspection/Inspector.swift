import PCIAccess
import VirtioPCI

/// Reads functions as far as a plan says, and puts together what is known of each.
struct Inspector {
  let plan: ReadPlan
  /// Takes what could not be read.
  let report: (AccessError) -> Void

  /// Everything about `function`, whose identity and kernel facts were read before.
  func inspect(
    _ function: inout any PCIFunction, identity: Identity, kernel: KernelFacts
  ) -> Inspection {
    var state = FunctionState(
      identity: identity, type: DeviceType(identity: identity), interface: .modern)
    // Where they cannot be read, a transitional ID has to do.
    var isBAR0IO = true
    if plan.contains(.bars) || !identity.hasModernID {
      attempt { () throws(AccessError) in
        state.bars = try function.bars()
        isBAR0IO = state.bars.first { $0.index == 0 }?.isIO ?? false
        // libpci takes from config space what `resource` does not say: then there is no size.
        state.barsAreComplete =
          function.knowsAllBARs && state.bars.allSatisfy { $0.size != nil }
      }
    }
    var list = CapabilityReading(plan: plan)
    if plan.contains(.capabilities) || !identity.hasModernID {
      attempt { () throws(AccessError) in try list.read(from: &function) }
    }
    state.capabilities = list.capabilities
    // Where nothing answers the registers say nothing either.
    if list.command != nil, state.lacksBAR {
      attempt { () throws(AccessError) in try Self.addUnplacedBARs(of: &function, to: &state) }
      isBAR0IO = state.bars.first { $0.index == 0 }?.isIO ?? false
    }
    state.command = list.command
    if state.bars.contains(where: { state.isDecoding($0) == false }) {
      attempt { () throws(AccessError) in
        if try Self.hidesIDs(&function) { state.command = nil }
      }
    }
    state.isDriven = kernel.driver != nil
    state.hasVirtioDriver = kernel.virtio?.driver != nil
    state.pciCapabilities = list.pciCapabilities
    state.listEnd = list.end
    state.configSize = function.configSize
    state.interface =
      Interface(
        identity: identity, hasCommonCap: list.hasCommon, hasCapabilityList: list.end != .absent,
        isBAR0IO: isBAR0IO) ?? state.interface
    let inspection = Inspection(
      address: function.address, file: function.file, kernel: kernel, state: state)
    if plan.contains(.registers), list.hasCommon != nil {
      let reader = RegisterReader(
        plan: plan, address: function.address, state: state, kernel: kernel, report: report,
        noteAllOnes: { inspection.state.commonIsAllOnes = true })
      attempt { () throws(AccessError) in inspection.registers = try reader.read(&function) }
    }
    if plan.contains(.check) {
      attempt { () throws(AccessError) in
        inspection.state.hasSRIOV = try list.hasSRIOV(in: &function)
      }
      inspection.state.add(kernel, inspection.registers, isProbed: plan.contains(.probe))
      inspection.outcomes = Rule.outcomes(in: inspection.state)
    }
    if plan.contains(.wholeConfig) {
      attempt { () throws(AccessError) in
        inspection.config = try function.readConfig(at: 0, count: ConfigHeader.extendedSize)
      }
    }
    return inspection
  }

  /// Whether the IDs read all ones, which the source knows from elsewhere: so they do in a virtual
  /// function, whose command register does not say what it decodes either (PCIe SR-IOV §3.4.1).
  private static func hidesIDs(_ function: inout any PCIFunction) throws(AccessError) -> Bool {
    try function.readConfig(at: 0, count: 4) == [0xFF, 0xFF, 0xFF, 0xFF]
  }

  /// Adds the BARs that the kernel found no place for: its `resource` then has nothing of them, and
  /// their registers say what they are.
  private static func addUnplacedBARs(
    of function: inout any PCIFunction, to state: inout FunctionState
  ) throws(AccessError) {
    let registers = try ifCaptured { () throws(AccessError) in
      try function.readConfig(at: ConfigHeader.bars, count: 4 * BAR.count)
    }
    let config = [UInt8](repeating: 0, count: ConfigHeader.bars) + (registers ?? [])
    guard let bars = try? BARRegisters(from: config.span) else { return }
    let unplaced = bars.filter { state.bar(UInt8($0.index)) == .absent }
    guard !unplaced.isEmpty else { return }
    state.bars += unplaced.map {
      BAR(index: $0.index, space: $0.space, address: nil, size: nil)
    }
    state.bars.sort { $0.index < $1.index }
    state.barsAreComplete = false
  }

  private func attempt(_ read: () throws(AccessError) -> Void) {
    do throws(AccessError) {
      try read()
    } catch {
      report(error)
    }
  }
}

extension FunctionState {
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
