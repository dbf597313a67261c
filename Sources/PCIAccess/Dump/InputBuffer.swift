import Glibc
internal import Platform
internal import SystemPackage

/// A file that is read once, from front to back, through one buffer: pipes and terminals do.
///
/// The file is opened by the first read and closed with the buffer. The open file is asked what it is,
/// since a path may lead elsewhere a moment later: one of sysfs or procfs is refused, and so is the one
/// that standard output goes to.
struct InputBuffer: ~Copyable {
  /// A longer line is not kept.
  static let longestLine = 64 << 10
  static let usualChunkSize = 64 << 10

  private let path: String
  private let chunkSize: Int
  private let takesRegularFilesOnly: Bool
  /// What is said of a file of sysfs or procfs.
  private let live: String
  private var file: InputFile?
  /// Whether no more is read than decides what the file is.
  private var isGuarded = false

  private(set) var storage: [UInt8] = []
  /// Where in `storage` lies what was read and not yet taken.
  private(set) var unread = 0..<0
  /// Where the search for the end of the line goes on.
  private var searched = 0
  /// A terminal would go on after its end.
  private var hasEnded = false
  /// The number of the line that was taken last, from 1.
  private(set) var lineNumber = 0

  /// `-` is standard input. With `takesRegularFilesOnly` no other file is waited for.
  init(
    path: String, chunkSize: Int = usualChunkSize, takesRegularFilesOnly: Bool = false,
    live: String =
      "lies in sysfs or procfs, where a read may reach a device: name the device instead"
  ) {
    self.live = live
    self.path = path
    self.chunkSize = chunkSize
    self.takesRegularFilesOnly = takesRegularFilesOnly
  }

  /// For a file that is open, as `name`.
  init(_ file: consuming InputFile, name: String) {
    self.init(path: name)
    isGuarded = file.mayBeLive
    self.file = consume file
  }

  /// What messages call the file.
  static func name(of path: String) -> String { path == "-" ? "standard input" : path }

  /// Reads as much as decides what the file is. Where it may be the config space of a device, nothing
  /// more is read unless it is text: a read of the registers behind the header may act on the device.
  mutating func content() throws(AccessError) -> DumpContent {
    try fill(to: DumpContent.decisiveCount)
    let content = DumpContent(of: storage.span.extracting(unread))
    if isGuarded {
      if case .raw = content {
        throw refusal(
          "may be the config space of a live device, which its file system may pass through: copy it"
            + " to a local file first")
      }
      isGuarded = false
      file?.allowCaching()
    }
    return content
  }

  /// Reads until there are `count` bytes, or the file ends.
  mutating func fill(to count: Int) throws(AccessError) {
    while unread.count < count, try fill() {}
  }

  /// Takes `count` bytes, which is no whole line.
  mutating func drop(_ count: Int) {
    unread = unread.lowerBound + count..<unread.upperBound
  }

  /// Takes a line of `count` bytes, with its end.
  mutating func dropLine(_ count: Int) { dropLines(1, length: count) }

  /// Takes whole lines, which together have so many bytes.
  mutating func dropLines(_ lines: Int, length: Int) {
    drop(length)
    lineNumber += lines
  }

  /// Where the next line ends.
  enum LineEnd {
    /// After so many bytes, and after so many more with the newline, if there is one.
    case found(count: Int, terminator: Int)
    /// Too far: the line was taken.
    case tooFar
  }

  /// Reads on to the end of the next line; nil at the end of the file.
  mutating func findLineEnd() throws(AccessError) -> LineEnd? {
    var isTooLong = false
    searched = unread.lowerBound
    while !findNewline(droppingIf: &isTooLong), try fill() {}
    let count = searched - unread.lowerBound
    let terminator = searched < unread.upperBound ? 1 : 0
    guard !isTooLong else {
      dropLine(terminator)
      return .tooFar
    }
    return count + terminator > 0 ? .found(count: count, terminator: terminator) : nil
  }

  /// Searches what was read for a newline, and takes what comes before it of a line that is too long.
  private mutating func findNewline(droppingIf isTooLong: inout Bool) -> Bool {
    searched = storage.firstNewline(in: searched..<unread.upperBound)
    let count = searched - unread.lowerBound
    if count > Self.longestLine { isTooLong = true }
    if isTooLong { drop(count) }
    return searched < unread.upperBound
  }

  /// One read; false at the end of the file.
  private mutating func fill() throws(AccessError) -> Bool {
    guard !hasEnded else { return false }
    try open()
    moveToFront()
    let size = isGuarded ? max(1, DumpContent.decisiveCount - unread.count) : chunkSize
    let room = unread.upperBound..<unread.upperBound + size
    if storage.count < room.upperBound {
      storage += [UInt8](repeating: 0, count: room.upperBound - storage.count)
    }
    let count: Int
    do throws(Errno) {
      count = try file?.read(into: &storage, room) ?? 0
    } catch {
      throw AccessError(Self.name(of: path), .system(error))
    }
    unread = 0..<unread.upperBound + count
    hasEnded = count == 0
    return !hasEnded
  }

  private mutating func open() throws(AccessError) {
    guard file == nil else { return }
    // Opening a device node may act on the device.
    if takesRegularFilesOnly, let kind = Self.kindOfNode(path) { throw refusal(kind) }
    let opened: InputFile
    do throws(Errno) {
      opened = try InputFile(path: path, waits: !takesRegularFilesOnly)
    } catch {
      throw AccessError(Self.name(of: path), .system(error))
    }
    guard !opened.isLive else { throw refusal(live) }
    guard opened.isRegular || !takesRegularFilesOnly else { throw refusal("is not a regular file") }
    guard !opened.isOutput else {
      throw refusal("is also the output file: write the output elsewhere")
    }
    isGuarded = opened.mayBeLive
    file = consume opened
  }

  /// What `path` leads to, if that is there and no regular file.
  private static func kindOfNode(_ path: String) -> String? {
    switch try? FilePath(path).stat().type {
    case .regular, nil: nil
    case .blockSpecial, .characterSpecial:
      "is a device node, not a saved config file: name the function or what belongs to it, without /dev/"
    case .fifo, .socket: "is a pipe or a socket, not a saved config file: --dump reads pipes"
    default: "is not a regular file"
    }
  }

  private func refusal(_ message: String) -> AccessError {
    AccessError(Self.name(of: path), .unavailable(message: message))
  }

  private mutating func moveToFront() {
    let shift = unread.lowerBound
    guard shift > 0 else { return }
    for index in unread { storage[index - shift] = storage[index] }
    searched -= shift
    unread = 0..<unread.count
  }
}

extension [UInt8] {
  /// Where the first newline in `range` is; the end of the range when there is none.
  fileprivate func firstNewline(in range: Range<Int>) -> Int {
    unsafe withUnsafeBytes { bytes in
      let bytes = unsafe UnsafeRawBufferPointer(rebasing: bytes[range])
      guard let start = bytes.baseAddress,
        let newline = unsafe memchr(start, Int32(UInt8(ascii: "\n")), bytes.count)
      else { return range.upperBound }
      return unsafe range.lowerBound + (UnsafeRawPointer(newline) - start)
    }
  }
}

/// The lines of a dump.
extension InputBuffer {
  /// Takes lines as long as they are those that `lspci` writes for the bytes after `config`; false when
  /// there is none.
  mutating func takeExactLines(into config: inout [UInt8]) -> Bool {
    let lines = exactLines(into: &config)
    dropLines(lines.count, length: lines.length)
    return lines.count > 0
  }

  /// Nil at the end of the file.
  mutating func takeLine(bytes: inout [UInt8]) throws(AccessError) -> DumpLine? {
    switch try findLineEnd() {
    case .found(let count, let terminator):
      let line = line(of: count, bytes: &bytes)
      dropLine(count + terminator)
      return line
    case .tooFar: return .malformed("longer than \(Self.longestLine) bytes")
    case nil: return nil
    }
  }

  // A span of the buffer has to be gone before the buffer changes: it ends with these two.

  private func exactLines(into config: inout [UInt8]) -> ExactLines {
    ExactLines(storage.span.extracting(unread), into: &config)
  }

  private func line(of count: Int, bytes: inout [UInt8]) -> DumpLine {
    DumpLine(storage.span.extracting(unread).extracting(first: count), bytes: &bytes)
  }
}
