internal import SystemPackage
internal import VirtioPCI

/// A saved `config` file: config space as it is, of one function.
public final class RawSource: DeviceSource {
  private var input: InputBuffer
  private let file: String
  private var isDone = false

  public init(path: String) {
    input = InputBuffer(path: path, chunkSize: ConfigHeader.extendedSize + 1)
    file = InputBuffer.name(of: path)
  }

  public func next() throws(AccessError) -> (any PCIFunction)? {
    guard !isDone else { return nil }
    isDone = true
    do {
      try input.fill(to: DumpContent.decisiveCount)
    } catch {
      throw AccessError(file, .system(error))
    }
    switch DumpContent(of: input.storage.span.extracting(input.unread)) {
    case .text, .utf16:
      throw AccessError(
        file,
        .malformed(line: 0, message: "is text, not a raw config file: read it with --dump"))
    case .empty, .raw:
      return try input.readRaw(file: file)
    }
  }
}

extension InputBuffer {
  /// The one function that the whole file is.
  mutating func readRaw(file: String) throws(AccessError) -> DumpFunction {
    do {
      // One more, to see that there is more.
      try fill(to: ConfigHeader.extendedSize + 1)
    } catch {
      throw AccessError(file, .system(error))
    }
    let config = Array(storage[unread])
    drop(config.count)
    return try DumpFunction(address: nil, file: file, line: 0, bytes: config)
  }
}
