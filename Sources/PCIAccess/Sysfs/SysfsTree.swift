internal import Platform
internal import SystemPackage
public import VirtioPCI

/// The PCI and virtio part of a sysfs: the kernel's, a container's, or a captured one.
public struct SysfsTree: Hashable, Sendable {
  /// libpci's method that reads one; it is taken where none is named.
  public static let libpciMethod = "linux-sysfs"

  /// What is mounted at `/sys`.
  public let root: String

  public init(root: String = "/sys") {
    self.root = root
  }

  /// The folder of the PCI functions, one in each entry.
  public var pciDevices: String { devices.string }

  private var devices: FilePath { FilePath(root).appending("bus/pci/devices") }

  /// Whether there is a PCI bus at all.
  public var hasPCI: Bool { exists("bus/pci/devices") }

  /// Whether the kernel has virtio devices of whatever transport.
  public var hasVirtio: Bool {
    var hasAny = false
    try? Folder(FilePath(root).appending("bus/virtio/devices")).forEachEntry { _ in hasAny = true }
    return hasAny
  }

  /// Whether its functions are this machine's devices, by the folder that lists them.
  var isLive: Bool { root == "/sys" || (try? Folder(devices))?.liveness == .sysfs }

  /// Whether an entry of a saved tree stands for the function at `address` under another name.
  func misspells(_ address: Address) throws(AccessError) -> Bool {
    guard !isLive else { return false }
    return try listing().misspelled.contains(address)
  }

  /// What the folder of the PCI functions holds.
  struct Listing {
    /// In order.
    var addresses: [Address] = []
    /// Those that an entry spells as the kernel does not, and which it then is not: `00:04.0`.
    var misspelled: [Address] = []
  }

  func listing() throws(AccessError) -> Listing {
    var listing = Listing()
    do throws(Errno) {
      try Folder(devices).forEachEntry { entry in
        guard let address = Address(entry.name) else { return }
        if entry.name == address.description {
          listing.addresses.append(address)
        } else {
          listing.misspelled.append(address)
        }
      }
    } catch .noSuchFileOrDirectory {
      try checkExistence()
    } catch {
      throw AccessError(pciDevices, .folder(error))
    }
    listing.addresses.sort()
    listing.misspelled.sort()
    return listing
  }

  /// Throws where no function can be found since there is no sysfs, rather than no function.
  func checkExistence() throws(AccessError) {
    guard exists("") else { throw AccessError(pciDevices, .system(.noSuchFileOrDirectory)) }
    guard root != "/sys" || hasPCI || (try? Folder(FilePath(root)))?.liveness == .sysfs else {
      throw AccessError(root, .unavailable(message: "is not mounted: mount -t sysfs sysfs /sys"))
    }
  }

  /// The folder of the function at `address`; nil when there is no entry for it.
  ///
  /// An entry that leads to nothing is an error. A look at it again tells it from one of a function that
  /// was unplugged and another plugged in.
  func folder(
    of address: Address, record: SysfsRecord? = nil
  ) throws(AccessError) -> SysfsFolder? {
    let path = devices.appending(address.description)
    for _ in 0..<2 {
      let folder = try ifPresent { () throws(AccessError) in
        try SysfsFolder(path, address: address, root: FilePath(root), record: record)
      }
      if let folder { return folder }
      guard try lists(address) else { return nil }
    }
    throw AccessError(
      path.string, .malformed(line: 0, message: "is a link that leads nowhere"), address: address)
  }

  /// Whether the folder of the PCI functions has an entry for `address`, whatever it leads to.
  func lists(_ address: Address) throws(AccessError) -> Bool {
    let path = devices.appending(address.description)
    do throws(Errno) {
      _ = try system { try path.stat(followTargetSymlink: false) }
      return true
    } catch {
      guard error == .noSuchFileOrDirectory || error == .notDirectory else {
        throw AccessError(path.string, .system(error), address: address)
      }
      return false
    }
  }

  /// The address of the function whose folder in this tree, or a folder below it, `path` leads to:
  /// `/sys/class/net/eth0/device` will do.
  public func address(ofFolder path: String) -> Address? {
    guard let folder = try? SysfsFolder(containing: path), let address = folder.address,
      let own = try? self.folder(of: address), let identity = try? folder.identity(),
      identity == (try? own.identity())
    else { return nil }
    return address
  }

  /// Whether `path` is the `config` of a capture, which holds a part of config space only.
  public static func isCaptured(_ path: String) -> Bool {
    let file = (try? resolved(FilePath(path))) ?? FilePath(path)
    guard file.lastComponent?.string == "config" else { return false }
    let ranges = file.removingLastComponent().appending(ConfigRanges.fileName)
    return (try? ranges.stat()) != nil
  }

  /// Whether `path` is a folder rather than a file.
  public static func isFolder(_ path: String) -> Bool {
    (try? FilePath(path).stat().type) == .directory
  }

  /// What `path` leads to, without links: of a folder, that of the function that it is or lies in.
  /// Nil when there is nothing.
  public static func destination(of path: String) -> String? {
    if isFolder(path), let folder = try? SysfsFolder(containing: path) { return folder.path.string }
    return (try? resolved(FilePath(path)))?.string
  }

  /// What the kernel calls `name` although no function was found by it; nil where it does not know it.
  public func kind(ofNode name: String) -> NodeKind? {
    guard FilePath.Component(name)?.kind == .regular else { return nil }
    let block = FilePath(root).appending("class/block").appending(name)
    if (try? block.appending("partition").stat()) != nil,
      let disk = (try? resolved(block))?.removingLastComponent().lastComponent
    {
      return .partition(of: disk.string)
    }
    if exists("class/net/\(name)") { return .interface }
    return (try? block.stat()) == nil ? nil : .disk
  }

  /// Something that the kernel has a name for.
  public enum NodeKind: Hashable, Sendable {
    case interface, disk
    case partition(of: String)
  }

  private func exists(_ path: String) -> Bool {
    (try? FilePath(root).pushing(FilePath(path)).stat()) != nil
  }
}
