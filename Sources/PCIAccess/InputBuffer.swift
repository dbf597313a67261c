internal import SystemPackage

/// A file that is read once, from front to back, through one buffer: pipes and terminals do.
///
/// The file is opened by the first read and closed with the buffer.
struct InputBuffer: ~Copyable {
  /// A longer line is not kept.
  static let longestLine = 64 << 10
  static let usualChunkSize = 64 << 10

  /// `-` is standard input.
  private let path: String
  private let chunkSize: Int
  private var descriptor: FileDescriptor?

  private(set) var storage: [UInt8] = []
  /// Where in `storage` lies what was read and not yet taken.
  private(set) var unread = 0..<0
  /// Where the search for the end of the line goes on.
  private var searched = 0
  /// A terminal would go on after its end.
  private var hasEnded = false
  /// The number of the line that was taken last, from 1.
  private(set) var lineNumber = 0

  init(path: String, chunkSize: Int = usualChunkSize) {
    self.path = path
    self.chunkSize = chunkSize
  }

  deinit {
    guard let descriptor, descriptor != .standardInput else { return }
    try? descriptor.close()
  }

  /// What messages call the file.
  static func name(of path: String) -> String { path == "-" ? "standard input" : path }

  /// Reads until there are `count` bytes, or the file ends.
  mutating func fill(to count: Int) throws(Errno) {
    while unread.count < count, try fill() {}
  }

  /// Takes `count` bytes, which is no whole line.
  mutating func drop(_ count: Int) {
    unread = unread.lowerBound + count..<unread.upperBound
  }

  /// Takes a line of `count` bytes, with its end.
  mutating func dropLine(_ count: Int) {
    drop(count)
    lineNumber += 1
  }

  /// Where the next line ends.
  enum LineEnd {
    /// After so many bytes, and after so many more with the newline, if there is one.
    case found(count: Int, terminator: Int)
    /// Too far: the line was taken.
    case tooFar
  }

  /// Reads on to the end of the next line; nil at the end of the file.
  mutating func findLineEnd() throws(Errno) -> LineEnd? {
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
    while searched < unread.upperBound, storage[searched] != UInt8(ascii: "\n") { searched += 1 }
    let count = searched - unread.lowerBound
    if count > Self.longestLine { isTooLong = true }
    if isTooLong { drop(count) }
    return searched < unread.upperBound
  }

  /// One read; false at the end of the file.
  private mutating func fill() throws(Errno) -> Bool {
    guard !hasEnded else { return false }
    moveToFront()
    let room = unread.upperBound..<unread.upperBound + chunkSize
    if storage.count < room.upperBound {
      storage += [UInt8](repeating: 0, count: room.upperBound - storage.count)
    }
    let count: Int
    do {
      let file = try descriptor ?? Self.open(path)
      descriptor = file
      count = try unsafe storage.withUnsafeMutableBytes { buffer in
        try unsafe file.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[room]))
      }
    } catch {
      throw error as? Errno ?? .ioError
    }
    unread = 0..<unread.upperBound + count
    hasEnded = count == 0
    return !hasEnded
  }

  private static func open(_ path: String) throws -> FileDescriptor {
    path == "-"
      ? .standardInput : try .open(FilePath(path), .readOnly, options: .closeOnExec)
  }

  private mutating func moveToFront() {
    let shift = unread.lowerBound
    guard shift > 0 else { return }
    for index in unread { storage[index - shift] = storage[index] }
    searched -= shift
    unread = 0..<unread.count
  }
}
