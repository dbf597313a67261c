/// Config space that was saved to a file: the output of `lspci -x`, `-xxx` or `-xxxx` with any
/// number of functions, a raw `config` file, or the text of one that `hexdump -C`, `xxd` or
/// `od -tx1` wrote, told apart by their content.
///
/// A class because it is a position in a file that is read once.
public final class DumpSource: DeviceSource {
  private var parser: DumpParser

  /// `-` is standard input. The file is opened by the first `next()`, and refused where it is in sysfs
  /// or procfs, or is the one that standard output goes to.
  public convenience init(path: String) {
    self.init(path: path, chunkSize: InputBuffer.usualChunkSize)
  }

  convenience init(path: String, chunkSize: Int) {
    self.init(
      InputBuffer(path: path, chunkSize: chunkSize), file: InputBuffer.name(of: path))
  }

  /// `file` is what messages call the input.
  init(_ input: consuming InputBuffer, file: String) {
    parser = DumpParser(input, file: file)
  }

  public func next() throws(AccessError) -> (any PCIFunction)? { try parser.next() }
}
