internal import SystemPackage
internal import VirtioPCI

/// The folder of one PCI function in sysfs, or one below it: all that is read there goes through
/// here, so that a capture can save it.
struct SysfsFolder {
  let path: FilePath
  let address: Address?
  /// Of the sysfs that it was found in; nil when it was named itself.
  let root: FilePath?
  private let record: SysfsRecord?
  /// From the function's folder to this one: empty, or ending with a slash.
  private let prefix: String

  init(
    path: FilePath, address: Address?, root: FilePath? = nil, record: SysfsRecord? = nil,
    prefix: String = ""
  ) {
    self.path = path
    self.address = address
    self.root = root
    self.record = record
    self.prefix = prefix
  }

  /// The folder of the function that the folder `path` leads to or lies in; nil when there is none.
  init?(containing path: String, record: SysfsRecord? = nil) throws(AccessError) {
    let resolvedPath = try ifPresent { () throws(AccessError) in
      do throws(Errno) {
        return try resolved(FilePath(path))
      } catch {
        throw AccessError(path, .system(error))
      }
    }
    guard var folder = resolvedPath else { return nil }
    while try !SysfsFolder(path: folder, address: nil).holds("config") {
      guard folder.removeLastComponent(), !folder.isEmpty else { return nil }
    }
    let uevent = try ifPresent { () throws(AccessError) in
      try SysfsFolder(path: folder, address: nil).uevent()
    }
    guard let uevent else { return nil }
    self.init(
      path: folder, address: uevent["PCI_SLOT_NAME"].flatMap { Address($0) }, record: record)
  }

  func error(_ name: String, _ reason: AccessError.Reason) -> AccessError {
    AccessError(path.appending(name).string, reason, address: address)
  }

  /// Whether its `config` is a device's rather than what was saved of one. Where there is no telling
  /// it has to be taken for a device's.
  var isLive: Bool {
    root == "/sys" || (try? SysfsTree.isOfKernel(path.appending("config").string)) ?? true
  }

  /// Whether there is such a folder.
  func exists() throws(AccessError) -> Bool {
    do throws(Errno) {
      return try isThere(path)
    } catch {
      throw self.error("", .system(error))
    }
  }

  func folder(_ name: String) -> SysfsFolder {
    SysfsFolder(
      path: path.appending(name), address: address, root: root, record: record,
      prefix: "\(prefix)\(name)/")
  }

  /// Notes that it is there, where nothing in it is looked at.
  func noteExistence() { record?.add(folder: prefix) }

  /// What lies in it.
  func entries() throws(AccessError) -> [Folder.Entry] {
    do throws(Errno) {
      let entries = try Folder.entries(of: path)
      record?.add(folder: prefix)
      return entries
    } catch {
      throw self.error("", .system(error))
    }
  }

  /// Whether it holds a file of that name.
  func holds(_ name: String) throws(AccessError) -> Bool {
    do throws(Errno) {
      guard try isThere(path.appending(name)) else { return false }
    } catch {
      throw self.error(name, .system(error))
    }
    record?.add(file: prefix + name, [])
    return true
  }

  /// All of a file of that name.
  func contents(_ name: String) throws(AccessError) -> [UInt8] {
    let contents = try unrecorded(name)
    record?.add(file: prefix + name, contents)
    return contents
  }

  private func unrecorded(_ name: String) throws(AccessError) -> [UInt8] {
    do throws(Errno) {
      return try File.contents(of: path.appending(name))
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
    try ifPresent { () throws(AccessError) in
      do throws(Errno) {
        let target = try linkedName(path.appending(name))
        if let target { record?.add(link: prefix + name, to: target) }
        return target
      } catch {
        throw self.error(name, .system(error))
      }
    } ?? nil
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
    guard root != "/sys",
      let text = try ifPresent({ () throws(AccessError) in try unrecorded(name) })
    else { return nil }
    guard let ranges = ConfigRanges(text: text) else {
      throw error(name, .malformed(line: 0, message: "is not lines of a first and last offset"))
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
