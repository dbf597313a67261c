public import VirtioPCI

extension Rule {
  /// Which functions a rule is about.
  public enum Scope: Hashable, Sendable {
    /// All of them, legacy ones too.
    case everyFunction
    /// Those with the capabilities of VIRTIO 1.0 and later.
    case withCapabilities
    /// Those of them without a legacy interface.
    case modern
    /// Those that have, or by a sign of it claim, a legacy interface beside the capabilities.
    case transitional
    /// Those with the capabilities that are devices of these types.
    case types([DeviceType])

    func contains(_ function: Function) -> Bool {
      switch self {
      case .everyFunction: true
      case .withCapabilities: function.interface != .legacy
      case .modern: function.interface == .modern
      case .transitional:
        function.interface == .transitional
          || function.interface == .modern
            && (!function.identity.hasModernID || function.isBAR0IO)
      case .types(let types):
        function.interface != .legacy && function.type.map(types.contains) ?? false
      }
    }
  }
}
