import PCIAccess
import VirtioPCI

extension FunctionState {
  /// Takes in what the kernel and the registers say, where rules ask for it.
  mutating func add(_ kernel: KernelFacts, _ registers: Registers?, isProbed: Bool) {
    kernelStatus = kernel.virtio?.status
    status = registers?.common[CommonCfg.deviceStatus] ?? kernelStatus
    offered = registers?.offered ?? kernel.virtio?.offered(by: interface)
    // Before that nothing is negotiated, and the kernel shows the empty set.
    if let status, !status.isDisjoint(with: [.featuresOK, .driverOK]) {
      negotiated = kernel.virtio?.features ?? (isProbed ? registers?.negotiated : nil)
    }
    common = registers?.common
    queues = registers?.queues.map(\.state)
    queuesAreComplete = isProbed && registers != nil
    deviceConfig = registers?.device
  }
}

extension CapabilityReading {
  /// Whether there is an SR-IOV capability beyond the first 256 bytes of config space; nil where
  /// those cannot be read, or a capture does not hold them.
  func hasSRIOV(in function: inout any PCIFunction) throws(AccessError) -> Bool? {
    guard end == .terminated else { return nil }
    guard pciCapabilities.contains(where: { $0.id == .express }) else { return false }
    var position = ConfigHeader.conventionalSize
    // Each has four bytes at least, so that more of them are a loop.
    for _ in 0..<(ConfigHeader.extendedSize - position) / 4 {
      let bytes = try ifCaptured { () throws(AccessError) in
        try function.readConfig(at: position, count: 4)
      }
      guard let bytes, let head: UInt32 = try? bytes.span.load(at: 0) else { return nil }
      if head & 0xFFFF == 0x0010 { return true }
      position = Int(head >> 20) & ~3
      guard position > ConfigHeader.conventionalSize, head != .max else { return false }
    }
    return false
  }
}

extension KernelVirtioDevice {
  /// What the device offers; nil where the kernel sees but what the legacy interface offers.
  func offered(by interface: Interface) -> FeatureSet? {
    interface == .transitional && offeredFeatures?.contains(.version1) == false
      ? nil : offeredFeatures
  }
}
