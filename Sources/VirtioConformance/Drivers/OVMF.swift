import VirtioPCI

extension Driver {
  /// The two drivers of OVMF: Virtio10Dxe for the modern interface, and VirtioPciDeviceDxe for
  /// transitional and legacy functions, with the drivers of the device types.
  public static let ovmf = Driver(
    "ovmf", "OVMF", for: "Every function with the vendor ID 0x1af4.",
    source: Source("edk2", "Debian's edk2 2022.11", heldAgainst: "2022.11"),
    where: { $0.identity.isVirtio },
    [
      .modernID(
        at: supported,
        "The device ID is 0x1040 to 0x107f; a transitional function is driven as a legacy one."),
      Step(
        "header-type", on: .modern, "The header type is 0.", else: "the header type is {0x}",
        at: Citation("MdeModulePkg/Bus/Pci/PciBusDxe/PciEnumeratorSupport.c", "GatherDeviceInfo"),
        needs: .header
      ) { function in
        .require(function.headerType.map { $0 == 0 }, UInt64(function.headerType ?? 0))
      },
      Step(
        "revision", on: .modern, "The revision of a modern function is 1 or higher.",
        else: "the revision is {0}", at: supported, needs: []
      ) { .require($0.identity.revision >= 1, UInt64($0.identity.revision)) },
      Step(
        "subsystem", on: .modern, "The subsystem ID of a modern function is 0x40 or higher.",
        else: "the subsystem ID is {0x}, below 0x40", at: supported, needs: []
      ) { .require($0.identity.subsystemID >= 0x40, UInt64($0.identity.subsystemID)) },
      Step(
        "vga", on: .modern, of: .gpu, "The GPU is not of the VGA class, which another driver has.",
        else: "the GPU is of class {0x}: QemuVideoDxe drives it", at: supported, needs: []
      ) { function in
        let classCode = function.identity.classCode >> 8
        return .require(classCode != 0x0300, UInt64(classCode))
      },
      .listEnds([], at: parse),
      Step(
        "bars", on: .modern,
        "The BAR of every common, notify and device capability of 16 bytes exists.",
        else: "a capability names BAR {0}, which does not exist", at: parse,
        needs: [.capabilities, .bars]
      ) { function in
        var answer = Answer.passes
        for capability in function.seen where capability.capLen >= 16 {
          switch capability.type {
          case .common, .notify, .device: break
          default: continue
          }
          guard let bar = capability.bar else { return .notRead }
          switch function.usability(of: bar) {
          case .usable: continue
          case .unusable: return .fails(at: capability.position, UInt64(bar))
          case .unknown: answer = .notRead
          }
        }
        return function.listWasRead ? answer : .undecidable
      },
      .driver(
        for: types,
        at: Citation("OvmfPkg/VirtioBlkDxe/VirtioBlk.c", "VirtioBlkDriverBindingSupported")),
      .present("common", common, at: transfer),
      .length("common-length", common, atLeast: 56, at: transfer),
      .aligned("common-aligned", common, to: 4, at: transfer),
      .inBAR("common-in-bar", common, first: 56, at: transfer),
      .legacyRevision(
        at: Citation(
          "OvmfPkg/VirtioPciDeviceDxe/VirtioPciDevice.c", "VirtioPciDeviceBindingSupported")),
      .legacyBAR(
        isIO: true,
        at: Citation("OvmfPkg/VirtioPciDeviceDxe/VirtioPciDevice.c", "VirtioPciInit")),
      .legacySubsystem(
        types, at: Citation("OvmfPkg/VirtioPciDeviceDxe/VirtioPciDevice.c", "VirtioPciInit")),
      Step(
        "legacy-type", on: .legacy, "The device type has a legacy interface.",
        else: "the driver of device type {0} wants VIRTIO_F_VERSION_1",
        at: Citation("OvmfPkg/VirtioGpuDxe/Commands.c", "VirtioGpuInit"), needs: []
      ) { function in
        .require(
          function.type != .gpu && function.type != .fs, UInt64(function.type?.rawValue ?? 0))
      },
      Step(
        "version-1", on: .modern, "A GPU or a file system offers VIRTIO_F_VERSION_1.",
        else: "VIRTIO_F_VERSION_1 is not offered",
        at: Citation("OvmfPkg/VirtioGpuDxe/Commands.c", "VirtioGpuInit"), needs: .offered
      ) { function in
        guard function.type == .gpu || function.type == .fs else { return .passes }
        return .require(function.offers(.version1))
      },
      .ovmfDevice("device", "The device has its configuration.", else: "there is none") { _, _ in
        .passes
      },
      .ovmfDevice(
        "device-aligned", "The offset of the device-specific configuration is a multiple of 4.",
        else: "the offset {0x} of the device-specific configuration is not a multiple of 4"
      ) { capability, _ in
        guard let offset = capability.offset else { return .notRead }
        return offset % 4 == 0 ? .passes : .fails(at: capability.position, offset)
      },
      .ovmfDevice(
        "device-length", "The device-specific configuration has at least 8 bytes.",
        else: "the device-specific configuration has {0} bytes"
      ) { capability, _ in
        guard let length = capability.length else { return .notRead }
        return length >= 8 ? .passes : .fails(at: capability.position, length)
      },
      Step(
        "blk-capacity", on: .modern, of: .blk, "The capacity is not 0.", else: "the capacity is 0",
        at: initBlock, needs: .deviceConfig
      ) { .require($0.registers?.device?[Blk.capacity].map { $0 > 0 }) },
      Step(
        "blk-block-size", on: .modern, of: .blk, "The block size is a multiple of 512, and not 0.",
        else: "the block size is {0}", at: initBlock, needs: [.deviceConfig, .offered]
      ) { function in
        let size = function.registers?.device?[Blk.blkSize]
        return .require(
          size.map { $0 != 0 && $0 % 512 == 0 }, of: function, Feature.Blk.blkSize
        ) { UInt64(size ?? 0) }
      },
      Step(
        "net-mac", on: .modern, of: .net, "VIRTIO_NET_F_MAC is offered.",
        else: "VIRTIO_NET_F_MAC is not offered",
        at: Citation("OvmfPkg/VirtioNetDxe/DriverBinding.c", "VirtioNetGetFeatures"),
        needs: .offered
      ) { .require($0.offers(Feature.Net.mac)) },
      .featuresOK(at: Citation("OvmfPkg/Library/VirtioLib/VirtioLib.c", "Virtio10WriteFeatures")),
      .queues(
        "queue-size", "The queue holds a request: 3 descriptors of a disk, 4 of SCSI, else 1 or 2.",
        else: "queue {0} has size {1}; at least {2} is needed", at: initBlock, of: ovmfQueues
      ) { queue, function in
        let least: UInt16 =
          switch function.type {
          case .blk?: 3
          case .scsi?: queue.index == 2 ? 4 : 0
          case .rng?: 1
          default: 2
          }
        return queue.size >= least
          ? .passes : .fails(at: nil, UInt64(queue.index), UInt64(queue.size), UInt64(least))
      },
      .present("notify", notify, at: notifies),
      .queues(
        "queue-doorbell",
        "The doorbell of a queue lies in the notify structure and in its BAR, at an even offset.",
        else: "every request fails: the doorbell of queue {0}, at {1x} of a notify structure of {2}"
          + " bytes, is odd, or beyond it or its BAR", at: notifies, of: ovmfQueues
      ) { queue, function in
        switch notify.result(in: function) {
        case .none: return .passes
        case .unknown: return .notRead
        case .capability(let capability, let usability):
          guard let offset = capability.offset, let length = capability.length,
            let multiplier = capability.multiplier, case .usable(let bar) = usability,
            let size = bar.size
          else { return .notRead }
          let start = UInt64(queue.notifyOff) * multiplier & 0xFFFF_FFFF
          let isThere = start + 2 <= length && offset + start + 2 <= size
          guard !isThere || (offset + start) % 2 != 0 else { return .passes }
          return .fails(at: capability.position, UInt64(queue.index), start, length)
        }
      },
      .legacyQueues(at: initBlock),
    ])

  @Sendable private static func ovmfQueues(_ function: Function) -> QueueDemand {
    switch function.type {
    case .net?, .gpu?, .fs?: QueueDemand(2)
    case .scsi?: QueueDemand(3)
    default: QueueDemand(1)
    }
  }

  private static let types: Set<DeviceType> = [.net, .blk, .rng, .scsi, .gpu, .fs]
  private static let common = Choice(
    name: "common configuration", type: .common, isLast: true, leastCapLen: 16)
  private static let notify = Choice(
    name: "notify", type: .notify, isLast: true, leastCapLen: 20)
  fileprivate static let device = Choice(
    name: "device-specific configuration", type: .device, isLast: true, leastCapLen: 16)
  private static let supported = Citation(
    "OvmfPkg/Virtio10Dxe/Virtio10.c", "Virtio10BindingSupported")
  private static let parse = Citation("OvmfPkg/Virtio10Dxe/Virtio10.c", "ParseCapabilities")
  private static let transfer = Citation("OvmfPkg/Virtio10Dxe/Virtio10.c", "Virtio10Transfer")
  private static let notifies = Citation(
    "OvmfPkg/Virtio10Dxe/Virtio10.c", "Virtio10SetQueueNotify")
  private static let initBlock = Citation("OvmfPkg/VirtioBlkDxe/VirtioBlk.c", "VirtioBlkInit")
}

extension Driver.Step {
  /// Something of the configuration of a device type whose driver reads it.
  fileprivate static func ovmfDevice(
    _ key: String, _ demand: String, else failure: String,
    _ judge: @escaping @Sendable (SeenCapability, Usability) -> Driver.Answer
  ) -> Self {
    Self(
      key, on: .modern, demand,
      else: key == "device" ? "there is no device-specific configuration capability" : failure,
      at: Driver.Citation("OvmfPkg/Virtio10Dxe/Virtio10.c", "Virtio10Transfer"),
      needs: [.capabilities, .bars], Driver.device
    ) { result, function in
      guard let type = function.type, [.blk, .net, .scsi, .fs].contains(type) else {
        return .passes
      }
      switch result {
      case .none: return key == "device" ? .fails() : .passes
      case .unknown: return .notRead
      case .capability(let capability, let usability): return judge(capability, usability)
      }
    }
  }
}
