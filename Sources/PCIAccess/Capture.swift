internal import Platform
internal import SystemPackage
public import VirtioPCI

#if canImport(Glibc)
  private import Glibc
#else
  private import Musl
#endif

/// Saves what was read of functions as a small sysfs tree, which reads back the same.
///
/// Nothing is overwritten, and a function's folder appears whole or not at all: it is filled under a
/// name of its own, which no reader takes for a function's, and renamed. Below the folder of the capture
/// no symbolic link is followed, and nothing is removed that this run did not make.
public final class Capture {
  private let root: FilePath
  private var devices: Folder?
  private var current: SysfsRecord?

  /// `folder` is made when the first function is saved.
  public init(folder: String) {
    root = FilePath(folder)
  }

  /// Begins with another function: what is read of it from now on goes there.
  func record() -> SysfsRecord {
    let record = SysfsRecord()
    current = record
    return record
  }

  /// Saves what was read of the function at `address`, the last that was begun with.
  ///
  /// A signal that ends the program does so afterwards, so that only a run that is killed leaves the
  /// folder that it was about to fill.
  public func save(_ address: Address) throws(AccessError) {
    guard let record = current.take() else { return }
    try holdingSignals { () throws(AccessError) in try save(record.tree, of: address) }
  }

  private func save(_ tree: SavedFolder, of address: Address) throws(AccessError) {
    let devices = try openedDevices(for: address)
    do throws(Errno) {
      try Self.save(tree, as: address.description, in: devices)
    } catch {
      let reason: AccessError.Reason =
        error == .fileExists
        ? .unavailable(message: "already exists and is not overwritten") : .system(error)
      throw AccessError(path.appending(address.description).string, reason, address: address)
    }
  }

  private static let parts = ["bus", "pci", "devices"]

  private var path: FilePath { Self.parts.reduce(root) { $0.appending($1) } }

  /// The folder of the functions, which is made where it is not there.
  private func openedDevices(for address: Address) throws(AccessError) -> Folder {
    if let devices { return devices }
    var path = root
    do throws(Errno) {
      var folder = try Folder.making(path)
      for name in Self.parts {
        path.append(name)
        folder = try folder.makingFolder(name)
      }
      devices = folder
      return folder
    } catch {
      throw AccessError(path.string, .system(error), address: address)
    }
  }

  private static func save(
    _ tree: SavedFolder, as name: String, in devices: Folder
  ) throws(Errno) {
    guard try !devices.holds(name) else { throw .fileExists }
    let unfinished = ".\(name).\(Hex(UInt64.random(in: .min ... .max)).bare)"
    let folder = try devices.makeFolder(unfinished)
    do throws(Errno) {
      try tree.write(to: folder)
      try devices.rename(unfinished, to: name)
    } catch {
      tree.remove(from: folder)
      devices.remove(unfinished, isFolder: true)
      throw error
    }
    // Another, who may rename what lies there, may have put something else in its place.
    guard try devices.folder(name).identity() == folder.identity() else { throw .ioError }
    try devices.synchronize()
  }
}

/// A folder as it is to be saved.
struct SavedFolder {
  private var files: [String: [UInt8]] = [:]
  private var links: [String: String] = [:]
  private var folders: [String: SavedFolder] = [:]

  /// Changes the folder at a path relative to this one, which is made with those above it.
  mutating func change(
    at path: some Sequence<Substring>, _ body: (inout SavedFolder) -> Void
  ) {
    var rest = Array(path)[...]
    guard let first = rest.popFirst() else { return body(&self) }
    folders[String(first), default: SavedFolder()].change(at: rest, body)
  }

  mutating func add(file name: String, _ contents: [UInt8]) { files[name] = contents }

  mutating func add(link name: String, to target: String) { links[name] = target }

  /// Writes all of it, until it is on the disk.
  func write(to folder: Folder) throws(Errno) {
    for (name, saved) in folders { try saved.write(to: try folder.makeFolder(name)) }
    for (name, target) in links { try folder.makeLink(name, to: target) }
    // What says which bytes of config space are known stands before them.
    let (config, ranges) = ("config", ConfigRanges.fileName)
    let others = files.keys.filter { $0 != config && $0 != ranges }
    for name in others + [ranges, config] {
      guard let contents = files[name] else { continue }
      let file = try folder.makeFile(name)
      try file.descriptor.write(all: contents)
      try file.synchronize()
    }
    try folder.synchronize()
  }

  /// Takes back as much of it as was written.
  func remove(from folder: Folder) {
    for name in files.keys { folder.remove(name) }
    for name in links.keys { folder.remove(name) }
    for (name, saved) in folders {
      if let written = try? folder.folder(name) { saved.remove(from: written) }
      folder.remove(name, isFolder: true)
    }
  }
}

/// What was read of one function's folder in sysfs: paths are relative to it.
final class SysfsRecord {
  private var files: [String: [UInt8]] = [:]
  private var links: [String: String] = [:]
  private var folders: Set<String> = []
  private var config: [UInt8] = []
  private var ranges = ConfigRanges()

  func add(file path: String, _ contents: [UInt8]) { files[path] = contents }

  func add(link path: String, to target: String) { links[path] = target }

  func add(folder path: String) { folders.insert(path) }

  /// Bytes of config space, of which `size` can be read.
  func add(config bytes: [UInt8], at offset: Int, of size: Int) {
    config += [UInt8](repeating: 0, count: max(0, size - config.count))
    config.removeLast(config.count - size)
    let end = min(offset + bytes.count, size)
    guard offset < end else { return }
    config.replaceSubrange(offset..<end, with: bytes.prefix(end - offset))
    ranges.insert(offset..<end)
  }

  fileprivate var tree: SavedFolder {
    var tree = SavedFolder()
    for path in folders { tree.change(at: path.split(separator: "/")) { _ in } }
    for (path, contents) in files {
      let parts = path.split(separator: "/")
      tree.change(at: parts.dropLast()) { $0.add(file: String(parts.last ?? ""), contents) }
    }
    for (path, target) in links {
      let parts = path.split(separator: "/")
      tree.change(at: parts.dropLast()) { $0.add(link: String(parts.last ?? ""), to: target) }
    }
    if !config.isEmpty {
      tree.add(file: "config", config)
      tree.add(file: ConfigRanges.fileName, ranges.text)
    }
    return tree
  }
}

/// Which bytes of a saved `config` were read: the others stand there as zeros, which are nobody's.
struct ConfigRanges {
  /// Beside `config`; where there is no such file, all of `config` was read.
  static let fileName = "config.read"
  /// The longest that it can be: every other byte.
  static let longestText = ConfigHeader.extendedSize / 2 * "0xffe-0xffe\n".utf8.count

  private var isKnown: [Bool] = []

  init() {}

  /// Lines of a first and a last offset in hex, `0x40-0x4f`; nil for anything else.
  init?(text: [UInt8]) {
    for line in text.split(separator: UInt8(ascii: "\n")) {
      let ends = line.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
      guard ends.count == 2, let first = UInt64(prefixedHex: ends[0]),
        let last = UInt64(prefixedHex: ends[1]), first <= last,
        last < UInt64(ConfigHeader.extendedSize)
      else { return nil }
      insert(Int(first)..<Int(last) + 1)
    }
  }

  mutating func insert(_ range: Range<Int>) {
    isKnown += [Bool](repeating: false, count: max(0, range.upperBound - isKnown.count))
    for offset in range { isKnown[offset] = true }
  }

  func contains(_ range: Range<Int>) -> Bool {
    range.isEmpty || range.upperBound <= isKnown.count && isKnown[range].allSatisfy { $0 }
  }

  var text: [UInt8] {
    var text: [UInt8] = []
    var offset = 0
    while offset < isKnown.count {
      let end = isKnown[offset...].firstIndex(of: !isKnown[offset]) ?? isKnown.count
      if isKnown[offset] { text += "\(Hex(offset))-\(Hex(end - 1))\n".utf8 }
      offset = end
    }
    return text
  }
}
