/// An entry of a function's PCI capability list, of whatever kind.
public struct PCICapability: Hashable, Sendable {
  /// Where it is in config space.
  public var position: UInt8
  /// Which kind of capability it is.
  public var id: PCICapabilityID
  /// What an MSI-X capability says, where it was read.
  public var msix: MSIX?

  /// An entry that was found at `position`.
  public init(position: UInt8, id: PCICapabilityID, msix: MSIX? = nil) {
    self.position = position
    self.id = id
    self.msix = msix
  }
}
