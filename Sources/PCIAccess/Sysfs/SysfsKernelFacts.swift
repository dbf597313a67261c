internal import Platform
internal import SystemPackage
internal import VirtioConformance
internal import VirtioPCI

extension SysfsFolder {
  /// What the kernel knows of the function whose `uevent` names `driver`.
  func kernelFacts(_ parts: KernelFacts.Parts, driver: String?) -> KernelFacts {
    var facts = KernelFacts(driver: driver)
    if parts.contains(.placement) {
      facts.numaNode = facts.attempt { () throws(AccessError) in try number("numa_node") }
        .flatMap { $0 < 0 ? nil : $0 }
      facts.iommuGroup = facts.attempt { () throws(AccessError) in try iommuGroup() }
    }
    addDevice(parts, to: &facts)
    // What a function that was removed meanwhile lacks says nothing of it.
    if facts.errors.isEmpty {
      facts.attempt { () throws(AccessError) in try checkPresence() }
    }
    return facts
  }

  /// Adds what sysfs alone knows: the power state, and the kernel's virtio device under the
  /// function.
  func addDevice(_ parts: KernelFacts.Parts, to facts: inout KernelFacts) {
    if parts.contains(.powerState) {
      facts.powerState = facts.attempt { () throws(AccessError) in try line("power_state") }
    }
    if parts.contains(.interrupt) {
      facts.kernel.irq = facts.attempt { () throws(AccessError) in try number("irq") }
        .flatMap { UInt32(exactly: $0) }
    }
    if parts.contains(.sriov) {
      facts.kernel.sriovRole = facts.attempt { () throws(AccessError) in try sriovRole() }
    }
    addVirtioDevice(parts, to: &facts)
    guard parts.contains(.binding) else { return }
    if facts.driver == nil {
      facts.kernel.binding = facts.attempt { () throws(AccessError) in try functionBinding() }
    } else if let virtio = facts.virtio, virtio.driver == nil {
      var binding = Function.Binding()
      binding.isAutomatic = bus("virtio").flatMap { Self.bindsDrivers($0) }
      facts.kernel.binding = binding
    }
  }

  private func functionBinding() throws(AccessError) -> Function.Binding {
    var binding = Function.Binding()
    if let only = try line("driver_override"), only != "(null)", !only.isEmpty {
      binding.onlyDriver = only
    }
    guard let bus = bus("pci") else { return binding }
    binding.isAutomatic = Self.bindsDrivers(bus)
    if let drivers = try? bus.folder("drivers") {
      binding.hasDriver = try? drivers.holds("virtio-pci")
    }
    return binding
  }

  /// The folder of a bus in the sysfs that the function was found in; nil where a capture lacks it.
  private func bus(_ name: String) -> Folder? {
    root.flatMap { try? Folder($0.appending("bus").appending(name)) }
  }

  /// Whether a bus binds drivers by itself; nil where it does not say.
  private static func bindsDrivers(_ bus: borrowing Folder) -> Bool? {
    switch (try? bus.file("drivers_autoprobe", isInSysfs: false).contents(atMost: longestText))?
      .first
    {
    case UInt8(ascii: "0"): false
    case UInt8(ascii: "1"): true
    default: nil
    }
  }

  /// What a virtual function has is a link to its physical one, which has the limits.
  private func sriovRole() throws(AccessError) -> SRIOVRole? {
    if let name = try link("physfn") {
      guard let address = Address(name) else {
        throw error("physfn", .malformed(line: 0, message: "leads to no PCI function"))
      }
      return .virtual(of: address)
    }
    guard let total = try vfCount("sriov_totalvfs") else { return nil }
    return .physical(
      totalVFs: total, numVFs: try vfCount("sriov_numvfs") ?? 0, vfDeviceID: try vfDeviceID())
  }

  private func vfCount(_ name: String) throws(AccessError) -> UInt16? {
    guard let number = try number(name) else { return nil }
    guard let count = UInt16(exactly: number) else {
      throw error(name, .malformed(line: 1, message: "is not a number of virtual functions"))
    }
    return count
  }

  /// In hex without a prefix.
  private func vfDeviceID() throws(AccessError) -> UInt16? {
    guard let text = try line("sriov_vf_device") else { return nil }
    guard let number = UInt64(prefixedHex: Array("0x\(text)".utf8)),
      let id = UInt16(exactly: number)
    else { throw error("sriov_vf_device", .malformed(line: 1, message: "is not an ID in hex")) }
    return id
  }

  /// Nil without one, and for -1.
  private func iommuGroup() throws(AccessError) -> Int? {
    guard let name = try link("iommu_group") else { return nil }
    guard let number = Int(name), number <= UInt32.max else {
      throw error("iommu_group", .malformed(line: 0, message: "leads to no group with a number"))
    }
    return number < 0 ? nil : number
  }

  /// The virtio device may lie under a vDPA device.
  private func addVirtioDevice(_ parts: KernelFacts.Parts, to facts: inout KernelFacts) {
    let children = facts.attempt { () throws(AccessError) in
      try entries {
        Self.isName($0.name, "virtio") || Self.isName($0.name, "vdpa")
          || SysfsNodes.functionClasses.contains($0.name)
      }
    }
    let names = (children ?? []).map(\.name).filter { Self.isName($0, "virtio") }
    if names.isEmpty, facts.kernel.vdpa == nil {
      let name = (children ?? []).map(\.name).filter { Self.isName($0, "vdpa") }.min()
      return name.map { addVDPADevice($0, parts, to: &facts) } ?? ()
    }
    if names.count > 1 {
      facts.errors.append(
        error(
          "", .malformed(line: 0, message: "holds \(names.count) virtio devices in place of one")))
    }
    guard let children, let name = names.min(),
      let folder = facts.attempt({ () throws(AccessError) in
        try ifPresent { () throws(AccessError) in try folder(name) }
      }),
      // Without it there is no telling whether it has a driver.
      let uevent = facts.attempt({ () throws(AccessError) in try folder.ueventIfPresent() })
    else { return }
    var device = KernelVirtioDevice(name: name)
    device.driver = uevent["DRIVER"]
    if parts.contains(.status) {
      device.status = facts.attempt { () throws(AccessError) in try folder.status() }
    }
    if parts.contains(.features) {
      device.features = facts.attempt { () throws(AccessError) in try folder.features() }
    }
    if parts.contains(.offeredFeatures) {
      device.offeredFeatures = offeredFeatures(of: name)
    }
    if parts.contains(.nodes) {
      device.nodes =
        facts.attempt { () throws(AccessError) in
          try SysfsNodes.names(of: folder, beside: children, in: self)
        } ?? []
    }
    facts.virtio = device
  }

  private func addVDPADevice(
    _ name: String, _ parts: KernelFacts.Parts, to facts: inout KernelFacts
  ) {
    guard
      let folder = facts.attempt({ () throws(AccessError) in
        try ifPresent { () throws(AccessError) in try folder(name) }
      }), let uevent = facts.attempt({ () throws(AccessError) in try folder.ueventIfPresent() })
    else { return }
    var device = Function.VDPADevice(name: name, driver: uevent["DRIVER"])
    if parts.contains(.nodes) {
      facts.attempt { () throws(AccessError) in
        for node in try folder.entries(where: { Self.isName($0.name, "vhost-vdpa-") }) {
          try ifPresent { () throws(AccessError) in try folder.folder(node.name).noteExistence() }
          device.nodes.append(node.name)
        }
      }
      device.nodes.sort()
    }
    facts.kernel.vdpa = device
    folder.addVirtioDevice(parts, to: &facts)
  }

  /// Whether it is `prefix` and a number.
  private static func isName(_ name: String, _ prefix: String) -> Bool {
    let digits = name.utf8.dropFirst(prefix.utf8.count)
    return name.utf8.starts(with: prefix.utf8) && !digits.isEmpty
      && digits.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }

  /// Nil when the kernel's device has gone by now; in a saved tree nothing goes.
  private func ueventIfPresent() throws(AccessError) -> UEvent? {
    guard liveness != .record else { return try uevent() }
    return try ifPresent { () throws(AccessError) in try uevent() }
  }

  private func status() throws(AccessError) -> DeviceStatus? {
    // Every kernel has it; in a saved tree it has been lost.
    let text =
      liveness == .record
      ? try contents("status")
      : try ifPresent { () throws(AccessError) in try contents("status") }
    guard let text else { return nil }
    let line = String(decoding: text.droppingLastNewline, as: UTF8.self)
    guard let number = UInt64(prefixedHex: Array(line.utf8)), let value = UInt8(exactly: number)
    else { throw error("status", .malformed(line: 1, message: "is not a byte in hex")) }
    return DeviceStatus(rawValue: value)
  }

  private func features() throws(AccessError) -> FeatureSet {
    let text = try contents("features")
    guard !text.isEmpty else {
      throw error("features", .malformed(line: 0, message: "is empty"))
    }
    do throws(FeatureTextError) {
      return try FeatureSet(sysfs: text.span)
    } catch {
      throw self.error("features", .malformed(line: 1, message: "\(error)"))
    }
  }
}

extension SysfsFolder {
  /// The features that the kernel says the device offers, a decimal bit number a line; nil where
  /// debugfs is not there for us. It speaks of the kernel's devices and of no saved one.
  private func offeredFeatures(of name: String) -> FeatureSet? {
    guard liveness == .sysfs, let root, var folder = try? Folder(root), folder.liveness == .sysfs
    else { return nil }
    for name in ["kernel", "debug", "virtio", name] {
      guard let next = try? folder.folder(name) else { return nil }
      folder = next
    }
    guard
      let text = try? folder.file("device_features", isInSysfs: false)
        .contents(atMost: Self.longestText)
    else { return nil }
    let bits = text.split(separator: UInt8(ascii: "\n")).map {
      UInt8(String(decoding: $0, as: UTF8.self))
    }
    return bits.contains(nil) ? nil : FeatureSet(bits: bits.compactMap { $0.map(Int.init) })
  }
}

extension KernelFacts {
  /// What `read` gives; nil when there is nothing, or when it cannot be read: that is noted.
  @discardableResult
  fileprivate mutating func attempt<Value>(
    _ read: () throws(AccessError) -> Value?
  ) -> Value? {
    do throws(AccessError) {
      return try read()
    } catch {
      errors.append(error)
      return nil
    }
  }
}
