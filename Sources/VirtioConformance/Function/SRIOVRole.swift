public import VirtioPCI

/// What a function is to SR-IOV, VIRTIO 1.4 §6 and PCIe §9.
public enum SRIOVRole: Hashable, Sendable {
  /// It can have virtual functions: at most `totalVFs`, of which `numVFs` are there. Kernels before 4.15
  /// do not say what device ID those have.
  case physical(totalVFs: UInt16, numVFs: UInt16, vfDeviceID: UInt16?)
  /// It is one, of the physical function with this address; nil where that is not known.
  case virtual(of: Address?)

  /// That of a function with this capability.
  public init(_ capability: SRIOV) {
    self = .physical(
      totalVFs: capability.totalVFs,
      numVFs: capability.control.contains(.vfEnable) ? capability.numVFs : 0,
      vfDeviceID: capability.vfDeviceID)
  }
}
