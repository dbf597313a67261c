import VirtioPCI

/// A virtio capability as drivers read it: each field at its offset, whatever `cap_len` says. A
/// field is nil where its bytes were not read.
struct SeenCapability {
  let position: UInt8
  let type: CapCfgType
  let capLen: UInt8
  /// How many bytes were read.
  private let count: UInt8
  /// The first 24 of them, 8 in each.
  private var words: (UInt64, UInt64, UInt64) = (0, 0, 0)

  init(_ capability: borrowing Capability) {
    position = capability.head.position
    type = capability.head.cfgType
    capLen = capability.head.capLen
    let bytes = capability.bytes.span
    count = UInt8(min(bytes.count, Cap64.size))
    for index in 0..<Int(count) {
      let byte = UInt64(bytes[index]) << UInt64(index % 8 * 8)
      switch index / 8 {
      case 0: words.0 |= byte
      case 1: words.1 |= byte
      default: words.2 |= byte
      }
    }
  }

  var bar: UInt8? { count > 4 ? UInt8(truncatingIfNeeded: words.0 >> 32) : nil }
  var id: UInt8? { count > 5 ? UInt8(truncatingIfNeeded: words.0 >> 40) : nil }
  var offset: UInt64? { count >= 12 ? words.1 & 0xFFFF_FFFF : nil }
  var length: UInt64? { count >= 16 ? words.1 >> 32 : nil }
  /// `notify_off_multiplier`, whether `cap_len` reaches so far or not.
  var multiplier: UInt64? { count >= 20 ? words.2 & 0xFFFF_FFFF : nil }

  /// Offset and length of a region, with their high halves.
  var region: (offset: UInt64, length: UInt64)? {
    guard count >= 24, let offset, let length else { return nil }
    return (words.2 << 32 | offset, words.2 & ~0xFFFF_FFFF | length)
  }
}

extension Function {
  /// The virtio capabilities, in the order of the list.
  var seen: [SeenCapability] {
    var seen: [SeenCapability] = []
    seen.reserveCapacity(capabilities.count)
    // A span lends its elements: a copy of each would take most of what a verdict costs.
    let span = capabilities.span
    for index in span.indices { seen.append(SeenCapability(span[index])) }
    return seen
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
