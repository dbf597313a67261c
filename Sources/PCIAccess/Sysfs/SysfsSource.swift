internal import Platform
internal import SystemPackage
public import VirtioPCI

/// The functions of a sysfs tree, sorted by address.
public struct SysfsSource: DeviceSource {
  private let tree: SysfsTree
  private let capture: Capture?
  private let wants: (Address) -> Bool
  /// What is still to come; nil before the folder is listed.
  private var listed: ArraySlice<Address>?
  private var misspelled: ArraySlice<Address> = []
  private var single: SysfsFolder?
  private lazy var treeIsLive = tree.isLive
  /// The folders of a saved tree that were opened. The kernel has none twice.
  private var seen = SeenFolders()

  /// All functions whose address `wants` holds for; what is read of them goes into `capture` too.
  public init(
    tree: SysfsTree, capture: Capture? = nil, where wants: @escaping (Address) -> Bool
  ) {
    self.tree = tree
    self.capture = capture
    self.wants = wants
  }

  /// Just these functions, as far as they are there, without a look at any other.
  public init(tree: SysfsTree, capture: Capture? = nil, addresses: [Address]) {
    self.tree = tree
    self.capture = capture
    wants = { _ in true }
    listed = addresses.sorted()[...]
  }

  /// The one function whose folder `path` leads to or lies in.
  public init(folder path: String, capture: Capture? = nil) throws(AccessError) {
    guard let folder = try SysfsFolder(containing: path, record: capture?.record()) else {
      throw AccessError(
        path, .absent(message: "is not the folder of a PCI device in sysfs"))
    }
    self.init(tree: SysfsTree(), addresses: [])
    single = folder
  }

  public mutating func next() throws(AccessError) -> (any PCIFunction)? {
    if let folder = single.take() { return try SysfsFunction(folder) }
    if listed == nil {
      listed = []
      let listing = try tree.listing()
      listed = listing.addresses.filter(wants)[...]
      misspelled = listing.misspelled.filter(wants)[...]
    }
    if let address = misspelled.popFirst() { throw misspelling(of: address) }
    while let address = listed?.popFirst() {
      // A function that was named, or listed, and is not there is not an error of this source.
      if let function = try function(at: address) { return function }
      try tree.checkExistence()
      if try tree.misspells(address) { throw misspelling(of: address) }
    }
    return nil
  }

  private func misspelling(of address: Address) -> AccessError {
    AccessError(
      tree.pciDevices,
      .malformed(
        line: 0,
        message: "the entry for \(address) does not spell the address as the kernel does, and is"
          + " ignored"), address: address)
  }

  private mutating func function(at address: Address) throws(AccessError) -> SysfsFunction? {
    guard let folder = try tree.folder(of: address, record: capture?.record()) else { return nil }
    if folder.liveness != .sysfs {
      if let first = seen.add(try folder.identity(), at: address) {
        throw folder.error("", .malformed(line: 0, message: "is the same folder as \(first)"))
      }
    } else if !treeIsLive {
      throw folder.error(
        "", .malformed(line: 0, message: "leads to a device of this machine, out of the saved tree")
      )
    }
    do throws(AccessError) {
      return try SysfsFunction(folder)
    } catch {
      guard case .system(.noSuchFileOrDirectory) = error.reason, try !tree.lists(address) else {
        throw error
      }
      return nil
    }
  }
}

/// Folders, each with the address of its function.
///
/// Sorted: those of a tree that was written in order come last. A dictionary would make the runtime
/// look up what it needs, which takes a tenth of a short run.
private struct SeenFolders {
  private var entries: [(folder: Folder.Identity, address: Address)] = []

  /// Adds a folder; one that is there already keeps its address, which is returned.
  mutating func add(_ folder: Folder.Identity, at address: Address) -> Address? {
    var range = 0..<entries.count
    // The last first: nearly all come after it.
    var middle = entries.count - 1
    while !range.isEmpty {
      let entry = entries[middle]
      if entry.folder == folder { return entry.address }
      range = entry.folder < folder ? middle + 1..<range.upperBound : range.lowerBound..<middle
      middle = range.lowerBound + range.count / 2
    }
    entries.insert((folder, address), at: range.lowerBound)
    return nil
  }
}

/// A function's folder in sysfs.
///
/// Its identity comes from `uevent`, which the kernel answers without asking the device (and where
/// the IDs of SR-IOV virtual functions are right, which their config space leaves blank), its BARs
/// from `resource`. Config space is read only where it is asked for: in a guest each of its dwords
/// is an exit to the hypervisor.
final class SysfsFunction: PCIFunction {
  private let folder: SysfsFolder
  private let uevent: UEvent
  private var config: File?
  private var knownSize: Int?
  private var hasRead = false
  /// What was captured, where this is a capture of a part.
  private var captured: ConfigRanges?

  var address: Address? { folder.address }
  var file: String? { nil }
  var knowsAllBARs: Bool { true }

  /// Whether `config` may be a device's. Where it cannot be opened nothing of it is read.
  private(set) lazy var isLive: Bool = {
    try? openConfig()
    return config?.liveness.isLive ?? true
  }()

  init(_ folder: SysfsFolder) throws(AccessError) {
    self.folder = folder
    uevent = try folder.uevent()
  }

  func identity() throws(AccessError) -> Identity {
    guard let identity = uevent.identity(revision: try revision()) else {
      throw folder.error(
        "uevent", .malformed(line: 0, message: "lacks PCI_ID, PCI_SUBSYS_ID or PCI_CLASS"))
    }
    return identity
  }

  /// From the file of that name, which kernels before 4.10 lack: then from config space.
  private func revision() throws(AccessError) -> UInt8 {
    do throws(AccessError) {
      let text = try folder.contents("revision").droppingLastNewline
      guard let value = UInt64(prefixedHex: text), let revision = UInt8(exactly: value) else {
        throw folder.error("revision", .malformed(line: 1, message: "is not a byte in hex"))
      }
      return revision
    } catch {
      guard case .system(.noSuchFileOrDirectory) = error.reason else { throw error }
      var bytes: [UInt8] = []
      try readConfig(at: 0x08, count: 1, into: &bytes)
      guard let byte = bytes.first else { throw error }
      return byte
    }
  }

  func bars() throws(AccessError) -> [BAR] {
    var rest = try folder.contents("resource")[...]
    var bars: [BAR] = []
    for index in 0..<BAR.count {
      guard let line = rest.takeLine() else {
        throw folder.error(
          "resource", .malformed(line: 0, message: "does not have a line for every BAR"))
      }
      guard let resource = Resource(line) else {
        throw folder.error(
          "resource", .malformed(line: index + 1, message: "is not start, end and flags in hex"))
      }
      if let bar = BAR(index: index, resource) { bars.append(bar) }
    }
    return bars
  }

  var configSize: Int { knownSize ?? 0 }

  func readConfig(at offset: Int, count: Int, into bytes: inout [UInt8]) throws(AccessError) {
    if config == nil { captured = try folder.capturedConfig() }
    let read = try readFile(at: offset, count: count)
    let isKnown = captured?.contains(offset..<offset + read.count) ?? true
    folder.noteConfig(isKnown ? read : [], at: offset, of: configSize)
    guard isKnown else {
      throw folder.error("config", .uncaptured(offset: offset, count: read.count))
    }
    bytes += read
  }

  private func readFile(at offset: Int, count: Int) throws(AccessError) -> [UInt8] {
    try openConfig()
    guard let size = knownSize, offset < size else { return [] }
    let wanted = min(count, size - offset)
    do throws(Errno) {
      let bytes = try config?.read(at: offset, count: wanted) ?? []
      hasRead = true
      if bytes.count < wanted {
        knownSize = ConfigHeader.end(afterReading: bytes.count, at: offset)
      }
      return bytes
    } catch {
      // Where the first read of all fails, nothing can be read.
      if !hasRead { knownSize = 0 }
      throw folder.error("config", .system(error))
    }
  }

  private func openConfig() throws(AccessError) {
    guard config == nil else { return }
    let file = try folder.file("config")
    do throws(Errno) {
      knownSize = min(try file.size(), ConfigHeader.extendedSize)
    } catch {
      throw folder.error("config", .system(error))
    }
    config = consume file
  }

  func kernelFacts(_ parts: KernelFacts.Parts) throws(AccessError) -> KernelFacts {
    folder.kernelFacts(parts, driver: uevent["DRIVER"])
  }

  func openRegion(
    _ place: LocatedStructure, count: Int, writable: Bool
  ) throws(AccessError) -> BARRegion {
    try folder.openRegion(place, count: count, writable: writable)
  }

  func writableConfig() throws(AccessError) -> any WritableConfig {
    try folder.writableConfig()
  }
}

/// A line of sysfs `resource`: first and last address, and the kernel's flags.
private struct Resource {
  let start: UInt64
  let end: UInt64
  let flags: UInt64

  init?(_ line: ArraySlice<UInt8>) {
    var rest = line
    guard let start = UInt64(prefixedHex: rest.takeWord()),
      let end = UInt64(prefixedHex: rest.takeWord()),
      let flags = UInt64(prefixedHex: rest.takeWord()), rest.takeWord().isEmpty
    else { return nil }
    self.start = start
    self.end = end
    self.flags = flags
  }

  func has(_ flag: Flag) -> Bool { flags & flag.rawValue != 0 }

  /// The kernel's `IORESOURCE_` flags.
  enum Flag: UInt64 {
    case io = 0x100
    case memory = 0x200
    case prefetch = 0x2000
    case memory64 = 0x10_0000
    case unset = 0x2000_0000
  }
}

extension BAR {
  /// Nil when there is no such BAR, or it is the upper half of another.
  fileprivate init?(index: Int, _ resource: Resource) {
    let isIO = resource.has(.io)
    guard isIO || resource.has(.memory) else { return nil }
    let isUnassigned = resource.has(.unset) || resource.start == 0
    let (last, underflow) = resource.end.subtractingReportingOverflow(resource.start)
    self.init(
      index: index,
      space: isIO
        ? .io
        : .memory(
          width: resource.has(.memory64) ? 64 : 32, prefetchable: resource.has(.prefetch)),
      address: isUnassigned ? nil : resource.start,
      size: underflow || last == .max ? nil : last + 1)
  }
}
