/// A text file that is read whole.
public enum TextFile {
  /// The most bytes that one may have.
  public static let largest = 16 << 20

  /// What is in the file at `path`, which may be a pipe; `-` is standard input. More bytes than `most` are
  /// an error.
  public static func contents(
    of path: String, atMost most: Int = largest
  ) throws(AccessError) -> [UInt8] {
    var input = InputBuffer(path: path, live: "is a file of the kernel's: it is not read as text")
    _ = try input.content()
    try input.fill(to: most + 1)
    guard input.unread.count <= most else {
      throw AccessError(
        InputBuffer.name(of: path),
        .malformed(line: 0, message: "is larger than \(most >> 20) MiB"))
    }
    return Array(input.storage[input.unread])
  }
}
