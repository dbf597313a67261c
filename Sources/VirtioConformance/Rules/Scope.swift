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
    /// Those with the capabilities that are devices of this type.
    case type(DeviceType)
    /// Those with the capabilities whose type has a device-specific configuration in VIRTIO 1.4.
    case configured

    /// Whether `function` is one of them.
    public func contains(_ function: Function) -> Bool {
      mask.applies(to: Set(of: function))
    }
  }
}

extension Rule.Scope {
  /// The scopes that a function is in.
  struct Set {
    fileprivate var kinds: UInt8
    fileprivate var type: UInt16?

    init(of function: Function) {
      let interface = function.interface
      type = function.type?.rawValue
      kinds = Mask.everyFunction
      guard interface != .legacy else { return }
      kinds |= Mask.withCapabilities
      if interface == .modern { kinds |= Mask.modern }
      let hasTransitionalID = function.identity.isVirtio && !function.identity.hasModernID
      if interface == .transitional || hasTransitionalID || function.isBAR0IO {
        kinds |= Mask.transitional
      }
      if function.type?.isConfigured == true { kinds |= Mask.configured }
    }
  }

  /// What a set must have for a rule to apply.
  struct Mask {
    fileprivate static let everyFunction: UInt8 = 1
    fileprivate static let withCapabilities: UInt8 = 2
    fileprivate static let modern: UInt8 = 4
    fileprivate static let transitional: UInt8 = 8
    fileprivate static let configured: UInt8 = 16

    fileprivate var kind: UInt8
    fileprivate var type: UInt16?

    func applies(to set: Set) -> Bool {
      set.kinds & kind != 0 && (type == nil || type == set.type)
    }
  }

  var mask: Mask {
    switch self {
    case .everyFunction: Mask(kind: Mask.everyFunction, type: nil)
    case .withCapabilities: Mask(kind: Mask.withCapabilities, type: nil)
    case .modern: Mask(kind: Mask.modern, type: nil)
    case .transitional: Mask(kind: Mask.transitional, type: nil)
    case .type(let type): Mask(kind: Mask.withCapabilities, type: type.rawValue)
    case .configured: Mask(kind: Mask.configured, type: nil)
    }
  }
}
