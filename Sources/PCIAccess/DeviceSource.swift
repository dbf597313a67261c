public import VirtioPCI

/// Where PCI functions come from: this machine's sysfs, libpci, a dump, a raw file.
///
/// What follows (walking, decoding, printing) knows no more of a source than this.
public protocol DeviceSource {
  /// The next function; nil at the end. An error concerns what it names (a malformed line, a
  /// function that vanished) and not what follows: call again.
  mutating func next() throws(AccessError) -> (any PCIFunction)?
}

/// One PCI function, read piece by piece: each call reads what it says and no more.
///
/// An object, since a read may open a file or show where config space ends.
public protocol PCIFunction: AnyObject {
  /// Nil for a raw file, which does not know.
  var address: Address? { get }

  /// The file that it was read from; nil for a function of this machine or of a tree.
  var file: String? { get }

  /// Whether bytes of config space are read from a device rather than from a record of one: there
  /// some reads have side effects.
  var isLive: Bool { get }

  /// The identifying registers.
  func identity() throws(AccessError) -> Identity

  /// The BARs, with sizes where the source knows more than config space.
  func bars() throws(AccessError) -> [BAR]

  /// Whether there are no other BARs than `bars()`, of each of which it tells the size: config space
  /// alone does not say.
  var knowsAllBARs: Bool { get }

  /// How many bytes of config space there are and may be read, as far as is known: a read that
  /// comes back short lowers it.
  var configSize: Int { get }

  /// Appends up to `count` bytes of config space at `offset`: fewer where it ends, or where the kernel
  /// allows no more.
  func readConfig(
    at offset: Int, count: Int, into bytes: inout [UInt8]
  ) throws(AccessError)

  /// The register of `count` bytes, 1, 2 or 4, at `offset` of config space, in one read; nil where
  /// config space ends before it does.
  func loadConfig(at offset: Int, count: Int) throws(AccessError) -> UInt32?

  /// The named parts of what the kernel knows of the function. A source that knows nothing has an
  /// empty answer.
  func kernelFacts(_ parts: KernelFacts.Parts) throws(AccessError) -> KernelFacts

  /// The first `count` bytes of a structure in a BAR, to be loaded and, with `writable`, stored to.
  func openRegion(
    _ place: LocatedStructure, count: Int, writable: Bool
  ) throws(AccessError) -> BARRegion

  /// Config space to be written, for `ConfigWindow`.
  func writableConfig() throws(AccessError) -> any WritableConfig
}

extension PCIFunction {
  /// Up to `count` bytes of config space at `offset`: fewer where it ends, or where the kernel
  /// allows no more.
  public func readConfig(at offset: Int, count: Int) throws(AccessError) -> [UInt8] {
    var bytes: [UInt8] = []
    try readConfig(at: offset, count: count, into: &bytes)
    return bytes
  }

  public func loadConfig(at offset: Int, count: Int) throws(AccessError) -> UInt32? {
    let bytes = try readConfig(at: offset, count: count)
    guard bytes.count == count else { return nil }
    var value: UInt32 = 0
    for byte in bytes.reversed() { value = value << 8 | UInt32(byte) }
    return value
  }
}

/// A record has config space and no registers.
extension PCIFunction {
  public var knowsAllBARs: Bool { false }

  public func openRegion(
    _ place: LocatedStructure, count: Int, writable: Bool
  ) throws(AccessError) -> BARRegion {
    throw noRegisters
  }

  public func writableConfig() throws(AccessError) -> any WritableConfig {
    throw noRegisters
  }

  private var noRegisters: AccessError {
    AccessError(
      file ?? "registers", .unavailable(message: "saved config space has no registers to read"),
      address: address)
  }
}

extension ConfigHeader {
  /// Where config space ends for a reader who got `count` bytes at `offset`, fewer than it asked
  /// for. None at all beyond the header is the kernel's answer without privilege: there the header
  /// is what it shows.
  static func end(afterReading count: Int, at offset: Int) -> Int {
    count == 0 ? min(offset, size) : offset + count
  }
}
