/// A text file that is read whole.
public enum TextFile {
  private static let largest = 64 << 20

  /// What is in the file at `path`, which may be a pipe.
  public static func contents(of path: String) throws(AccessError) -> [UInt8] {
    var input = InputBuffer(path: path)
    do {
      try input.fill(to: largest + 1)
    } catch {
      throw AccessError(path, .system(error))
    }
    guard input.unread.count <= largest else {
      throw AccessError(
        path, .malformed(line: 0, message: "is larger than \(largest >> 20) MiB"))
    }
    return Array(input.storage[input.unread])
  }
}
