internal import Platform
internal import SystemPackage
internal import VirtioPCI

/// The folder of one PCI function in sysfs, or one below it: all that is read there goes through
/// here, so that a capture can save it.
///
/// It is open, so that all that is read of a function is that function's, whatever is put in its place
/// meanwhile.
struct SysfsFolder {
  private let folder: Folder
  /// What messages call it.
  let path: FilePath
  let address: Address?
  /// Of the sysfs that it was found in; nil when it was named itself.
  let root: FilePath?
  /// Whether the function is a device's or was saved.
  let liveness: Liveness
  private let record: SysfsRecord?
  /// From the function's folder to this one: empty, or ending with a slash.
  private let prefix: String

  private init(
    _ folder: Folder, path: FilePath, address: Address?, root: FilePath?, liveness: Liveness,
    record: SysfsRecord?, prefix: String = ""
  ) {
    self.folder = folder
    self.path = path
    self.address = address
    self.root = root
    self.liveness = liveness
    self.record = record
    self.prefix = prefix
  }

  /// The folder that `path` leads to, as that of the function at `address`.
  init(
    _ path: FilePath, address: Address, root: FilePath, record: SysfsRecord? = nil
  ) throws(AccessError) {
    let folder: Folder
    do throws(Errno) {
      folder = try Folder(path)
    } catch {
      throw AccessError(path.string, .system(error), address: address)
    }
    self.init(
      folder, path: path, address: address, root: root, liveness: folder.liveness, record: record)
  }

  /// The folder of the function that `path`, a folder or a file, leads to or into; nil when there is none.
  init?(containing path: String, record: SysfsRecord? = nil) throws(AccessError) {
    do throws(Errno) {
      // Where it is a file; a folder is opened by its own path, and this one is for messages.
      var name = try resolved(FilePath(path))
      var folder: Folder
      do throws(Errno) {
        folder = try Folder(FilePath(path))
      } catch .notDirectory {
        name.removeLastComponent()
        folder = try Folder(name)
      }
      var identity = try folder.identity()
      while try !folder.holds("config") {
        let parent = try folder.parent()
        let parentIdentity = try parent.identity()
        guard parentIdentity != identity else { return nil }
        (folder, identity) = (parent, parentIdentity)
        name.removeLastComponent()
      }
      self.init(
        folder, path: name, address: nil, root: nil, liveness: folder.liveness, record: record)
    } catch .noSuchFileOrDirectory {
      return nil
    } catch {
      throw AccessError(path, .system(error))
    }
    guard let uevent = try ifPresent({ () throws(AccessError) in try unnoted.uevent() }) else {
      return nil
    }
    self.init(
      folder, path: self.path, address: uevent["PCI_SLOT_NAME"].flatMap { Address($0) }, root: nil,
      liveness: liveness, record: record)
  }

  /// The same, nothing of which is saved.
  private var unnoted: SysfsFolder {
    SysfsFolder(
      folder, path: path, address: address, root: root, liveness: liveness, record: nil,
      prefix: prefix)
  }

  func error(_ name: String, _ reason: AccessError.Reason) -> AccessError {
    AccessError(path.appending(name).string, reason, address: address)
  }

  /// Calls `body` with the folder, an error of which concerns `name` in it.
  private func access<Value>(
    _ name: String, _ body: (Folder) throws(Errno) -> Value
  ) throws(AccessError) -> Value {
    do throws(Errno) {
      return try body(folder)
    } catch {
      throw self.error(name, .folder(error))
    }
  }

  /// Tells this folder from another, whatever their paths are.
  func identity() throws(AccessError) -> Folder.Identity {
    try access("") { folder throws(Errno) in try folder.identity() }
  }

  /// Throws where the function that it was has been removed.
  func checkPresence() throws(AccessError) {
    guard try access("", { folder throws(Errno) in try folder.holds("uevent") }) else {
      throw error("", .system(.noSuchFileOrDirectory))
    }
  }

  func folder(_ name: String) throws(AccessError) -> SysfsFolder {
    SysfsFolder(
      try access(name) { folder throws(Errno) in try folder.folder(name) },
      path: path.appending(name), address: address, root: root, liveness: liveness, record: record,
      prefix: "\(prefix)\(name)/")
  }

  /// An open file of that name: a regular one, outside of sysfs.
  func file(_ name: String, writable: Bool = false) throws(AccessError) -> File {
    do throws(FileError) {
      return try folder.file(name, writable: writable, isInSysfs: liveness == .sysfs)
    } catch {
      throw self.error(name, AccessError.Reason(error))
    }
  }

  /// Notes that it is there, where nothing in it is looked at.
  func noteExistence() { record?.add(folder: prefix) }

  /// More that is of interest no folder of sysfs holds.
  static let mostEntries = 4096

  /// What lies in it, as far as it is wanted.
  func entries(where isWanted: (Folder.Entry) -> Bool) throws(AccessError) -> [Folder.Entry] {
    var entries: [Folder.Entry] = []
    var count = 0
    try access("") { folder throws(Errno) in
      try folder.forEachEntry { entry in
        guard isWanted(entry) else { return }
        count += 1
        if count <= Self.mostEntries { entries.append(entry) }
      }
    }
    guard count <= Self.mostEntries else {
      throw error(
        "", .malformed(line: 0, message: "holds \(count) entries, more than \(Self.mostEntries)"))
    }
    if let entry = entries.first(where: { !$0.isExact }) {
      throw error(entry.name, .malformed(line: 0, message: "has a name that is not UTF-8"))
    }
    record?.add(folder: prefix)
    return entries
  }

  /// Whether it holds anything of that name.
  func holds(_ name: String) throws(AccessError) -> Bool {
    guard try access(name, { folder throws(Errno) in try folder.holds(name) }) else { return false }
    record?.add(file: prefix + name, [])
    return true
  }

  /// The most that a text of sysfs has: a page of the kernel's. A name is no longer either.
  static let longestText = 4096

  /// All of a text file of that name.
  func contents(_ name: String) throws(AccessError) -> [UInt8] {
    let contents = try unrecorded(name, atMost: Self.longestText)
    record?.add(file: prefix + name, contents)
    return contents
  }

  private func unrecorded(_ name: String, atMost limit: Int) throws(AccessError) -> [UInt8] {
    let file = try file(name)
    do throws(Errno) {
      return try file.contents(atMost: limit)
    } catch .fileTooLarge {
      throw self.error(name, .malformed(line: 0, message: "is longer than \(limit) bytes"))
    } catch {
      throw self.error(name, .system(error))
    }
  }

  /// The text of a file of that name without its newline; nil when there is none.
  func line(_ name: String) throws(AccessError) -> String? {
    try ifPresent { () throws(AccessError) in try contents(name) }
      .map { String(decoding: $0.droppingLastNewline, as: UTF8.self) }
  }

  /// The number in a file of that name; nil when there is no such file.
  func number(_ name: String) throws(AccessError) -> Int? {
    guard let line = try line(name) else { return nil }
    guard let number = Int(line) else {
      throw error(name, .malformed(line: 1, message: "is not a number"))
    }
    return number
  }

  /// The last part of what the link of that name leads to; nil when there is none.
  func link(_ name: String) throws(AccessError) -> String? {
    let target = try ifPresent { () throws(AccessError) in
      try access(name) { folder throws(Errno) in try folder.linkedName(name) }
    }
    guard let target = target ?? nil else { return nil }
    record?.add(link: prefix + name, to: target)
    return target
  }

  /// The `KEY=value` lines of `uevent`.
  func uevent() throws(AccessError) -> UEvent {
    let text = try contents("uevent")
    guard !text.isEmpty else {
      throw error("uevent", .malformed(line: 0, message: "is empty"))
    }
    return UEvent(text)
  }

  /// Which bytes of `config` a capture holds; nil for all of them, as without a capture.
  func capturedConfig() throws(AccessError) -> ConfigRanges? {
    let name = ConfigRanges.fileName
    guard liveness != .sysfs,
      let text = try ifPresent({ () throws(AccessError) in
        try unrecorded(name, atMost: ConfigRanges.longestText)
      })
    else { return nil }
    guard let ranges = ConfigRanges(text: text) else {
      throw error(name, .malformed(line: 0, message: "is not a list of offset ranges"))
    }
    return ranges
  }

  /// Notes that bytes of config space were read, of which `size` can be.
  func noteConfig(_ bytes: [UInt8], at offset: Int, of size: Int) {
    record?.add(config: bytes, at: offset, of: size)
  }
}

/// What `read` gives; nil when there is no such file, which is not the same as one that cannot be
/// read.
func ifPresent<Value>(
  _ read: () throws(AccessError) -> Value
) throws(AccessError) -> Value? {
  do throws(AccessError) {
    return try read()
  } catch {
    guard case .system(.noSuchFileOrDirectory) = error.reason else { throw error }
    return nil
  }
}

extension AccessError.Reason {
  /// Why a folder cannot be read.
  static func folder(_ error: Errno) -> Self {
    error == .fileTooLarge
      ? .malformed(line: 0, message: "holds more than \(Folder.mostEntries) entries")
      : .system(error)
  }

  init(_ error: FileError) {
    switch error {
    case .system(let errno): self = .system(errno)
    case .notRegular: self = .malformed(line: 0, message: "is not a regular file")
    }
  }
}
