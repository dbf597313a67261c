public import VirtioPCI

/// Config space of a function to be read and written in place, for the window and nothing else: one
/// call is one access of 1, 2 or 4 aligned bytes.
public protocol WritableConfig: AnyObject {
  func read(at offset: Int, count: Int) throws(AccessError) -> [UInt8]
  func write(_ bytes: [UInt8], at offset: Int) throws(AccessError)
}

/// The window of the PCI configuration access capability, VIRTIO 1.4 §4.1.4.9: reaches the BARs
/// where nobody maps them.
///
/// Its registers hold one place at a time, so that two users of it disturb each other.
public final class ConfigWindow {
  private let config: any WritableConfig
  private let position: Int
  private let subject = "the window in config space"
  private let address: Address?
  private var isKnownToWork = false

  private enum Register {
    static let bar = 4
    static let offset = 8
    static let length = 12
    static let data = 16
  }

  private init(_ config: any WritableConfig, at position: UInt8, of address: Address?) {
    self.config = config
    self.position = Int(position)
    self.address = address
  }

  /// Calls `body` with the window of the capability at `position`, and puts the window's registers
  /// back as they were, also when it fails.
  public static func using<Value>(
    _ config: any WritableConfig, at position: UInt8, of address: Address?,
    _ body: (ConfigWindow) throws(AccessError) -> Value
  ) throws(AccessError) -> Value {
    let window = ConfigWindow(config, at: position, of: address)
    let bar: UInt8 = try window.read(Register.bar)
    let offset: UInt32 = try window.read(Register.offset)
    let length: UInt32 = try window.read(Register.length)
    let outcome: Result<Value, AccessError>
    do throws(AccessError) {
      outcome = .success(try body(window))
    } catch {
      outcome = .failure(error)
    }
    var failure: AccessError?
    do { try window.write(bar, to: Register.bar) } catch { failure = error }
    do { try window.write(offset, to: Register.offset) } catch { failure = error }
    do { try window.write(length, to: Register.length) } catch { failure = error }
    let value = try outcome.get()
    if let failure { throw failure }
    return value
  }

  /// The first `count` bytes of a structure, through the window.
  public func region(of place: LocatedStructure, count: Int) throws(AccessError) -> BARRegion {
    let offset = place.data.offset
    guard
      let bounds = BARRegion.Bounds(
        subject: subject, address: address, offset: offset, count: count),
      UInt32(exactly: bounds.start + bounds.count) != nil, place.holds(count)
    else {
      throw error("\(count) bytes at \(Hex(offset)) are beyond its BAR or its 32 bits")
    }
    return BARRegion(.window(self, bar: place.data.bar), bounds)
  }

  /// One access of the device, at the position in the BAR.
  func load<Value: RegisterWidth>(bar: UInt8, at offset: Int) throws(AccessError) -> Value {
    try open(bar: bar, at: offset, width: Value.size)
    return try read(Register.data)
  }

  func store(_ value: some RegisterWidth, bar: UInt8, at offset: Int) throws(AccessError) {
    try open(bar: bar, at: offset, width: value.bitWidth / 8)
    try write(value, to: Register.data)
  }

  private func open(bar: UInt8, at offset: Int, width: Int) throws(AccessError) {
    let (offset, length) = (UInt32(truncatingIfNeeded: offset), UInt32(truncatingIfNeeded: width))
    try write(bar, to: Register.bar)
    try write(offset, to: Register.offset)
    try write(length, to: Register.length)
    guard !isKnownToWork else { return }
    // A device that does not have it would seem to hold nothing but zeros.
    guard try read(Register.bar) == bar, try read(Register.offset) == offset,
      try read(Register.length) == length
    else {
      throw error("does not keep what is written to it")
    }
    isKnownToWork = true
  }

  private func read<Value: RegisterWidth>(_ register: Int) throws(AccessError) -> Value {
    let bytes = try config.read(at: position + register, count: Value.size)
    guard let value = Value(littleEndian: bytes) else {
      throw error("lies beyond the end of config space, as far as it may be read")
    }
    return value
  }

  private func write(_ value: some RegisterWidth, to register: Int) throws(AccessError) {
    try config.write(value.littleEndianBytes, at: position + register)
  }

  private func error(_ message: String) -> AccessError {
    AccessError(subject, .unavailable(message: message), address: address)
  }
}
