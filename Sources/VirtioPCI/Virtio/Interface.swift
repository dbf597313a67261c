/// Which interfaces a function offers to drivers, VIRTIO 1.4 §4.1.2.
public enum Interface: String, CaseIterable, Hashable, Sendable {
  /// The registers that the capabilities locate, and nothing else.
  case modern
  /// Those and the legacy registers in I/O BAR 0.
  case transitional
  /// The legacy registers only.
  case legacy

  /// Nil when the IDs are not those of a virtio function, or what was read does not tell.
  ///
  /// A modern device ID settles it. Any other is a legacy device without a common configuration
  /// capability, and a transitional one with it, provided that the revision is 0 and the legacy
  /// registers are in I/O BAR 0 (§4.1.2.3); else it is modern in all but its ID.
  ///
  /// `hasCommonCap` is nil where capabilities cannot be read: without a list (status bit 4) there is
  /// none. `isBAR0IO` is nil where the BARs cannot be read.
  public init?(
    identity: Identity, hasCommonCap: Bool?, hasCapabilityList: Bool, isBAR0IO: Bool?
  ) {
    guard identity.isVirtio else { return nil }
    guard !identity.hasModernID else {
      self = .modern
      return
    }
    guard let hasCommonCap = hasCapabilityList ? hasCommonCap : false else { return nil }
    guard hasCommonCap else {
      self = .legacy
      return
    }
    guard identity.revision == 0 else {
      self = .modern
      return
    }
    guard let isBAR0IO else { return nil }
    self = isBAR0IO ? .transitional : .modern
  }
}
