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

  static func names(of device: FilePath, function: FilePath) -> [String] {
    var names: [String] = []
    for folder in folders(in: device) where folder != "power" {
      names += things(at: device.appending(folder), named: folder)
    }
    for name in functionClasses {
      names += things(at: function.appending(name), named: name)
    }
    for tag in tags {
      guard let text = try? File.contents(of: device.appending(tag)) else { continue }
      names.append(String(decoding: text.prefix { $0 != 0 && $0 != 10 }, as: UTF8.self))
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
    let entries = (try? Folder.entries(of: path)) ?? []
    return entries.filter(\.isFolder).map(\.name)
  }
}
