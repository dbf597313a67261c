internal import SystemPackage

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
  static func names(of device: FilePath, beside siblings: [Folder.Entry]) -> [String] {
    var names: [String] = []
    for entry in entries(in: device) {
      let path = device.appending(entry.name)
      if tags.contains(entry.name) {
        names.append(text(of: path))
      } else if entry.isFolder, entry.name != "power" {
        names += things(at: path, named: entry.name)
      }
    }
    for sibling in siblings where functionClasses.contains(sibling.name) {
      let path = device.removingLastComponent().appending(sibling.name)
      names += things(at: path, named: sibling.name)
    }
    return names.sorted()
  }

  private static func things(at path: FilePath, named name: String) -> [String] {
    guard isThing(path) else {
      return folders(in: path).flatMap { things(at: path.appending($0), named: $0) }
    }
    for (thing, children) in nested where name.hasPrefix(thing) {
      return folders(in: path).filter { $0.hasPrefix(children) }
    }
    return [name]
  }

  private static func isThing(_ path: FilePath) -> Bool {
    (try? path.appending("uevent").stat()) != nil
  }

  private static func folders(in path: FilePath) -> [String] {
    entries(in: path).filter(\.isFolder).map(\.name)
  }

  /// What cannot be listed has vanished, and what it was with it.
  private static func entries(in path: FilePath) -> [Folder.Entry] {
    (try? Folder.entries(of: path)) ?? []
  }

  /// The text of a tag, without what pads it.
  private static func text(of path: FilePath) -> String {
    let bytes = (try? File.contents(of: path)) ?? []
    return String(decoding: bytes.prefix { $0 != 0 && $0 != UInt8(ascii: "\n") }, as: UTF8.self)
  }
}
