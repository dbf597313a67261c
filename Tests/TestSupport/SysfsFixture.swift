import Foundation

/// A sysfs made for one test, which goes away with it.
public final class SysfsFixture {
  /// What `--sysfs` takes.
  public let root: String

  /// A tree with a PCI bus and nothing on it.
  public init() throws {
    root = NSTemporaryDirectory() + "virtio-pci-inspect-\(UUID().uuidString)"
    try createFolder("bus/pci/devices")
  }

  deinit { try? FileManager.default.removeItem(atPath: root) }

  /// The virtio device under a function.
  public struct Virtio {
    var name: String
    var driver: String?
    var status: String
    var features: String
    /// Folders of what the driver made, each with a `uevent`: `net/eth0`.
    var nodes: [String]

    public init(
      _ name: String, driver: String? = nil, status: String = "0x0000000f",
      features: String = String(repeating: "0", count: 64), nodes: [String] = []
    ) {
      self.name = name
      self.driver = driver
      self.status = status
      self.features = features
      self.nodes = nodes
    }
  }

  /// The lines of `resource` as the kernel writes them: the six BARs, the ROM, and six of SR-IOV.
  public static func resource(_ lines: String) -> String {
    let count = lines.split(separator: "\n").count
    return lines + String(repeating: "0x0 0x0 0x0\n", count: max(0, 13 - count))
  }

  /// Adds a function; its `uevent` says what `config` says. Of `resource` the first lines will do.
  public func add(
    _ address: String, _ config: ConfigSpace = .healthy,
    resource: String = "0x4000000000 0x400007ffff 0x140204\n", driver: String? = nil,
    numaNode: Int? = nil, iommuGroup: Int? = nil, virtio: Virtio? = nil
  ) throws {
    let folder = "bus/pci/devices/\(address)"
    let number = { (offset: Int, count: Int) in
      config.bytes[offset..<offset + count].reversed().map { String(format: "%02X", $0) }.joined()
    }
    try createFolder(folder)
    try write(config.bytes, to: "\(folder)/config")
    try write(Self.resource(resource), to: "\(folder)/resource")
    try write("0x\(number(8, 1).lowercased())\n", to: "\(folder)/revision")
    try write("\(numaNode ?? -1)\n", to: "\(folder)/numa_node")
    try write(
      (driver.map { "DRIVER=\($0)\n" } ?? "")
        + "PCI_CLASS=\(number(9, 3))\nPCI_ID=\(number(0, 2)):\(number(2, 2))\n"
        + "PCI_SUBSYS_ID=\(number(0x2C, 2)):\(number(0x2E, 2))\nPCI_SLOT_NAME=\(address)\n",
      to: "\(folder)/uevent")
    if let iommuGroup {
      let group = "kernel/iommu_groups/\(iommuGroup)"
      try createFolder(group)
      try link("\(folder)/iommu_group", to: "../../../../\(group)")
    }
    guard let virtio else { return }
    let device = "\(folder)/\(virtio.name)"
    try createFolder(device)
    try write(
      (virtio.driver.map { "DRIVER=\($0)\n" } ?? "") + "MODALIAS=virtio:d00000001v00001AF4\n",
      to: "\(device)/uevent")
    try write(virtio.status + "\n", to: "\(device)/status")
    try write(virtio.features + "\n", to: "\(device)/features")
    for node in virtio.nodes {
      try createFolder("\(device)/\(node)")
      try write("", to: "\(device)/\(node)/uevent")
    }
  }

  /// The path of something in the tree.
  public func path(_ name: String) -> String { "\(root)/\(name)" }

  /// The path of a function's folder, or of something in it.
  public func function(_ address: String, _ name: String = "") -> String {
    path("bus/pci/devices/\(address)" + (name.isEmpty ? "" : "/\(name)"))
  }

  public func write(_ text: String, to name: String) throws {
    try write(Array(text.utf8), to: name)
  }

  public func write(_ bytes: [UInt8], to name: String) throws {
    try Data(bytes).write(to: URL(filePath: path(name)))
  }

  public func createFolder(_ name: String) throws {
    try FileManager.default.createDirectory(
      atPath: path(name), withIntermediateDirectories: true)
  }

  public func link(_ name: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(
      atPath: path(name), withDestinationPath: target)
  }

  /// Cuts a file short, or makes it longer, in place.
  public func truncate(_ name: String, to size: Int) throws {
    let file = try FileHandle(forUpdating: URL(filePath: path(name)))
    try file.truncate(atOffset: UInt64(size))
    try file.close()
  }

  public func remove(_ name: String) throws {
    try FileManager.default.removeItem(atPath: path(name))
  }
}
