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
  ) -> [String] {
    var names: [String] = []
    // What cannot be listed has vanished, and what it was with it.
    for entry in (try? device.entries()) ?? [] {
      if tags.contains(entry.name) {
        names.append(tag(entry.name, of: device))
      } else if entry.isFolder, entry.name != "power" {
        names += things(at: device.folder(entry.name), named: entry.name)
      }
    }
    for sibling in siblings where functionClasses.contains(sibling.name) {
      names += things(at: function.folder(sibling.name), named: sibling.name)
    }
    return names.sorted()
  }

  private static func things(at folder: SysfsFolder, named name: String) -> [String] {
    if folder.holds("uevent") {
      for (thing, children) in nested where name.hasPrefix(thing) {
        return folders(in: folder).filter { $0.hasPrefix(children) }
      }
      return [name]
    }
    return folders(in: folder).flatMap { things(at: folder.folder($0), named: $0) }
  }

  private static func folders(in folder: SysfsFolder) -> [String] {
    let entries = (try? folder.entries()) ?? []
    return entries.filter(\.isFolder).map(\.name)
  }

  /// The text of a tag, without what pads it.
  private static func tag(_ name: String, of device: SysfsFolder) -> String {
    let bytes = (try? device.contents(name)) ?? []
    return String(decoding: bytes.prefix { $0 != 0 && $0 != UInt8(ascii: "\n") }, as: UTF8.self)
  }
}
