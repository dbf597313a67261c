/// Which interfaces a function offers to drivers, VIRTIO 1.4 §4.1.2.
public enum Interface: String, CaseIterable, Hashable, Sendable {
  /// The registers that the capabilities locate, and nothing else.
  case modern
  /// Those and the legacy registers in I/O BAR 0.
  case transitional
  /// The legacy registers only.
  case legacy

  /// Nil when the IDs are not those of a virtio function.
  ///
  /// A modern device ID settles it. Any other is a legacy device without a common configuration
  /// capability, and a transitional one with it, provided that the revision is 0 and the legacy
  /// registers are in I/O BAR 0 (§4.1.2.3); else it is modern in all but its ID.
  ///
  /// `hasCommonCap` is nil where capabilities cannot be read. Whether there is a list at all (status
  /// bit 4) then stands in for it: a legacy device with one, of MSI-X, is taken for more.
  public init?(
    identity: Identity, hasCommonCap: Bool?, hasCapabilityList: Bool, isBAR0IO: Bool
  ) {
    guard identity.isVirtio else { return nil }
    if identity.hasModernID {
      self = .modern
    } else if !(hasCommonCap ?? hasCapabilityList) {
      self = .legacy
    } else {
      self = identity.revision == 0 && isBAR0IO ? .transitional : .modern
    }
  }
}
