import VirtioPCI

extension Driver {
  /// The poll mode driver of DPDK for network devices.
  public static let dpdk = Driver(
    "dpdk", "DPDK", for: "Network devices with the device ID 0x1000 or 0x1041.",
    source: Source("DPDK", "Debian's dpdk 22.11.11", heldAgainst: "22.11.11"),
    where: { [0x1000, 0x1041].contains($0.identity.deviceID) },
    [
      Step(
        "list-ends", effect: .isFatal, on: .modern, "The capability list is not a loop.",
        else: "the capability list is a loop that the driver walks forever", at: readCaps,
        needs: .capabilities
      ) { function in
        guard function.listWasRead else { return .notRead }
        if case .loop = function.listEnd { return .fails() }
        return .passes
      },
      .dpdkFound(common), .dpdkPlaced("common", common), .dpdkFound(notify),
      .dpdkPlaced("notify", notify), .dpdkFound(device), .dpdkPlaced("device", device),
      .dpdkFound(isr), .dpdkPlaced("isr", isr),
      .legacyBAR(
        at: Citation("drivers/net/virtio/virtio_pci.c", "vtpci_init"),
        logs: "Failed to init PCI device"),
      .version1(
        at: Citation("drivers/net/virtio/virtio_pci.c", "modern_features_ok"),
        logs: "Version 1+ required with modern devices"),
      .featuresOK(
        at: Citation(ethernet, "virtio_ethdev_negotiate_features"),
        logs: "Failed to set FEATURES_OK status!"),
      Step(
        "net-mtu", effect: .ignores, on: .modern, "The MTU is at least 68.",
        else: "the MTU of {0}, which is below 68",
        at: Citation(ethernet, "virtio_ethdev_negotiate_features"),
        needs: [.deviceConfig, .offered]
      ) { function in
        let mtu = function.registers?.device?[Net.mtu]
        return .require(mtu.map { $0 >= 68 }, of: function, Feature.Net.mtu) { UInt64(mtu ?? 0) }
      },
      .queueExists(
        at: Citation(ethernet, "virtio_init_queue"), logs: "virtqueue does not exist",
        of: QueueDemand.dpdk),
      .queueSize(
        unlessPacked: true, at: Citation(ethernet, "virtio_init_queue"),
        logs: "split virtqueue size is not power of 2", of: QueueDemand.dpdk),
      .legacyQueues(at: Citation(ethernet, "virtio_init_queue")),
    ])

  private static let common = Choice(name: "common configuration", type: .common, isLast: true)
  private static let notify = Choice(name: "notify", type: .notify, isLast: true)
  private static let device = Choice(
    name: "device-specific configuration", type: .device, isLast: true)
  private static let isr = Choice(name: "ISR", type: .isr, isLast: true)
  private static let readCaps = Citation("drivers/net/virtio/virtio_pci.c", "virtio_read_caps")
  private static let ethernet = "drivers/net/virtio/virtio_ethdev.c"
}

extension Driver.Step {
  /// The driver does not look at the status bit of the list, so that one without it says nothing.
  fileprivate static func dpdkFound(_ choice: Choice) -> Self {
    Self(
      choice.type.description, effect: .leavesModern, on: .modern,
      "There is a \(choice.name) capability.", else: "there is no \(choice.name) capability",
      at: Driver.Citation("drivers/net/virtio/virtio_pci.c", "virtio_read_caps"),
      logs: "no modern virtio pci device found.", needs: .capabilities, choice
    ) { result, function in
      guard function.listEnd != .absent else { return .notRead }
      switch result {
      case .capability: return .passes
      case .none: return .fails()
      case .unknown: return function.listWasRead ? .notRead : .undecidable
      }
    }
  }

  /// The whole structure lies in a memory BAR, and its end does not wrap.
  fileprivate static func dpdkPlaced(_ key: String, _ choice: Choice) -> Self {
    structure(
      key + "-in-bar", effect: .leavesModern, choice,
      "The last \(choice.name) structure lies within a memory BAR.",
      else:
        "the last \(choice.name) structure, {1} bytes at {0x}, does not lie within a memory BAR",
      at: Driver.Citation("drivers/net/virtio/virtio_pci.c", "get_cfg_addr"),
      logs: "no modern virtio pci device found."
    ) { capability, usability, _ in
      guard let offset = capability.offset, let length = capability.length else { return .notRead }
      switch usability {
      case .unknown: return .notRead
      case .unusable: return .fails(at: capability.position, offset, length)
      case .usable(let bar):
        guard !bar.isIO, offset + length <= UInt64(UInt32.max) else {
          return .fails(at: capability.position, offset, length)
        }
        guard let size = bar.size else { return .notRead }
        return offset + length <= size ? .passes : .fails(at: capability.position, offset, length)
      }
    }
  }
}

extension QueueDemand {
  /// The pairs that the device names, and the control queue. The driver does not take RSS at first.
  fileprivate static func dpdk(_ function: Function) -> Self {
    guard let offered = function.offered else { return Self(least: 2, most: 3, isExact: false) }
    guard offered.contains(Feature.Net.ctrlVQ) else { return Self(2) }
    guard offered.contains(Feature.Net.mq) else { return Self(3) }
    guard let pairs = function.registers?.device?[Net.maxVirtqueuePairs] else {
      return Self(least: 3, most: 3, isExact: false)
    }
    return Self(2 * Int(pairs) + 1)
  }
}
