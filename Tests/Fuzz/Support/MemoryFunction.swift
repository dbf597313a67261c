import PCIAccess
import VirtioPCI

/// A function whose config space is in memory.
final class MemoryFunction: PCIFunction {
  let address = Address(domain: 0x1_0000, bus: 0, device: 4, function: 0)
  let isLive: Bool
  private(set) var configSize: Int
  private(set) var reads: [Range<Int>] = []
  private let config: [UInt8]
  /// Sizes of BARs are known by sysfs only.
  private let barSize: UInt64?
  /// Reads from here on fail.
  private let failure: Int

  init(_ config: [UInt8], isLive: Bool, barSize: UInt64? = nil, failure: Int = .max) {
    self.config = config
    self.isLive = isLive
    self.barSize = barSize
    self.failure = failure
    configSize = config.count
  }

  var file: String? { isLive ? nil : "file" }
  var knowsAllBARs: Bool { barSize != nil }

  /// Whatever the bytes are, a virtio function.
  func identity() throws(AccessError) -> Identity {
    var identity = try decode { bytes throws(DecodeError) in try Identity(from: bytes) }
    identity.vendorID = Identity.virtioVendorID
    identity.deviceID = 0x1000 | identity.deviceID & 0x7F
    return identity
  }

  func bars() throws(AccessError) -> [BAR] {
    var bars = try decode { bytes throws(DecodeError) in Array(try BARRegisters(from: bytes)) }
    for index in bars.indices { bars[index].size = barSize }
    return bars
  }

  func readConfig(at offset: Int, count: Int, into bytes: inout [UInt8]) throws(AccessError) {
    guard offset < failure else { throw AccessError("config", .system(.ioError)) }
    reads.append(offset..<offset + count)
    bytes += config.dropFirst(offset).prefix(count)
  }

  func kernelFacts(_ parts: KernelFacts.Parts) -> KernelFacts { KernelFacts() }

  private func decode<Value>(
    _ body: (Span<UInt8>) throws(DecodeError) -> Value
  ) throws(AccessError) -> Value {
    let config = config
    do {
      return try body(config.span)
    } catch {
      throw AccessError("config", .unavailable(message: "\(error)"))
    }
  }
}
