/// A structure in a BAR that the function has, with an address: one that a driver can reach.
public struct StructurePlace: Hashable, Sendable {
  /// What the capability says.
  public let data: CapData
  /// The BAR that it names.
  public let bar: BAR
  /// The physical address of the structure.
  public let address: UInt64

  /// Nil when `bar` has no address, or the structure lies beyond 2^64.
  init?(_ data: CapData, in bar: BAR) {
    guard let base = bar.address else { return nil }
    let (address, overflow) = base.addingReportingOverflow(data.offset)
    guard !overflow else { return nil }
    self.data = data
    self.bar = bar
    self.address = address
  }

  /// Whether the first `count` bytes of the structure lie in the BAR, as far as its size is known.
  public func holds(_ count: UInt64) -> Bool {
    let (end, overflow) = data.offset.addingReportingOverflow(count)
    return !overflow && end <= bar.size ?? .max
  }

  /// The physical address of a queue's doorbell, VIRTIO 1.4 §4.1.4.4; nil when this is no `notify`
  /// structure, or a write of `width` bytes there would not lie in it.
  public func doorbell(notifyOff: UInt16, width: UInt64) -> UInt64? {
    guard let multiplier = data.notifyOffMultiplier else { return nil }
    // At most 2^48.
    let offset = UInt64(notifyOff) * UInt64(multiplier)
    guard width <= data.length, offset <= data.length - width else { return nil }
    let (doorbell, overflow) = address.addingReportingOverflow(offset)
    return overflow ? nil : doorbell
  }
}

extension FunctionState {
  /// Where drivers find the structure of this type: by the first capability that names a BAR which
  /// is there (VIRTIO 1.4 §4.1.4: they stand in the device's order of preference).
  public func place(of type: CapCfgType) -> StructurePlace? {
    for capability in capabilities where capability.locatesStructure {
      if let data = capability.data, data.cfgType == type, case .bar(let bar) = bar(data.bar),
        let place = StructurePlace(data, in: bar)
      {
        return place
      }
    }
    return nil
  }
}
