internal import Platform

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
  static let functionClasses = ["drm", "sound"]
  /// So many folders no driver makes, and so deep none lies.
  private static let most = 4096
  private static let deepest = 8

  /// What was found, and how many folders were opened for it.
  private struct Walk {
    var names: [String] = []
    var opened = 0
  }

  /// `siblings` is what lies beside the virtio device, in the folder of its function.
  static func names(
    of device: SysfsFolder, beside siblings: [Folder.Entry], in function: SysfsFolder
  ) throws(AccessError) -> [String] {
    var walk = Walk()
    for entry in try entries(of: device, where: { $0.isFolder || tags.contains($0.name) }) {
      if tags.contains(entry.name) {
        if let tag = try tag(entry.name, of: device), !tag.isEmpty { walk.names.append(tag) }
      } else if entry.name != "power" {
        try addThings(in: device, at: entry.name, depth: 1, to: &walk)
      }
    }
    for sibling in siblings where sibling.isFolder && functionClasses.contains(sibling.name) {
      try addThings(in: function, at: sibling.name, depth: 1, to: &walk)
    }
    return walk.names.sorted()
  }

  /// Adds the things that the folder `name` of `parent` is or holds. What is not there any more has
  /// vanished, and what it was with it.
  private static func addThings(
    in parent: SysfsFolder, at name: String, depth: Int, to walk: inout Walk
  ) throws(AccessError) {
    guard depth <= deepest else {
      throw parent.error(
        name, .malformed(line: 0, message: "is nested deeper than anything in sysfs"))
    }
    walk.opened += 1
    guard walk.opened <= most else {
      throw parent.error(
        "", .malformed(line: 0, message: "holds more than \(most) folders of a driver"))
    }
    let opened = try ifPresent { () throws(AccessError) in try parent.folder(name) }
    guard let folder = opened else { return }
    guard try folder.holds("uevent") else {
      for entry in try entries(of: folder, where: \.isFolder) {
        try addThings(in: folder, at: entry.name, depth: depth + 1, to: &walk)
      }
      return
    }
    guard let (_, children) = nested.first(where: { name.hasPrefix($0.thing) }) else {
      walk.names.append(name)
      return
    }
    for child in try entries(of: folder, where: { $0.isFolder && $0.name.hasPrefix(children) }) {
      try ifPresent { () throws(AccessError) in try folder.folder(child.name).noteExistence() }
      walk.names.append(child.name)
    }
  }

  private static func entries(
    of folder: SysfsFolder, where isWanted: (Folder.Entry) -> Bool
  ) throws(AccessError) -> [Folder.Entry] {
    try ifPresent { () throws(AccessError) in try folder.entries(where: isWanted) } ?? []
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
