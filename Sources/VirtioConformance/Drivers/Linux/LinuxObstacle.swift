import VirtioPCI

/// Why Linux has bound no virtio driver, though nothing in the function speaks against one.
public enum LinuxObstacle: Hashable, Sendable {
  /// Another PCI driver is bound.
  case otherDriver(String)
  /// `driver_override` names another driver.
  case driverOverride(String)
  /// `drivers_autoprobe` of the bus is 0.
  case autoprobeOff(bus: String)
  /// The PCI driver of virtio is not there.
  case notLoaded
  /// The PCI driver of virtio is there and not bound.
  case notBound
  /// No driver is at work on the virtio device: that of its type is not there, or was unbound.
  case deviceNotBound(type: UInt32, vendor: UInt32)
  /// A driver of the virtio device has set FAILED.
  case gaveUp
}

extension Function {
  /// The PCI driver of virtio.
  private static var linuxPCIDriver: String { "virtio-pci" }

  /// Why no virtio driver of Linux is bound, as far as the kernel shows it; none where one is.
  public var linuxObstacles: [LinuxObstacle] {
    guard let driver = kernel.driver else { return linuxFunctionObstacles }
    guard let virtio = kernel.virtio else {
      return driver == Self.linuxPCIDriver || kernel.vdpa != nil ? [] : [.otherDriver(driver)]
    }
    return virtio.driver == nil ? linuxDeviceObstacles(virtio) : []
  }

  private var linuxFunctionObstacles: [LinuxObstacle] {
    guard let binding = kernel.binding else { return [] }
    var obstacles: [LinuxObstacle] = []
    if let only = binding.onlyDriver, only != Self.linuxPCIDriver {
      obstacles.append(.driverOverride(only))
    }
    if binding.isAutomatic == false { obstacles.append(.autoprobeOff(bus: "pci")) }
    if binding.hasDriver == false { obstacles.append(.notLoaded) }
    return obstacles.isEmpty && binding.hasDriver == true ? [.notBound] : obstacles
  }

  private func linuxDeviceObstacles(_ device: VirtioDevice) -> [LinuxObstacle] {
    if kernel.binding?.isAutomatic == false { return [.autoprobeOff(bus: "virtio")] }
    guard let status = device.status, status.rawValue != .max else { return [] }
    if status.contains(.failed) { return [.gaveUp] }
    guard status == .acknowledge, let type = linuxType else { return [] }
    return [
      .deviceNotBound(type: UInt32(type.rawValue), vendor: UInt32(identity.subsystemVendorID))
    ]
  }
}
