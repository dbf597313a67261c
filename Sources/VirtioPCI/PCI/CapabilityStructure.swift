/// What a capability of config space holds: `MSIX`, `Cap` and the other structures of virtio.
///
/// Of each, exactly its bytes are loaded, a dword at a time.
public protocol CapabilityStructure: Hashable, Sendable {
  /// Decodes the capability that `entry` begins, which was loaded before, as by `CapabilityList`.
  init<Source: RegisterSource & ~Copyable & ~Escapable>(
    _ entry: PCICapability, from config: borrowing Source
  ) throws(ReadError<Source.Failure>)
}

extension CapabilityStructure {
  /// Decodes the capability at `position`, its first four bytes among the rest: of config space, or of
  /// bytes that were taken from there, which begin at 0.
  public init<Source: RegisterSource & ~Copyable & ~Escapable>(
    from config: borrowing Source, at position: Int = 0
  ) throws(ReadError<Source.Failure>) {
    try self.init(try PCICapability(from: config, at: position), from: config)
  }
}
