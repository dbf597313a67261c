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
    guard let bars = try? BAR.decode(from: config.span) else { return }
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

/// The capability list of one function, read with as few accesses as the plan allows: a dword for
/// command and status, one for the pointer, and of each capability its head and then exactly its
/// structure.
struct CapabilityReading {
  private(set) var command: UInt16?
  private(set) var pciCapabilities: [PCICapability] = []
  private(set) var capabilities: [Capability] = []
  private(set) var end: CapabilityListEnd?
  /// Whether config space ended within a structure, where there should be more of it.
  private var endedEarly = false
  private let plan: ReadPlan

  init(plan: ReadPlan) {
    self.plan = plan
  }

  /// Whether there is a common configuration capability; nil when the list was not read to its end.
  var hasCommon: Bool? {
    if capabilities.contains(where: { $0.head.cfgType == .common }) { return true }
    if case .truncated = end { return nil }
    return end == nil ? nil : false
  }

  mutating func read(from function: inout any PCIFunction) throws(AccessError) {
    let head = try function.readConfig(at: ConfigHeader.command, count: 4)
    guard let word: UInt32 = try? head.span.load(at: 0) else {
      throw Self.shortfall(of: function)
    }
    guard word != .max else {
      throw AccessError(
        function.file ?? "",
        .unavailable(
          message: "its config space reads all ones: it is powered down (D3cold) or gone"),
        address: function.address)
    }
    command = UInt16(truncatingIfNeeded: word)
    let status = UInt16(truncatingIfNeeded: word >> 16)
    var pointer: UInt8 = 0
    if ConfigHeader.hasCapabilityList(status: status) {
      let bytes = try function.readConfig(at: ConfigHeader.capabilitiesPointer, count: 4)
      guard let first = bytes.first else { throw Self.shortfall(of: function) }
      pointer = first
    }
    var walk = CapabilityWalk(status: status, pointer: pointer)
    while let position = walk.position {
      let bytes = try function.readConfig(at: Int(position), count: CapHead.size)
      let head = PCICapabilityHead(position: position, bytes: bytes.span)
      if let head, bytes.count == CapHead.size {
        try add(head, bytes, from: &function)
        walk.advance(past: head)
      } else {
        walk.advance(past: nil)
      }
    }
    end = walk.end
    if plan.contains(.configSize), walk.end == .absent {
      // No list has shown whether more than the header can be read.
      _ = try function.readConfig(at: Int(ConfigHeader.size), count: 4)
    }
    if case .truncated = end { endedEarly = true }
    if endedEarly { throw Self.shortfall(of: function) }
  }

  private mutating func add(
    _ head: PCICapabilityHead, _ bytes: [UInt8], from function: inout any PCIFunction
  ) throws(AccessError) {
    var entry = PCICapability(position: head.position, id: head.id)
    switch head.id {
    case .vendorSpecific:
      let bytes = try structure(at: head.position, bytes, from: &function)
      if let capability = Capability(position: head.position, bytes: bytes) {
        capabilities.append(capability)
      }
    case .msix where plan.contains(.msix):
      let bytes = try rest(of: bytes, to: MSIX.size, at: head.position, from: &function)
      entry.msix = try? MSIX(from: bytes.span)
    default:
      break
    }
    if head.id.rawValue != 0xFF { pciCapabilities.append(entry) }
  }

  /// The bytes of a virtio capability. The window's data are read from a record, never from a
  /// device, which would read its BAR for them.
  private mutating func structure(
    at position: UInt8, _ bytes: [UInt8], from function: inout any PCIFunction
  ) throws(AccessError) -> [UInt8] {
    guard let head = try? CapHead(from: bytes.span) else { return bytes }
    if head.cfgType == .pci, head.capLen >= CfgCap.size, !function.isLive {
      let whole = try ifCaptured { () throws(AccessError) in
        try rest(of: bytes, to: Int(CfgCap.size), at: position, from: &function)
      }
      if let whole { return whole }
    }
    return try rest(of: bytes, to: head.structureLength, at: position, from: &function)
  }

  private mutating func rest(
    of bytes: [UInt8], to length: Int, at position: UInt8, from function: inout any PCIFunction
  ) throws(AccessError) -> [UInt8] {
    let start = Int(position) + bytes.count
    let end = min(Int(position) + length, ConfigHeader.conventionalSize)
    guard start < end else { return bytes }
    let rest = try function.readConfig(at: start, count: end - start)
    if rest.count < end - start { endedEarly = true }
    return bytes + rest
  }

  /// What is to be said when config space ended before the list did.
  private static func shortfall(of function: any PCIFunction) -> AccessError {
    let size = function.configSize
    let message: String
    if function.isLive {
      message =
        "only \(size) bytes of its config space can be read, not its capabilities: "
        + (Privilege.current.cure(beyond: size) ?? "there is no more of it here")
    } else {
      let cure = function.file == nil ? "as root, with --capture" : "with lspci -xxx"
      message = "only the first \(size) bytes of its config space were saved: save it \(cure)"
    }
    return AccessError(
      function.file ?? "", .unavailable(message: message), address: function.address)
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

extension Privilege {
  /// What to do about it; nil when privilege is not what lacks.
  fileprivate func cure(beyond size: Int) -> String? {
    switch self {
    case .complete: nil
    case .user: "run as root to read beyond the first \(size) bytes"
    case .rootWithoutCapability: "root has no CAP_SYS_ADMIN here; a container needs it added"
    case .userNamespace:
      "this is root of a user namespace; CAP_SYS_ADMIN in the initial one is needed"
    }
  }
}
