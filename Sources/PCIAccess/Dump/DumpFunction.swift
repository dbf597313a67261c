public import VirtioPCI

/// A function of which config space was saved, and nothing else.
public final class DumpFunction: PCIFunction {
  public let address: Address?
  public let file: String?
  private let bytes: [UInt8]
  /// What stands in for IDs that read all ones.
  private let headerIDs: HeaderIDs?

  /// How many bytes a function may have.
  static let sizes = ConfigHeader.size...ConfigHeader.extendedSize

  /// `line` is where the function begins, 0 in a file without lines. Throws when there is too
  /// little of it, or too much.
  init(
    address: Address?, file: String, line: Int, bytes: [UInt8], headerIDs: HeaderIDs? = nil
  ) throws(AccessError) {
    guard Self.sizes.contains(bytes.count) else {
      let message =
        bytes.count < Self.sizes.lowerBound
        ? "has only \(bytes.count) bytes of config space, \(Self.sizes.lowerBound) are needed"
        : "has more than \(Self.sizes.upperBound) bytes of config space"
      throw AccessError(file, .malformed(line: line, message: message), address: address)
    }
    self.address = address
    self.file = file
    self.bytes = bytes
    self.headerIDs = headerIDs
  }

  public var isLive: Bool { false }

  public var configSize: Int { bytes.count }

  public func identity() throws(AccessError) -> Identity {
    var identity = try decode { bytes throws(DecodeError) in try Identity(from: bytes) }
    // So they do in a virtual function (PCIe SR-IOV §3.4.1), and in one that is gone.
    if let headerIDs, identity.vendorID == .max, identity.deviceID == .max {
      identity.vendorID = headerIDs.vendor
      identity.deviceID = headerIDs.device
    }
    return identity
  }

  public func bars() throws(AccessError) -> [BAR] {
    try decode { bytes throws(DecodeError) in Array(try BARRegisters(from: bytes)) }
  }

  public func readConfig(at offset: Int, count: Int, into bytes: inout [UInt8]) {
    guard offset < self.bytes.count else { return }
    bytes += self.bytes[offset..<min(offset + count, self.bytes.count)]
  }

  public func loadConfig(at offset: Int, count: Int) -> UInt32? {
    guard offset <= bytes.count - count else { return nil }
    // Nearly all are dwords, and of these bytes the compiler makes one load.
    if count == 4 {
      return UInt32(bytes[offset]) | UInt32(bytes[offset + 1]) << 8
        | UInt32(bytes[offset + 2]) << 16 | UInt32(bytes[offset + 3]) << 24
    }
    var value: UInt32 = 0
    for index in (offset..<offset + count).reversed() { value = value << 8 | UInt32(bytes[index]) }
    return value
  }

  public func kernelFacts(_ parts: KernelFacts.Parts) -> KernelFacts { KernelFacts() }

  private func decode<Value>(
    _ body: (Span<UInt8>) throws(DecodeError) -> Value
  ) throws(AccessError) -> Value {
    try decoded(bytes, of: file ?? "", at: address, body)
  }
}
