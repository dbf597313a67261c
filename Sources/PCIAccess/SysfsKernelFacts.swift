internal import SystemPackage
internal import VirtioPCI

extension SysfsFolder {
  /// What the kernel knows of the function whose `uevent` names `driver`.
  func kernelFacts(_ parts: KernelFacts.Parts, driver: String?) -> KernelFacts {
    var facts = KernelFacts(driver: driver)
    if parts.contains(.placement) {
      facts.numaNode = line("numa_node").flatMap { Int($0) }.flatMap { $0 < 0 ? nil : $0 }
      facts.iommuGroup = link("iommu_group").flatMap { Int($0) }
    }
    addDevice(parts, to: &facts)
    return facts
  }

  /// Adds what sysfs alone knows: the power state, and the kernel's virtio device under the
  /// function.
  func addDevice(_ parts: KernelFacts.Parts, to facts: inout KernelFacts) {
    if parts.contains(.powerState) { facts.powerState = line("power_state") }
    addVirtioDevice(parts, to: &facts)
  }

  private func addVirtioDevice(_ parts: KernelFacts.Parts, to facts: inout KernelFacts) {
    let children: [Folder.Entry]
    do throws(AccessError) {
      children = try entries()
    } catch {
      return facts.errors.append(error)
    }
    guard let name = children.map(\.name).filter(Self.isVirtioName).min() else { return }
    let folder = folder(name)
    var device = KernelVirtioDevice(name: name)
    device.driver = try? folder.uevent()["DRIVER"]
    if parts.contains(.status) {
      device.status = (try? folder.contents("status").droppingLastNewline)
        .flatMap { UInt64(prefixedHex: $0) }
        .map { DeviceStatus(rawValue: UInt8(truncatingIfNeeded: $0)) }
    }
    if parts.contains(.features) {
      do throws(AccessError) {
        device.features = try folder.features()
      } catch {
        facts.errors.append(error)
      }
    }
    if parts.contains(.offeredFeatures) {
      device.offeredFeatures = offeredFeatures(of: name)
    }
    if parts.contains(.nodes) {
      device.nodes = SysfsNodes.names(of: folder, beside: children, in: self)
    }
    facts.virtio = device
  }

  private static func isVirtioName(_ name: String) -> Bool {
    let digits = name.utf8.dropFirst("virtio".utf8.count)
    return name.hasPrefix("virtio") && !digits.isEmpty
      && digits.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }

  private func features() throws(AccessError) -> FeatureSet {
    let text = try contents("features")
    do throws(DecodeError) {
      return try FeatureSet(sysfs: text.span)
    } catch {
      throw self.error("features", .malformed(line: 1, message: "\(error)"))
    }
  }
}

extension SysfsFolder {
  /// The features that the kernel says the device offers, a decimal bit number a line; nil where
  /// debugfs is not there for us.
  private func offeredFeatures(of name: String) -> FeatureSet? {
    guard
      let path = root?.appending("kernel/debug/virtio").appending(name)
        .appending("device_features"),
      let text = try? File.contents(of: path)
    else { return nil }
    let bits = text.split(separator: UInt8(ascii: "\n")).map {
      UInt8(String(decoding: $0, as: UTF8.self))
    }
    return bits.contains(nil) ? nil : FeatureSet(bits.compactMap { $0.map(Int.init) })
  }
}
