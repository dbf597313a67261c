import VirtioPCI

/// A driver of Linux for one device type, and what it reads of the configuration and of the queues.
///
/// A class, like a step: an entry of a table.
final class LinuxDevice: Sendable {
  let type: DeviceType
  /// Where it probes.
  let probe: Driver.Citation
  /// What it does without a device-specific configuration.
  let withoutConfig: Absence
  /// What it reads of it.
  let reads: [Read]
  /// How many queues it sets up.
  let queues: @Sendable (Function) -> QueueDemand

  /// What a driver does without a device-specific configuration.
  enum Absence: Sendable {
    /// It needs none.
    case isNoMatter
    /// It refuses the device, before or after it sets up the queues, and logs this.
    case isRefused(logs: String, late: Bool = false)
    /// The same, if one of these features is offered.
    case isRefusedWith(FeatureSet, logs: String)
    /// It calls a function that is not there, before or after it sets up the queues.
    case isFatal(late: Bool = false)
  }

  /// A field that the driver reads, if one of its features is offered.
  struct Read: Sendable {
    let end: UInt64
    let features: FeatureSet
    /// Whether the driver has set up its queues by then.
    let isLate: Bool

    static func early<Value, Access>(_ register: Register<Value, Access>) -> Self {
      Self(end: UInt64(register.end), features: register.features, isLate: false)
    }

    static func late<Value, Access>(_ register: Register<Value, Access>) -> Self {
      Self(end: UInt64(register.end), features: register.features, isLate: true)
    }

    static func bytes(_ register: ByteRegister, with features: FeatureSet = []) -> Self {
      Self(end: UInt64(register.end), features: features, isLate: false)
    }
  }

  init(
    _ type: DeviceType, _ file: String, _ probe: String, _ withoutConfig: Absence = .isNoMatter,
    reads: [Read] = [], queues: @escaping @Sendable (Function) -> QueueDemand
  ) {
    self.type = type
    self.probe = Driver.Citation(file, probe)
    self.withoutConfig = withoutConfig
    self.reads = reads
    self.queues = queues
  }

  convenience init(
    _ type: DeviceType, _ file: String, _ probe: String, _ withoutConfig: Absence = .isNoMatter,
    reads: [Read] = [], queues count: Int
  ) {
    self.init(type, file, probe, withoutConfig, reads: reads) { _ in QueueDemand(count) }
  }

  /// The one for devices of this type; nil when Linux has none.
  static func of(_ type: DeviceType) -> LinuxDevice? {
    all.first { $0.type == type }
  }

  /// The drivers of 7.2. Those of RTC, SPI and CAN are not in 6.12, nor is that of the Nitro module
  /// in 6.1.
  static let all: [LinuxDevice] = [
    LinuxDevice(
      .net, "drivers/net/virtio_net.c", "virtnet_validate",
      .isRefused(logs: "virtnet_validate failure: config access disabled"),
      reads: [
        .early(Net.mtu), .early(Net.maxVirtqueuePairs),
        .bytes(Net.mac, with: [Feature.Net.mac]), .early(Net.rssMaxIndirectionTableLength),
        .early(Net.rssMaxKeySize), .early(Net.supportedHashTypes), .late(Net.status),
        .late(Net.duplex),
      ]
    ) { .net(of: $0) },
    LinuxDevice(
      .blk, "drivers/block/virtio_blk.c", "virtblk_probe",
      .isRefused(logs: "virtblk_probe failure: config access disabled"),
      reads: [
        .early(Blk.numQueues), .late(Blk.segMax), .late(Blk.sizeMax), .late(Blk.blkSize),
        .late(Blk.topologyOptIOSize), .late(Blk.discardSectorAlignment),
        .late(Blk.maxWriteZeroesSectors), .late(Blk.secureEraseSectorAlignment),
        .late(Blk.zonedModel), .late(Blk.writeback), .late(Blk.capacity),
      ]
    ) { function in
      .upTo(function.linuxCount(Blk.numQueues, with: Feature.Blk.mq), after: 0)
    },
    LinuxDevice(
      .console, "drivers/char/virtio_console.c", "virtcons_probe",
      .isRefusedWith(
        [Feature.Console.size, Feature.Console.multiport],
        logs: "virtcons_probe failure: config access disabled"),
      reads: [.early(Console.maxNrPorts), .late(Console.rows)]
    ) { .console(of: $0) },
    LinuxDevice(.rng, "drivers/char/hw_random/virtio-rng.c", "probe_common", queues: 1),
    LinuxDevice(
      .balloon, "drivers/virtio/virtio_balloon.c", "virtballoon_probe",
      .isRefused(logs: "virtballoon_probe failure: config access disabled"),
      reads: [.late(Balloon.numPages)]
    ) {
      .base(
        2, of: $0, Feature.Balloon.statsVQ, Feature.Balloon.freePageHint,
        Feature.Balloon.pageReporting)
    },
    LinuxDevice(.rpmsg, "drivers/rpmsg/virtio_rpmsg_bus.c", "rpmsg_probe", queues: 2),
    LinuxDevice(
      .scsi, "drivers/scsi/virtio_scsi.c", "virtscsi_probe",
      .isRefused(logs: "virtscsi_probe failure: config access disabled"),
      reads: [
        .early(SCSI.numQueues), .early(SCSI.maxTarget), .late(SCSI.cdbSize), .late(SCSI.maxLUN),
      ]
    ) { .upTo($0.linuxConfig(SCSI.numQueues).map { max(1, Int($0)) }, after: 2) },
    LinuxDevice(
      .nineP, "net/9p/trans_virtio.c", "p9_virtio_probe",
      .isRefused(logs: "p9_virtio_probe failure: config access disabled"),
      reads: [.late(NineP.tagLen)], queues: 1),
    LinuxDevice(
      .gpu, "drivers/gpu/drm/virtio/virtgpu_kms.c", "virtio_gpu_init", .isFatal(late: true),
      reads: [.late(GPU.numCapsets)], queues: 2),
    LinuxDevice(.rtc, "drivers/virtio/virtio_rtc_driver.c", "viortc_probe") {
      .base(1, of: $0, Feature.RTC.alarm).atLeast(1)
    },
    LinuxDevice(
      .input, "drivers/virtio/virtio_input.c", "virtinput_probe", .isFatal(late: true),
      reads: [.late(Input.size)], queues: 2),
    LinuxDevice(
      .socket, "net/vmw_vsock/virtio_transport.c", "virtio_vsock_probe", .isFatal(late: true),
      reads: [.late(Socket.guestCID)], queues: 3),
    LinuxDevice(
      .crypto, "drivers/crypto/virtio/virtio_crypto_core.c", "virtcrypto_probe",
      .isRefused(logs: "virtcrypto_probe failure: config access disabled"),
      reads: [.early(Crypto.maxSize)]
    ) {
      .exactly($0.linuxConfig(Crypto.maxDataqueues).map { max(1, Int($0)) }, after: 1)
    },
    LinuxDevice(
      .iommu, "drivers/iommu/virtio-iommu.c", "viommu_probe", .isFatal(late: true),
      reads: [
        .late(IOMMU.pageSizeMask), .late(IOMMU.inputRangeEnd), .late(IOMMU.domainRangeEnd),
        .late(IOMMU.probeSize),
      ], queues: 2),
    LinuxDevice(
      .mem, "drivers/virtio/virtio_mem.c", "virtio_mem_init",
      .isRefused(logs: "config access disabled", late: true), reads: [.late(Mem.pluggedSize)],
      queues: 1),
    LinuxDevice(
      .sound, "sound/virtio/virtio_card.c", "virtsnd_validate",
      .isRefused(logs: "configuration access disabled"), reads: [.late(Sound.chmaps)], queues: 4),
    LinuxDevice(
      .fs, "fs/fuse/virtio_fs.c", "virtio_fs_probe", .isFatal(),
      reads: [.bytes(FS.tag), .early(FS.numRequestQueues)]
    ) {
      .upTo($0.linuxConfig(FS.numRequestQueues).map { Int($0) }, after: 1)
    },
    LinuxDevice(
      .pmem, "drivers/nvdimm/virtio_pmem.c", "virtio_pmem_probe",
      .isRefused(logs: "virtio_pmem_probe failure: config access disabled"), queues: 1),
    LinuxDevice(
      .mac80211Hwsim, "drivers/net/wireless/virtual/mac80211_hwsim_main.c",
      "hwsim_virtio_probe", queues: 2),
    LinuxDevice(
      .scmi, "drivers/firmware/arm_scmi/transports/virtio.c", "scmi_vio_probe"
    ) { .base(1, of: $0, Feature.SCMI.p2aChannels) },
    LinuxDevice(.nitroSecureModule, "drivers/misc/nsm.c", "nsm_device_probe", queues: 1),
    LinuxDevice(.i2c, "drivers/i2c/busses/i2c-virtio.c", "virtio_i2c_probe", queues: 1),
    LinuxDevice(
      .can, "drivers/net/can/virtio_can.c", "virtio_can_validate",
      .isRefused(logs: "virtio_can_validate failure: config access disabled"), queues: 3),
    LinuxDevice(
      .bluetooth, "drivers/bluetooth/virtio_bt.c", "virtbt_probe", .isFatal(),
      reads: [.early(Bluetooth.type)], queues: 2),
    LinuxDevice(
      .gpio, "drivers/gpio/gpio-virtio.c", "virtio_gpio_probe", .isFatal(),
      reads: [.early(GPIO.gpioNamesSize)]
    ) { .base(1, of: $0, Feature.GPIO.irq) },
    LinuxDevice(
      .spi, "drivers/spi/spi-virtio.c", "virtio_spi_probe", .isFatal(),
      reads: [.early(SPI.maxFreqHz)], queues: 1),
  ]
}

extension QueueDemand {
  /// `base`, and one for each of these features.
  static func base(_ base: Int, of function: Function, _ features: Feature...) -> Self {
    guard let offered = function.offered else {
      return Self(least: base, most: base + features.count, isExact: false)
    }
    return Self(base + features.count { offered.contains($0) })
  }

  /// The same, where a build may do without those of the features.
  func atLeast(_ least: Int) -> Self { Self(least: least, most: most, isExact: isExact) }

  /// `base` and `count` of them; 1 at least where that is not known.
  static func exactly(_ count: Int?, after base: Int) -> Self {
    count.map { Self($0 + base) } ?? Self(least: base + 1, most: base + 1, isExact: false)
  }

  /// `base`, and as many of `count` as there are processors.
  static func upTo(_ count: Int?, after base: Int) -> Self {
    Self(least: base + 1, most: base + max(1, count ?? 1), isExact: count != nil)
  }

  /// The pairs of a network device, and its control queue.
  static func net(of function: Function) -> Self {
    guard let offered = function.offered else { return Self(least: 2, most: 3, isExact: false) }
    guard offered.contains(Feature.Net.ctrlVQ) else { return Self(2) }
    guard !offered.isDisjoint(with: Function.pairFeatures) else { return Self(3) }
    guard let pairs = function.linuxConfig(Net.maxVirtqueuePairs) else {
      return Self(least: 3, most: 3, isExact: false)
    }
    return Self(2 * (1...0x8000 ~= pairs ? Int(pairs) : 1) + 1)
  }

  /// Two for each port of a console, and two to control several.
  static func console(of function: Function) -> Self {
    switch function.offers(Feature.Console.multiport) {
    case nil: return Self(least: 2, most: 4, isExact: false)
    case false?: return Self(2)
    case true?:
      guard let ports = function.linuxConfig(Console.maxNrPorts) else {
        return Self(least: 4, most: 4, isExact: false)
      }
      return Self(2 * (Int(ports) + 1))
    }
  }
}

extension Function {
  /// How many queues the driver sets up; nil when Linux has no driver for the type.
  var linuxQueueDemand: QueueDemand? { linuxType.flatMap(LinuxDevice.of)?.queues(self) }

  /// The number that a field says if the feature is offered, else 1; nil when that is not known.
  func linuxCount(_ register: Register<UInt16, ReadOnly>, with feature: Feature) -> Int? {
    switch offers(feature) {
    case nil: nil
    case false?: 1
    case true?: linuxConfig(register).map { Int($0) }
    }
  }
}
