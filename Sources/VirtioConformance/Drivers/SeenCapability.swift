import VirtioPCI

/// A virtio capability as drivers read it: each field at its offset, whatever `cap_len` says. A
/// field is nil where its bytes were not read.
struct SeenCapability {
  let position: UInt8
  let capLen: UInt8
  private let bytes: [UInt8]

  init(_ capability: Capability) {
    position = capability.position
    capLen = capability.head.capLen
    bytes = capability.bytes
  }

  var bar: UInt8? { byte(4) }
  var id: UInt8? { byte(5) }
  var offset: UInt64? { dword(8) }
  var length: UInt64? { dword(12) }
  /// `notify_off_multiplier`, whether `cap_len` reaches so far or not.
  var multiplier: UInt64? { dword(16) }

  /// Offset and length of a region, with their high halves.
  var region: (offset: UInt64, length: UInt64)? {
    guard let offset, let length, let offsetHi = dword(16), let lengthHi = dword(20) else {
      return nil
    }
    return (offsetHi << 32 | offset, lengthHi << 32 | length)
  }

  private func byte(_ offset: Int) -> UInt8? {
    offset < bytes.count ? bytes[offset] : nil
  }

  private func dword(_ offset: Int) -> UInt64? {
    guard offset + 4 <= bytes.count else { return nil }
    var value: UInt64 = 0
    for index in (offset..<offset + 4).reversed() {
      value = value << 8 | UInt64(bytes[index])
    }
    return value
  }
}

/// The structure that a driver uses for one purpose.
enum Chosen {
  /// It finds none.
  case none
  /// What was not read decides which one it is.
  case unknown
  /// The one that this capability locates, in that BAR.
  case structure(SeenCapability, BAR)

  /// What `judge` says of the structure: nothing is wrong with one that is not there, which is the
  /// matter of another step.
  func judged(_ judge: (SeenCapability, BAR) -> Driver.Answer) -> Driver.Answer {
    switch self {
    case .none: .passes
    case .unknown: .notRead
    case .structure(let capability, let bar): judge(capability, bar)
    }
  }

  /// Whether there is one; nil when that is not known.
  var isThere: Bool? {
    switch self {
    case .none: false
    case .unknown: nil
    case .structure: true
    }
  }

  /// The place of its capability, 0 for none.
  var position: UInt64 {
    if case .structure(let capability, _) = self { UInt64(capability.position) } else { 0 }
  }
}

/// What a driver makes of a BAR that a capability names.
enum Usability {
  case usable(BAR)
  case unusable
  case unknown
}

extension Function {
  /// The virtio capabilities of one type, in the order of the list.
  func seen(_ type: CapCfgType) -> [SeenCapability] {
    capabilities.filter { $0.head.cfgType == type }.map(SeenCapability.init)
  }

  /// The first capability of the type for which `usability` finds its BAR usable.
  func firstChosen(_ type: CapCfgType, _ usability: (UInt8) -> Usability) -> Chosen {
    var isCertain = true
    for index in capabilities.indices where capabilities[index].head.cfgType == type {
      let seen = SeenCapability(capabilities[index])
      guard let number = seen.bar else {
        isCertain = false
        continue
      }
      switch usability(number) {
      case .usable(let bar): return isCertain ? .structure(seen, bar) : .unknown
      case .unusable: continue
      case .unknown: isCertain = false
      }
    }
    return isCertain && listWasRead ? .none : .unknown
  }
}

/// Queues and features, as the steps of several drivers ask for them.
extension Function {
  /// A queue that was read; nil for one that was not.
  func queue(_ index: Int) -> QueueState? {
    readQueues.first { Int($0.index) == index }
  }

  /// Whether the device offers a feature; nil when that is not known.
  func offers(_ feature: Feature) -> Bool? { offered?.contains(feature) }

  /// How many queues the device has, those of administration not counted.
  var numQueues: Int? { registers?.common[CommonCfg.numQueues].map(Int.init) }

  /// Whether a driver has started the device, so that its registers show what the driver wrote.
  var isStarted: Bool { status.map { !$0.isEmpty } ?? true }
}

extension Driver.Answer {
  /// What `fault` says of the queues below `least`, which the driver sets up whatever else it does,
  /// and of those from there to `most`, which it may set up.
  static func queues(
    of function: Function, _ demand: QueueDemand, _ fault: (QueueState) -> Driver.Answer
  ) -> Driver.Answer {
    let count = max(demand.least, demand.most)
    var isKnown = demand.isExact
    var read = 0
    // By what was read: a device can name more queues than there are.
    for queue in function.readQueues where Int(queue.index) < count {
      read += 1
      switch fault(queue) {
      case .fails(let fault) where Int(queue.index) < demand.least: return .fails(fault)
      case .passes: continue
      default: isKnown = false
      }
    }
    return isKnown && read >= count ? .passes : .notRead
  }
}

/// How many queues a driver sets up.
struct QueueDemand {
  /// At least so many.
  var least: Int
  /// At most so many, as far as is known.
  var most: Int
  /// Whether all that decides it was read.
  var isExact: Bool

  /// Always so many.
  init(_ count: Int) {
    self.init(least: count, most: count, isExact: true)
  }

  init(least: Int, most: Int, isExact: Bool) {
    self.least = least
    self.most = most
    self.isExact = isExact
  }
}
