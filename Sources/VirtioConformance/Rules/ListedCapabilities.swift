import VirtioPCI

/// What was read of a function's capability list.
struct ListedCapabilities {
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

extension Capability {
  /// Whether drivers look at it no further: a structure whose BAR is above 5, VIRTIO 1.4 §4.1.4.1.
  var isIgnored: Bool { locatesStructure && data?.bar ?? 0 >= UInt8(BAR.count) }
}
