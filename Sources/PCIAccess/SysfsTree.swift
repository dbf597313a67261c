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
    let devices = try? Folder.entries(of: FilePath(root).appending("bus/virtio/devices"))
    return devices?.isEmpty == false
  }

  /// Every PCI function's address, in order.
  func addresses() throws(AccessError) -> [Address] {
    do throws(Errno) {
      return try Folder.entries(of: devices).compactMap { Address($0.name) }.sorted()
    } catch .noSuchFileOrDirectory {
      try checkExistence()
      return []
    } catch {
      throw AccessError(pciDevices, .system(error))
    }
  }

  /// Throws where no function can be found since there is no sysfs, rather than no function.
  func checkExistence() throws(AccessError) {
    guard exists("") else { throw AccessError(pciDevices, .system(.noSuchFileOrDirectory)) }
    guard root != "/sys" || hasPCI || Self.isLive(root) else {
      throw AccessError(root, .unavailable(message: "is not mounted: mount -t sysfs sysfs /sys"))
    }
  }

  func folder(of address: Address, record: SysfsRecord? = nil) -> SysfsFolder {
    SysfsFolder(
      path: devices.appending(address.description),
      address: address, root: FilePath(root), record: record)
  }

  /// The address of the function whose folder in this tree, or a folder below it, `path` leads to:
  /// `/sys/class/net/eth0/device` will do.
  public func address(ofFolder path: String) -> Address? {
    guard let folder = try? SysfsFolder(containing: path), let address = folder.address,
      let stat = try? folder.path.stat(), let own = try? self.folder(of: address).path.stat(),
      stat.deviceID == own.deviceID, stat.inode == own.inode
    else { return nil }
    return address
  }

  /// Whether `path` is a file of the kernel's own, in sysfs or below `/proc/bus/pci`: there a read of
  /// a whole config space is not free of side effects.
  public static func isLive(_ path: String) -> Bool { (try? isOfKernel(path)) ?? false }

  /// The same of standard input.
  public static var isStandardInputLive: Bool { Liveness(of: .standardInput).isLive }

  static func isOfKernel(_ path: String) throws(Errno) -> Bool {
    let file = try File(FilePath(path))
    return Liveness(of: file.descriptor).isLive
  }

  /// Whether `path` is the `config` of a capture, which holds a part of config space only.
  public static func isCaptured(_ path: String) -> Bool {
    let file = FilePath(path)
    let ranges = file.removingLastComponent().appending(ConfigRanges.fileName)
    return file.lastComponent?.string == "config" && (try? ranges.stat()) != nil
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

  private func exists(_ path: String) -> Bool {
    (try? FilePath(root).pushing(FilePath(path)).stat()) != nil
  }
}
