/// What a virtio driver made, by the names users know: network interfaces, block devices, ports.
///
/// Under a virtio device the kernel keeps a folder for each thing its driver made. A folder without
/// a `uevent` only groups the things of one class (`net`, `block`, `virtio-ports`); one with it is a
/// thing itself (`host0`, `gpiochip0`).
enum SysfsNodes {
  /// Things that users know by what lies below them.
  private static let nested: [(thing: String, children: String)] = [
    ("input", "event")
  ]
  /// Files whose text names the thing.
  private static let tags = ["mount_tag"]
  /// Classes that some drivers hang under the PCI function instead.
  private static let functionClasses = ["drm", "sound"]

  /// `siblings` is what lies beside the virtio device, in the folder of its function.
  static func names(
    of device: SysfsFolder, beside siblings: [Folder.Entry], in function: SysfsFolder
  ) throws(AccessError) -> [String] {
    var names: [String] = []
    for entry in try entries(of: device) {
      if tags.contains(entry.name) {
        if let tag = try tag(entry.name, of: device), !tag.isEmpty { names.append(tag) }
      } else if entry.isFolder, entry.name != "power" {
        names += try things(at: device.folder(entry.name), named: entry.name)
      }
    }
    for sibling in siblings where functionClasses.contains(sibling.name) {
      names += try things(at: function.folder(sibling.name), named: sibling.name)
    }
    return names.sorted()
  }

  private static func things(
    at folder: SysfsFolder, named name: String
  ) throws(AccessError) -> [String] {
    if try folder.holds("uevent") {
      guard let (_, children) = nested.first(where: { name.hasPrefix($0.thing) }) else {
        return [name]
      }
      let names = try folders(in: folder).filter { $0.hasPrefix(children) }
      for name in names { folder.folder(name).noteExistence() }
      return names
    }
    var names: [String] = []
    for name in try folders(in: folder) {
      names += try things(at: folder.folder(name), named: name)
    }
    return names
  }

  private static func folders(in folder: SysfsFolder) throws(AccessError) -> [String] {
    try entries(of: folder).filter(\.isFolder).map(\.name)
  }

  /// What is not there any more has vanished, and what it was with it.
  private static func entries(of folder: SysfsFolder) throws(AccessError) -> [Folder.Entry] {
    try ifPresent { () throws(AccessError) in try folder.entries() } ?? []
  }

  /// The text of a tag, without what pads it.
  private static func tag(
    _ name: String, of device: SysfsFolder
  ) throws(AccessError) -> String? {
    let bytes = try ifPresent { () throws(AccessError) in try device.contents(name) }
    return bytes.map {
      String(decoding: $0.prefix { $0 != 0 && $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }
  }
}
