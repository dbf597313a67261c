internal import VirtioPCI

/// A saved `config` file: config space as it is, of one function.
public final class RawSource: DeviceSource {
  private var input: InputBuffer
  private let file: String
  private var isDone = false

  /// The file is opened by the first `next()`, and refused where it is in sysfs or procfs.
  public convenience init(path: String) {
    self.init(
      InputBuffer(
        path: path, chunkSize: ConfigHeader.extendedSize + 1, takesRegularFilesOnly: true),
      file: InputBuffer.name(of: path))
  }

  /// `file` is what messages call the input.
  init(_ input: consuming InputBuffer, file: String) {
    self.input = input
    self.file = file
  }

  public func next() throws(AccessError) -> (any PCIFunction)? {
    guard !isDone else { return nil }
    isDone = true
    switch try input.content() {
    case .text, .utf16:
      throw AccessError(
        file,
        .malformed(line: 0, message: "is text, not a raw config file: read it with --dump"))
    case .empty, .raw:
      try input.fillRaw()
      return try input.takeRaw(file: file)
    }
  }
}

extension InputBuffer {
  /// Reads all of a raw file, and one byte more to see that there is more.
  mutating func fillRaw() throws(AccessError) {
    try fill(to: ConfigHeader.extendedSize + 1)
  }

  /// The one function that the whole file is, which was read.
  mutating func takeRaw(file: String) throws(AccessError) -> DumpFunction {
    let config = Array(storage[unread])
    drop(config.count)
    return try DumpFunction(address: nil, file: file, line: 0, bytes: config)
  }
}
