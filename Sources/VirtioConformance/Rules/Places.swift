import VirtioPCI

/// Where the structures of a function lie.
struct Places {
  let capabilities: [Capability]
  let bars: [BAR]
  let barsAreComplete: Bool
  let command: Command?
  /// Whether a driver is at work.
  let isInUse: Bool

  init(of function: Function) {
    capabilities = function.capabilities
    bars = function.bars
    barsAreComplete = function.barsAreComplete
    command = function.command
    isInUse = function.isInUse
  }

  /// Calls `body` with each structure that has a place, and where its capability is.
  func each(_ body: (UInt8, CapData) -> Void) {
    for capability in capabilities
    where capability.locatesStructure && capability.head.cfgType.key != nil {
      if let data = capability.data { body(capability.position, data) }
    }
  }

  /// What the `bar` byte of a capability refers to.
  func bar(_ number: UInt8) -> BARReference {
    bars.reference(number, areComplete: barsAreComplete)
  }

  /// The size of the BAR that a structure runs out of; nil when it does not, or when none is known.
  func overrunSize(of data: CapData) -> UInt64? {
    guard case .bar(let bar) = bar(data.bar), let size = bar.size else { return nil }
    guard let end = data.end, end <= size else { return size }
    return nil
  }
}
