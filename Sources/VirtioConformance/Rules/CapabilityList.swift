import VirtioPCI

/// What was read of a function's capability list.
struct CapabilityList {
  let end: CapabilityListEnd?
  let capabilities: [Capability]
  let pciCapabilities: [PCICapability]

  init(of function: Function) {
    end = function.listEnd
    capabilities = function.capabilities
    pciCapabilities = function.pciCapabilities
  }

  /// Calls `body` with each structure of one type, and where its capability is.
  func eachStructure(_ type: CapCfgType, _ body: (UInt8, CapData) -> Void) {
    for capability in capabilities where capability.head.cfgType == type {
      if let data = capability.data { body(capability.position, data) }
    }
  }

  /// Calls `body` with each shared memory region that a driver would look at.
  func eachRegion(_ body: (UInt8, CapData) -> Void) {
    for capability in capabilities
    where capability.head.cfgType == .sharedMemory && !capability.isIgnored {
      if let data = capability.data { body(capability.position, data) }
    }
  }

  /// The IDs of the shared memory regions that a driver would look at.
  var regionIDs: [UInt8] {
    var ids: [UInt8] = []
    eachRegion { ids.append($1.id) }
    return ids
  }

  /// Whether there is a capability of `type` that a driver would look at.
  func has(_ type: CapCfgType) -> Bool {
    capabilities.contains { $0.head.cfgType == type && !$0.isIgnored }
  }

  /// Whether one of its structures holds these bytes.
  func holds(_ window: CapData, upTo end: UInt64) -> Bool {
    capabilities.contains { capability in
      guard capability.locatesStructure, let data = capability.data, let last = data.end else {
        return false
      }
      return data.bar == window.bar && data.offset <= window.offset && end <= last
    }
  }
}

/// Where the structures of a function lie.
struct Places {
  let capabilities: [Capability]
  let bars: [BAR]
  let barsAreComplete: Bool
  let command: UInt16?
  let type: DeviceType?
  /// Whether a driver is at work.
  let isInUse: Bool

  init(of function: Function) {
    capabilities = function.capabilities
    bars = function.bars
    barsAreComplete = function.barsAreComplete
    command = function.command
    type = function.type
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

extension Capability {
  /// Whether drivers look at it no further: a structure whose BAR is above 5, VIRTIO 1.4 §4.1.4.1.
  var isIgnored: Bool { locatesStructure && data?.bar ?? 0 >= UInt8(BAR.count) }
}
