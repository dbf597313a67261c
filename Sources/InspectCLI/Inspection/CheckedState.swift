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

extension KernelVirtioDevice {
  /// What the device offers; nil where the kernel sees but what the legacy interface offers.
  func offered(by interface: Interface) -> FeatureSet? {
    interface == .transitional && offeredFeatures?.contains(.version1) == false
      ? nil : offeredFeatures
  }
}
