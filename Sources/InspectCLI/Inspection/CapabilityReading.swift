import PCIAccess
import Platform
import VirtioConformance
import VirtioPCI

/// The capability list of one function, read with as few accesses as the plan allows: a dword for
/// command and status, one for the pointer, and of each capability its head and then exactly its
/// structure.
struct CapabilityReading {
  private(set) var command: Command?
  private(set) var pciCapabilities: [PCICapability] = []
  private(set) var capabilities: [Capability] = []
  private(set) var end: CapabilityListEnd?
  private(set) var isAllOnes = false
  /// Whether config space ended within a structure, where there should be more of it.
  private var endedEarly = false
  private let plan: ReadPlan

  init(plan: ReadPlan) {
    self.plan = plan
  }

  mutating func read(from function: any PCIFunction) throws(AccessError) {
    let config = ConfigReader(function)
    do throws(ConfigReader.Failure) {
      try read(config)
    } catch {
      switch error {
      case .access(let error): throw error
      case .short: throw Self.shortfall(of: config.function)
      }
    }
  }

  private mutating func read(_ config: ConfigReader) throws(ConfigReader.Failure) {
    let word = try config.load32(at: ConfigHeader.command)
    guard word != .max else {
      isAllOnes = true
      throw .access(
        AccessError(
          config.function.file ?? "",
          .unavailable(
            message: "its config space reads all ones: it is powered down (D3cold) or gone"),
          address: config.function.address))
    }
    command = Command(rawValue: UInt16(truncatingIfNeeded: word))
    let status = UInt16(truncatingIfNeeded: word >> 16)
    var pointer: UInt8 = 0
    if ConfigHeader.hasCapabilityList(status: status) {
      pointer = UInt8(
        truncatingIfNeeded: try config.load32(at: ConfigHeader.capabilitiesPointer))
    }
    var list = CapabilityList(status: status, pointer: pointer)
    if list.end == nil {
      // As many as nearly all functions have.
      pciCapabilities.reserveCapacity(8)
      capabilities.reserveCapacity(8)
    }
    while let entry = try next(of: &list, in: config) { try add(entry, from: config) }
    end = list.end
    if plan.contains(.configSize), list.end == .absent {
      // No list has shown whether more than the header can be read.
      var bytes: [UInt8] = []
      try config.read(at: ConfigHeader.size, count: 4, into: &bytes)
    }
    if endedEarly { throw .short }
  }

  private mutating func next(
    of list: inout CapabilityList, in config: ConfigReader
  ) throws(ConfigReader.Failure) -> PCICapability? {
    do throws(ConfigReader.Failure) {
      return try list.next(in: config)
    } catch {
      if case .short = error, let position = list.position { end = .truncated(position: position) }
      throw error
    }
  }

  private mutating func add(
    _ entry: PCICapability, from config: ConfigReader
  ) throws(ConfigReader.Failure) {
    var entry = entry
    switch entry.id {
    case .vendorSpecific:
      let bytes = try structure(entry, from: config)
      capabilities.append(Capability(entry, bytes: bytes))
    case .msix where plan.contains(.msix):
      let bytes = try bytes(MSIX.size, of: entry, from: config)
      entry.msix = try? MSIX(from: bytes.span)
    default:
      break
    }
    pciCapabilities.append(entry)
  }

  /// The bytes of a virtio capability. The window's data are read from a record, never from a
  /// device, which would read its BAR for them.
  private mutating func structure(
    _ entry: PCICapability, from config: ConfigReader
  ) throws(ConfigReader.Failure) -> [UInt8] {
    if entry.cfgType == .pci, entry.capLen >= CfgCap.size, !config.function.isLive {
      do throws(ConfigReader.Failure) {
        return try bytes(CfgCap.size, of: entry, from: config)
      } catch {
        guard error.isUncaptured else { throw error }
      }
    }
    return try bytes(entry.structureLength, of: entry, from: config)
  }

  /// The first `count` bytes of a capability, or fewer where config space ends.
  private mutating func bytes(
    _ count: Int, of entry: PCICapability, from config: ConfigReader
  ) throws(ConfigReader.Failure) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    bytes.append(addingCapacity: PCICapability.size) { head in
      head.append(entry.id.rawValue)
      head.append(entry.next)
      head.append(entry.capLen)
      head.append(entry.cfgType.rawValue)
    }
    let start = Int(entry.position) + bytes.count
    let end = min(Int(entry.position) + count, ConfigHeader.conventionalSize)
    guard start < end else { return bytes }
    try config.read(at: start, count: end - start, into: &bytes)
    if bytes.count < end - Int(entry.position) { endedEarly = true }
    return bytes
  }

  /// Adds the extended capability list, as far as it can be read and a capture holds it: only functions
  /// with a PCI Express capability have one.
  func readExtended(
    of function: any PCIFunction, into record: inout Function
  ) throws(AccessError) {
    guard end == .terminated else { return }
    guard pciCapabilities.contains(where: { $0.id == .express }) else {
      record.extendedListWasRead = true
      return
    }
    let config = ConfigReader(function)
    var list = ExtendedCapabilityList()
    do throws(ConfigReader.Failure) {
      while var entry = try list.next(in: config) {
        if entry.id == SRIOV.id { entry.sriov = try Self.sriov(entry, from: config) }
        record.extendedCapabilities.append(entry)
      }
      record.extendedListWasRead = true
    } catch {
      switch error {
      case .short: return
      case .access(let failure): if !error.isUncaptured { throw failure }
      }
    }
  }

  /// Nil where config space, or what a capture holds of it, ends too early.
  private static func sriov(
    _ entry: ExtendedCapability, from config: ConfigReader
  ) throws(ConfigReader.Failure) -> SRIOV? {
    do throws(ReadError<ConfigReader.Failure>) {
      return try SRIOV(entry, from: config)
    } catch {
      guard case .access(let failure) = error, !failure.isUncaptured else { return nil }
      if case .short = failure { return nil }
      throw failure
    }
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

/// Config space of a function, read a piece at a time and only where it is asked for.
final class ConfigReader: RegisterSource {
  let function: any PCIFunction

  init(_ function: any PCIFunction) {
    self.function = function
  }

  /// Why a piece is not there.
  enum Failure: Error {
    case access(AccessError)
    /// Config space ends before it does.
    case short

    /// Whether a capture does not hold it.
    var isUncaptured: Bool {
      if case .access(let error) = self, case .uncaptured = error.reason { true } else { false }
    }
  }

  /// A read shows where config space ends.
  var count: Int { ConfigHeader.extendedSize }

  /// Appends up to `count` bytes: fewer where config space ends.
  func read(at offset: Int, count: Int, into bytes: inout [UInt8]) throws(Failure) {
    do throws(AccessError) {
      try function.readConfig(at: offset, count: count, into: &bytes)
    } catch {
      throw .access(error)
    }
  }

  func load8(at offset: Int) throws(Failure) -> UInt8 {
    UInt8(truncatingIfNeeded: try load(at: offset, count: 1))
  }

  func load16(at offset: Int) throws(Failure) -> UInt16 {
    UInt16(truncatingIfNeeded: try load(at: offset, count: 2))
  }

  func load32(at offset: Int) throws(Failure) -> UInt32 { try load(at: offset, count: 4) }

  private func load(at offset: Int, count: Int) throws(Failure) -> UInt32 {
    let value: UInt32?
    do throws(AccessError) {
      value = try function.loadConfig(at: offset, count: count)
    } catch {
      throw .access(error)
    }
    guard let value else { throw .short }
    return value
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
