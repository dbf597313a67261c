internal import SystemPackage
public import VirtioPCI

/// The PCI and virtio part of a sysfs: the kernel's, a container's, or a captured one.
public struct SysfsTree: Hashable, Sendable {
  /// What is mounted at `/sys`.
  public let root: String

  public init(root: String = "/sys") {
    self.root = root
  }

  /// Whether there is a PCI bus at all.
  public var hasPCI: Bool { exists("bus/pci/devices") }

  /// Whether the kernel has virtio devices of whatever transport.
  public var hasVirtio: Bool {
    let devices = try? Folder.entries(of: FilePath(root).appending("bus/virtio/devices"))
    return devices?.isEmpty == false
  }

  /// Every PCI function's address, in order.
  func addresses() throws(AccessError) -> [Address] {
    let folder = FilePath(root).appending("bus/pci/devices")
    do throws(Errno) {
      return try Folder.entries(of: folder).compactMap { Address($0.name) }.sorted()
    } catch .noSuchFileOrDirectory where exists("") {
      return []
    } catch {
      throw AccessError(folder.string, .system(error))
    }
  }

  func folder(of address: Address) -> SysfsFolder {
    SysfsFolder(
      path: FilePath(root).appending("bus/pci/devices").appending(address.description),
      address: address, root: FilePath(root))
  }

  /// The address of the function whose folder in this tree, or a folder below it, `path` leads to:
  /// `/sys/class/net/eth0/device` will do.
  public func address(ofFolder path: String) -> Address? {
    guard let folder = SysfsFolder(containing: path), let address = folder.address,
      let stat = try? folder.path.stat(), let own = try? self.folder(of: address).path.stat(),
      stat.deviceID == own.deviceID, stat.inode == own.inode
    else { return nil }
    return address
  }

  /// Whether `path` is a file of the kernel's own sysfs: there a read of a whole `config` is not
  /// free of side effects.
  public static func isLive(_ path: String) -> Bool {
    // Every mount of sysfs is of one device.
    guard let file = try? FilePath(path).stat().deviceID,
      let sysfs = try? FilePath("/sys").stat().deviceID
    else { return false }
    return file == sysfs && sysfs != (try? FilePath("/").stat().deviceID)
  }

  /// Whether `path` is a folder rather than a file.
  public static func isFolder(_ path: String) -> Bool {
    (try? FilePath(path).stat().type) == .directory
  }

  /// What `path` leads to, without links: of a folder, that of the function that it is or lies in.
  /// Nil when there is nothing.
  public static func destination(of path: String) -> String? {
    if isFolder(path), let folder = SysfsFolder(containing: path) { return folder.path.string }
    return (try? resolved(FilePath(path)))?.string
  }

  private func exists(_ path: String) -> Bool {
    (try? FilePath(root).pushing(FilePath(path)).stat()) != nil
  }
}

/// The folder of one PCI function in sysfs, and what the kernel says there.
struct SysfsFolder {
  let path: FilePath
  let address: Address?
  /// Of the sysfs that it was found in; nil when it was named itself.
  let root: FilePath?

  init(path: FilePath, address: Address?, root: FilePath? = nil) {
    self.path = path
    self.address = address
    self.root = root
  }

  /// The folder of the function that the folder `path` leads to or lies in; nil when there is none.
  init?(containing path: String) {
    guard var folder = try? resolved(FilePath(path)) else { return nil }
    while (try? folder.appending("config").stat()) == nil {
      guard folder.removeLastComponent(), !folder.isEmpty else { return nil }
    }
    self.init(path: folder, address: nil)
    guard let uevent = try? uevent() else { return nil }
    self.init(path: folder, address: uevent["PCI_SLOT_NAME"].flatMap { Address($0) })
  }

  /// The `KEY=value` lines of `uevent`.
  func uevent() throws(AccessError) -> UEvent {
    UEvent(try contents("uevent"))
  }

  func contents(_ name: String) throws(AccessError) -> [UInt8] {
    do throws(Errno) {
      return try File.contents(of: path.appending(name))
    } catch {
      throw self.error(name, .system(error))
    }
  }

  /// Whether there is such a folder.
  var exists: Bool { (try? path.stat()) != nil }

  func error(_ name: String, _ reason: AccessError.Reason) -> AccessError {
    AccessError(path.appending(name).string, reason, address: address)
  }

  /// What the kernel knows of the function whose `uevent` names `driver`.
  func kernelFacts(_ parts: KernelFacts.Parts, driver: String?) -> KernelFacts {
    var facts = KernelFacts(driver: driver)
    if parts.contains(.placement) {
      facts.numaNode = (try? contents("numa_node").droppingLastNewline)
        .flatMap { Int(String(decoding: $0, as: UTF8.self)) }
        .flatMap { $0 < 0 ? nil : $0 }
      facts.iommuGroup = (try? linkedName(path.appending("iommu_group"))).flatMap { Int($0) }
    }
    addDevice(parts, to: &facts)
    return facts
  }

  /// Adds what sysfs alone knows: the power state, and the kernel's virtio device under the
  /// function.
  func addDevice(_ parts: KernelFacts.Parts, to facts: inout KernelFacts) {
    if parts.contains(.powerState) {
      facts.powerState = (try? contents("power_state").droppingLastNewline)
        .map { String(decoding: $0, as: UTF8.self) }
    }
    addVirtioDevice(parts, to: &facts)
  }

  private func addVirtioDevice(_ parts: KernelFacts.Parts, to facts: inout KernelFacts) {
    let children: [Folder.Entry]
    do throws(Errno) {
      children = try Folder.entries(of: path)
    } catch {
      return facts.errors.append(self.error("", .system(error)))
    }
    guard let name = children.map(\.name).filter(Self.isVirtioName).min() else { return }
    let folder = SysfsFolder(path: path.appending(name), address: address)
    var device = KernelVirtioDevice(name: name)
    device.driver = try? folder.uevent()["DRIVER"]
    if parts.contains(.status) {
      device.status = (try? folder.contents("status").droppingLastNewline)
        .flatMap { UInt64(prefixedHex: $0) }
        .map { DeviceStatus(rawValue: UInt8(truncatingIfNeeded: $0)) }
    }
    if parts.contains(.features) {
      do throws(AccessError) {
        device.features = try folder.features()
      } catch {
        facts.errors.append(error)
      }
    }
    if parts.contains(.offeredFeatures) {
      device.offeredFeatures = offeredFeatures(of: name)
    }
    if parts.contains(.nodes) {
      device.nodes = SysfsNodes.names(of: folder.path, beside: children)
    }
    facts.virtio = device
  }

  private static func isVirtioName(_ name: String) -> Bool {
    let digits = name.utf8.dropFirst("virtio".utf8.count)
    return name.hasPrefix("virtio") && !digits.isEmpty
      && digits.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }

  private func features() throws(AccessError) -> FeatureSet {
    let text = try contents("features")
    do throws(DecodeError) {
      return try FeatureSet(sysfs: text)
    } catch {
      throw self.error("features", .malformed(line: 1, message: "\(error)"))
    }
  }
}

extension SysfsFolder {
  /// The features that the kernel says the device offers, a decimal bit number a line; nil where
  /// debugfs is not there for us.
  private func offeredFeatures(of name: String) -> FeatureSet? {
    guard
      let path = root?.appending("kernel/debug/virtio").appending(name)
        .appending("device_features"),
      let text = try? File.contents(of: path)
    else { return nil }
    let bits = text.split(separator: UInt8(ascii: "\n")).map {
      UInt8(String(decoding: $0, as: UTF8.self))
    }
    return bits.contains(nil) ? nil : FeatureSet(bits.compactMap { $0.map(Int.init) })
  }
}

/// The `KEY=value` lines of a sysfs `uevent` file.
struct UEvent {
  private let lines: [ArraySlice<UInt8>]

  init(_ text: [UInt8]) {
    lines = text.split(separator: UInt8(ascii: "\n"))
  }

  /// The value of `key`, invalid UTF-8 repaired.
  subscript(key: String) -> String? {
    bytes(of: key).map { String(decoding: $0, as: UTF8.self) }
  }

  /// A number in hex.
  func hex(_ key: String) -> UInt32? {
    bytes(of: key).flatMap { UInt32(hexDigits: $0) }
  }

  /// Two 16-bit numbers in hex with a colon between them.
  func idPair(_ key: String) -> (UInt16, UInt16)? {
    guard let value = bytes(of: key),
      let colon = value.firstIndex(of: UInt8(ascii: ":")),
      let first = UInt32(hexDigits: value[..<colon]).flatMap({ UInt16(exactly: $0) }),
      let second = UInt32(hexDigits: value[(colon + 1)...]).flatMap({ UInt16(exactly: $0) })
    else { return nil }
    return (first, second)
  }

  private func bytes(of key: String) -> ArraySlice<UInt8>? {
    for line in lines where line.starts(with: key.utf8) {
      let rest = line.dropFirst(key.utf8.count)
      if rest.first == UInt8(ascii: "=") { return rest.dropFirst() }
    }
    return nil
  }
}
