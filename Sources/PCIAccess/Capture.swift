private import Glibc
internal import SystemPackage
public import VirtioPCI

/// Saves what was read of functions as a small sysfs tree, which reads back the same.
///
/// Nothing is overwritten, and a function's folder appears whole or not at all.
public final class Capture {
  private let devices: FilePath
  private var current: SysfsRecord?

  /// `folder` is made when the first function is saved.
  public init(folder: String) {
    devices = FilePath(folder).appending("bus").appending("pci").appending("devices")
  }

  /// Begins with another function: what is read of it from now on goes there.
  func record() -> SysfsRecord {
    let record = SysfsRecord()
    current = record
    return record
  }

  /// Saves what was read of the function at `address`, the last that was begun with.
  public func save(_ address: Address) throws(AccessError) {
    guard let record = current.take() else { return }
    let folder = devices.appending(address.description)
    let unfinished = devices.appending(".\(address)")
    guard (try? folder.stat()) == nil else {
      throw AccessError(
        folder.string, .unavailable(message: "is there already: nothing is overwritten"),
        address: address)
    }
    do throws(FileError) {
      try makeFolder(devices)
      // What a run that was killed has left.
      try remove(unfinished)
    } catch {
      throw AccessError(error.path.string, .system(error.errno), address: address)
    }
    do throws(FileError) {
      try makeFolder(unfinished)
      try record.write(to: unfinished)
      try rename(unfinished, to: folder)
    } catch {
      try? remove(unfinished)
      throw AccessError(folder.string, .system(error.errno), address: address)
    }
  }

  private func rename(_ old: FilePath, to new: FilePath) throws(FileError) {
    let result = unsafe old.withPlatformString { old in
      unsafe new.withPlatformString { unsafe Glibc.rename(old, $0) }
    }
    guard result == 0 else { throw FileError(new) }
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

  fileprivate func write(to folder: FilePath) throws(FileError) {
    var files = files
    if !config.isEmpty {
      files["config"] = config
      files[ConfigRanges.fileName] = ranges.text
    }
    for path in folders { try makeFolder(folder.pushing(FilePath(path))) }
    for (path, contents) in files {
      let path = folder.pushing(FilePath(path))
      try makeFolder(path.removingLastComponent())
      do throws(Errno) {
        try system {
          let file = try FileDescriptor.open(
            path, .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec],
            permissions: [.ownerReadWrite, .groupRead, .otherRead])
          try file.closeAfter { _ = try file.writeAll(contents) }
        }
      } catch {
        throw FileError(path, error)
      }
    }
    for (path, target) in links {
      let path = folder.pushing(FilePath(path))
      guard unsafe path.withPlatformString({ unsafe symlink(target, $0) }) == 0 else {
        throw FileError(path)
      }
    }
  }
}

/// Which bytes of a saved `config` were read: the others stand there as zeros, which are nobody's.
struct ConfigRanges {
  /// Beside `config`; where there is no such file, all of `config` was read.
  static let fileName = "config.read"

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

/// What the kernel refused, and of which path.
private struct FileError: Error {
  var path: FilePath
  var errno: Errno

  init(_ path: FilePath, _ errno: Errno = Errno(rawValue: Glibc.errno)) {
    self.path = path
    self.errno = errno
  }
}

/// Makes a folder and those above it, unless they are there.
private func makeFolder(_ path: FilePath) throws(FileError) {
  guard !isFolder(path) else { return }
  let parent = path.removingLastComponent()
  if !parent.isEmpty, parent != path { try makeFolder(parent) }
  let result = unsafe path.withPlatformString { unsafe mkdir($0, 0o755) }
  let error = FileError(path)
  // Another may have made it in the meantime.
  guard result == 0 || isFolder(path) else {
    throw error.errno == .fileExists ? FileError(path, .notDirectory) : error
  }
}

private func isFolder(_ path: FilePath) -> Bool { (try? path.stat().type) == .directory }

/// Removes what is at `path`, if there is anything, with all that is in it: links, not what they
/// lead to.
private func remove(_ path: FilePath) throws(FileError) {
  do throws(Errno) {
    let type = try system { try path.stat(followTargetSymlink: false).type }
    let entries = type == .directory ? try Folder.entries(of: path) : []
    for entry in entries { try? remove(path.appending(entry.name)) }
    guard unsafe path.withPlatformString({ unsafe Glibc.remove($0) }) == 0 else {
      throw Errno(rawValue: errno)
    }
  } catch .noSuchFileOrDirectory {
    return
  } catch {
    throw FileError(path, error)
  }
}
