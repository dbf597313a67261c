import VirtioPCI

/// Which capability of a type a driver uses, and what it makes of the BAR that it names.
///
/// A class: several steps in a row look at the same choice, and by its identity it is made once.
final class Choice: Sendable {
  /// What the structure is called in a text.
  let name: String
  let type: CapCfgType
  /// Whether the last capability of the type counts, rather than the first.
  let isLast: Bool
  /// Capabilities with a smaller `cap_len` are passed over.
  let leastCapLen: UInt8
  /// Whether a capability is passed over whose BAR is reserved or not there.
  let passesOverBARs: Bool
  /// Whether only one is passed over whose BAR is reserved: above 5.
  let skipsReservedBARs: Bool
  /// What the driver makes of a BAR.
  let usability: @Sendable (Function, UInt8) -> Usability

  init(
    name: String, type: CapCfgType, isLast: Bool = false, leastCapLen: UInt8 = 0,
    passesOverBARs: Bool = false, skipsReservedBARs: Bool = false,
    usability: @escaping @Sendable (Function, UInt8) -> Usability = { $0.usability(of: $1) }
  ) {
    self.name = name
    self.type = type
    self.isLast = isLast
    self.leastCapLen = leastCapLen
    self.passesOverBARs = passesOverBARs
    self.skipsReservedBARs = skipsReservedBARs
    self.usability = usability
  }

  /// The capability that a driver uses, and what it makes of its BAR.
  enum Result {
    /// It finds none.
    case none
    /// What was not read decides which one it is.
    case unknown
    case capability(SeenCapability, Usability)
  }

  func result(in function: Function) -> Result { result(among: function.seen, in: function) }

  /// The one among the capabilities of `function` that the driver uses.
  func result(among capabilities: [SeenCapability], in function: Function) -> Result {
    var chosen: Result?
    for seen in capabilities where seen.type == type {
      guard seen.capLen >= leastCapLen else { continue }
      guard let number = seen.bar else { return .unknown }
      if skipsReservedBARs, number >= BAR.count { continue }
      let usability = usability(function, number)
      if passesOverBARs {
        if case .unusable = usability { continue }
        if case .unknown = usability { return .unknown }
      }
      chosen = .capability(seen, usability)
      if !isLast { break }
    }
    // A list that ended early may have another one.
    guard function.listWasRead || chosen != nil && !isLast else { return .unknown }
    return chosen ?? .none
  }
}

extension Choice.Result {
  /// What `judge` says of the structure and of its BAR, where that can be used: nothing is wrong with
  /// one that is not there, which is the matter of another step.
  func judged(_ judge: (SeenCapability, BAR) -> Driver.Answer) -> Driver.Answer {
    switch self {
    case .none, .capability(_, .unusable): .passes
    case .unknown, .capability(_, .unknown): .notRead
    case .capability(let capability, .usable(let bar)): judge(capability, bar)
    }
  }

  /// Whether there is one; nil when that is not known.
  var isThere: Bool? {
    switch self {
    case .none: false
    case .unknown: nil
    case .capability: true
    }
  }

  /// The place of its capability, 0 for none.
  var position: UInt64 {
    if case .capability(let capability, _) = self { UInt64(capability.position) } else { 0 }
  }
}

/// What a driver makes of a BAR that a capability names.
enum Usability {
  case usable(BAR)
  case unusable
  case unknown
}

extension Function {
  /// Whether a BAR exists, as far as config space or the kernel says.
  func usability(of number: UInt8) -> Usability {
    switch bar(number) {
    case .bar(let bar): .usable(bar)
    case .upperHalf, .absent, .reserved: .unusable
    case .unknown: .unknown
    }
  }
}
