/// Config space that was saved to a file: the output of `lspci -x`, `-xxx` or `-xxxx` with any
/// number of functions, a raw `config` file, or the text of one that `hexdump -C`, `xxd` or
/// `od -tx1` wrote, told apart by their content.
///
/// A class because it is a position in a file that is read once.
public final class DumpSource: DeviceSource {
  private var parser: DumpParser

  /// `-` is standard input. The file is opened by the first `next()`.
  public convenience init(path: String) {
    self.init(path: path, chunkSize: InputBuffer.usualChunkSize)
  }

  init(path: String, chunkSize: Int) {
    parser = DumpParser(path: path, chunkSize: chunkSize)
  }

  public func next() throws(AccessError) -> (any PCIFunction)? { try parser.next() }
}
