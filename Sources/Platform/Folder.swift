private import CLinux
package import SystemPackage

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// An open folder. What is opened in it lies in it, whatever its path leads to by then, and is reached
/// through no symbolic link.
package final class Folder {
  package let descriptor: FileDescriptor
  private var wasListed = false

  /// The folder at `path`, symbolic links followed.
  package convenience init(_ path: FilePath) throws(Errno) {
    self.init(try openFile(at: AT_FDCWD, path, O_RDONLY | O_DIRECTORY))
  }

  private init(_ descriptor: FileDescriptor) { self.descriptor = descriptor }

  deinit { try? descriptor.close() }

  /// Tells one folder from another, whatever they are called.
  package struct Identity: Comparable {
    private let device: DeviceID
    private let inode: Inode

    package static func < (left: Self, right: Self) -> Bool {
      left.device.rawValue == right.device.rawValue
        ? left.inode.rawValue < right.inode.rawValue
        : left.device.rawValue < right.device.rawValue
    }

    fileprivate init(_ stat: Stat) {
      device = stat.deviceID
      inode = stat.inode
    }
  }

  package func identity() throws(Errno) -> Identity {
    Identity(try system { try descriptor.stat() })
  }

  package var liveness: Liveness { Liveness(of: descriptor) }

  package func folder(_ name: String) throws(Errno) -> Folder {
    Folder(try open(name, O_RDONLY | O_DIRECTORY))
  }

  /// The folder that this one lies in; the root folder lies in itself.
  package func parent() throws(Errno) -> Folder { try folder("..") }

  /// A file of that name. Where it is not known to be sysfs's, which has nothing else to read, it has to
  /// be a regular one.
  package func file(
    _ name: String, writable: Bool = false, isInSysfs: Bool
  ) throws(FileError) -> File {
    do {
      // Nothing else is opened: for some devices that is a command. Then again, since what has the name
      // may be another file by now.
      guard try isInSysfs || stat(name).type == .regular else { throw FileError.notRegular }
      let file = File(try open(name, writable ? O_RDWR : O_RDONLY))
      guard try isInSysfs || file.stat().type == .regular else { throw FileError.notRegular }
      return file
    } catch let error as FileError {
      throw error
    } catch {
      let errno = error as? Errno ?? .ioError
      throw errno == .tooManySymbolicLinkLevels ? .notRegular : .system(errno)
    }
  }

  private func open(
    _ name: String, _ flags: Int32, _ permissions: mode_t = 0
  ) throws(Errno) -> FileDescriptor {
    try openFile(at: descriptor.rawValue, FilePath(name), flags | O_NOFOLLOW, mode: permissions)
  }

  private func stat(_ name: String) throws(Errno) -> Stat {
    try unsafe Stat(name, relativeTo: descriptor, flags: .symlinkNoFollow)
  }

  /// Whether there is anything of that name: a symbolic link itself, not what it leads to.
  package func holds(_ name: String) throws(Errno) -> Bool {
    do throws(Errno) {
      _ = try stat(name)
      return true
    } catch {
      guard error == .noSuchFileOrDirectory else { throw error }
      return false
    }
  }

  /// The last part of what the symbolic link of that name leads to; nil where that has no name.
  package func linkedName(_ name: String) throws(Errno) -> String? {
    let capacity = Int(PATH_MAX)
    var target = [CChar](repeating: 0, count: capacity)
    let length = unsafe readlinkat(descriptor.rawValue, name, &target, capacity)
    guard length >= 0 else { throw Errno(rawValue: errno) }
    let bytes = target[..<length].map { UInt8(bitPattern: $0) }
    return bytes.split(separator: UInt8(ascii: "/")).last.map {
      String(decoding: $0, as: UTF8.self)
    }
  }

  // What is made here must not be there, and everybody may read it.

  /// The folder at `path`, made with those above it where they are not there.
  package static func making(_ path: FilePath) throws(Errno) -> Folder {
    do throws(Errno) {
      return try Folder(path)
    } catch {
      let parent = path.removingLastComponent()
      guard error == .noSuchFileOrDirectory, let name = path.lastComponent, parent != path else {
        throw error
      }
      let folder = try making(parent.isEmpty ? "." : parent)
      if unsafe mkdirat(folder.descriptor.rawValue, name.string, 0o755) != 0 {
        // Another may have made it in the meantime.
        guard errno == EEXIST else { throw Errno(rawValue: errno) }
      }
      return try Folder(path)
    }
  }

  package func makeFolder(_ name: String) throws(Errno) -> Folder {
    try check(unsafe mkdirat(descriptor.rawValue, name, 0o755))
    return try folder(name)
  }

  /// The folder of that name, made where it is not there.
  package func makingFolder(_ name: String) throws(Errno) -> Folder {
    do throws(Errno) {
      return try makeFolder(name)
    } catch {
      guard error == .fileExists else { throw error }
      return try folder(name)
    }
  }

  package func makeFile(_ name: String) throws(Errno) -> File {
    File(try open(name, O_WRONLY | O_CREAT | O_EXCL, 0o644))
  }

  package func makeLink(_ name: String, to target: String) throws(Errno) {
    try check(unsafe symlinkat(target, descriptor.rawValue, name))
  }

  /// Gives the folder `name` in it another name, which must not be another's.
  package func rename(_ name: String, to other: String) throws(Errno) {
    do throws(Errno) {
      try check(unsafe renameat(descriptor.rawValue, name, descriptor.rawValue, other))
    } catch {
      throw error == .directoryNotEmpty || error == .notDirectory ? .fileExists : error
    }
  }

  /// Removes a file, a link, or an empty folder of that name, if there is one.
  package func remove(_ name: String, isFolder: Bool = false) {
    _ = unsafe unlinkat(descriptor.rawValue, name, isFolder ? AT_REMOVEDIR : 0)
  }

  /// Waits until what it lists is on the disk, where the file system can do that for a folder.
  package func synchronize() throws(Errno) {
    guard fsync(descriptor.rawValue) != 0, errno != EINVAL else { return }
    throw Errno(rawValue: errno)
  }

  private func check(_ result: Int32) throws(Errno) {
    guard result == 0 else { throw Errno(rawValue: errno) }
  }

  package struct Entry {
    package var name: String
    /// Whether it is a folder itself, not a link to one.
    package var isFolder: Bool
    /// Whether the name is UTF-8: one that was repaired is another's.
    package var isExact: Bool
  }

  /// A folder with more entries is nothing that sysfs has.
  package static let mostEntries = 1 << 18

  /// Calls `body` with each entry but `.` and `..`, in the order of the file system.
  package func forEachEntry(_ body: (Entry) -> Void) throws(Errno) {
    if wasListed, lseek(descriptor.rawValue, 0, SEEK_SET) < 0 { throw Errno(rawValue: errno) }
    wasListed = true
    var count = 0
    try system {
      try unsafe withUnsafeTemporaryAllocation(byteCount: 32 << 10, alignment: 8) { buffer in
        while true {
          let filled = unsafe list_folder(
            descriptor.rawValue, buffer.baseAddress, buffer.count)
          guard filled >= 0 else { throw Errno(rawValue: errno) }
          guard filled > 0 else { return }
          var records = unsafe UnsafeRawBufferPointer(rebasing: buffer[..<filled])
          while let record = unsafe DirectoryRecord(first: records) {
            unsafe records = UnsafeRawBufferPointer(rebasing: records.dropFirst(record.length))
            guard record.name != ".", record.name != ".." else { continue }
            count += 1
            guard count <= Self.mostEntries else { throw Errno.fileTooLarge }
            body(
              Entry(name: record.name, isFolder: isFolder(record), isExact: record.isExact))
          }
        }
      }
    }
  }

  /// Not every file system says in the record what an entry is.
  private func isFolder(_ record: DirectoryRecord) -> Bool {
    record.type == DT_DIR
      || record.type == DT_UNKNOWN && (try? stat(record.name).type) == .directory
  }
}

/// `struct linux_dirent64` of getdents64(2): how long it is, the type of the entry, and its name.
private struct DirectoryRecord {
  package let length: Int
  package let type: Int
  package let name: String
  package let isExact: Bool

  /// The first of `records`; nil when there are no more.
  package init?(first records: UnsafeRawBufferPointer) {
    guard records.count > 19 else { return nil }
    length = Int(unsafe records.loadUnaligned(fromByteOffset: 16, as: UInt16.self))
    guard (20...records.count).contains(length) else { return nil }
    type = Int(unsafe records[18])
    let bytes = unsafe records[19..<length].prefix { $0 != 0 }
    name = unsafe String(decoding: bytes, as: UTF8.self)
    isExact = unsafe name.utf8.elementsEqual(bytes)
  }
}

/// Why a file cannot be opened.
package enum FileError: Error {
  case system(Errno)
  /// A symbolic link, a folder, a device or another thing in place of a file.
  case notRegular
}
