import TestSupport
import VirtioConformance
import VirtioPCI

/// A function in which everything was read and nothing is wrong, to be damaged.
struct HealthyFunction {
  var type: DeviceType
  var device: UInt16?
  var revision: UInt8 = 1
  var subsystem: UInt16 = 0x1100
  var classCode: UInt32 = 0xFFFF00
  var bars = [
    BAR(
      index: 0, space: .memory(width: 64, prefetchable: false), address: 0x40_0000_0000,
      size: 0x8_0000)
  ]
  /// By their positions.
  var capabilities: [Int: RawCapability] = [
    0x40: .common(length: 64), 0x50: .isr(offset: 0x2000), 0x60: .device(offset: 0x4000),
    0x70: .notify(offset: 0x6000, multiplier: 4), 0x84: .window(),
    0x98: .msix(vectors: 4, table: 0x8000, pending: 0x4_8000).enabled,
  ]
  var offered: Set<Int>
  var negotiated: Set<Int>
  var status: UInt8 = 0x0F
  /// What is written over the registers of the common configuration.
  var common: [Int: [UInt8]] = [:]
  var queueCount = 8
  /// What is written over the registers of queue 1.
  var queue: [Int: [UInt8]] = [:]
  var deviceConfig: [UInt8]
  /// What is changed in the end.
  var edit: (inout Function) -> Void = { _ in }

  init(_ type: DeviceType) {
    self.type = type
    let own = type.features.filter { !$0.isLegacyOnly && $0 != Feature.IOMMU.bypass }
    let generic = Feature.generic.filter { !$0.isLegacyOnly }
    offered = Set((own + generic).map(\.bit))
    negotiated = offered
    deviceConfig = Array(repeating: 0, count: type.configFields.map(\.end).max() ?? 0)
    for (name, value) in Self.values[type] ?? [:] { set(name, value) }
    if type == .gpu { classCode = 0x038000 }
    if let id = Self.regions[type] {
      capabilities[0xA4] = .sharedMemory(id: id, offset: 0x5_0000, length: 0x1000)
    }
  }

  /// Fields that may not be 0.
  private static let values: [DeviceType: [String: UInt64]] = [
    .net: [
      "mac": 2, "max_virtqueue_pairs": 1, "mtu": 1500, "speed": 0xFFFF_FFFF, "duplex": 0xFF,
      "rss_max_key_size": 40, "rss_max_indirection_table_length": 128,
    ],
    .blk: [
      "size_max": 4096, "seg_max": 128, "blk_size": 512, "num_queues": 1,
      "max_discard_sectors": 1, "max_discard_seg": 1, "max_write_zeroes_sectors": 1,
      "max_write_zeroes_seg": 1, "max_secure_erase_sectors": 1, "max_secure_erase_seg": 1,
      "secure_erase_sector_alignment": 8, "zoned.zone_sectors": 8, "zoned.model": 2,
      "zoned.write_granularity": 4096,
    ],
    .console: ["max_nr_ports": 1],
    .scsi: ["num_queues": 1, "sense_size": 96, "cdb_size": 32, "max_target": 255],
    .gpu: ["num_scanouts": 1, "blob_alignment": 1],
    .crypto: [
      "max_dataqueues": 1, "crypto_services": 1, "cipher_algo_l": 2, "max_cipher_key_len": 16,
      "max_size": 1,
    ],
    .socket: ["guest_cid": 3],
    .fs: ["tag": 0x61, "num_request_queues": 1, "notify_buf_size": 16],
    .iommu: ["page_size_mask": 0x1000, "probe_size": 1],
    .mem: ["block_size": 0x20_0000, "region_size": 0x4000_0000],
    .gpio: ["ngpio": 4, "gpio_names_size": 4],
    .spi: ["mode_func_supported": 5],
    .media: ["card": 0x61],
  ]

  private static let regions: [DeviceType: UInt8] = [
    .gpu: 1, .fs: 0, .pmem: 0, .scmi: 1, .media: 0,
  ]

  /// The registers of a queue that does not exist.
  private static let absentQueue: [Int: [UInt8]] = [
    CommonCfg.queueSize.offset: [0, 0], CommonCfg.queueEnable.offset: [0, 0],
  ]

  /// Writes a number into a field of the device-specific configuration.
  mutating func set(_ name: String, _ value: UInt64) {
    guard let field = type.configFields.first(where: { $0.name == name }) else { return }
    for index in 0..<min(field.size, 8) {
      deviceConfig[field.offset + index] = UInt8(truncatingIfNeeded: value >> UInt64(8 * index))
    }
  }

  mutating func remove(_ feature: Feature) { remove(feature.bit) }

  mutating func remove(_ bit: Int) {
    offered.remove(bit)
    negotiated.remove(bit)
  }

  /// It as rules see it.
  func state() throws -> Function {
    var config = ConfigSpace(
      device: device ?? 0x1040 + type.rawValue, revision: revision, classCode: classCode,
      subsystem: subsystem)
    for (position, capability) in capabilities.sorted(by: { $0.key < $1.key }) {
      config = config.adding(capability, at: position)
    }
    var state = try Function(config, bars: bars, complete: true)
    state.type = type
    state.extendedCapabilities = [ExtendedCapability(position: 0x100, id: SRIOV.id)]
    state.extendedListWasRead = true
    state.kernel = Function.Kernel(
      driver: "virtio-pci",
      virtio: Function.VirtioDevice(
        name: "virtio0", driver: "virtio", status: DeviceStatus(rawValue: status),
        features: FeatureSet(bits: negotiated)))
    var registers = Function.Registers(path: .bar, common: try values([:]), commonLength: 64)
    registers.offered = FeatureSet(bits: offered)
    // The one beyond those of administration is not there.
    registers.queues = try (Array(0..<queueCount) + [10]).compactMap { index in
      var registers = index == 1 ? queue : index == 10 ? Self.absentQueue : [:]
      registers[CommonCfg.queueSelect.offset] = [UInt8(index), 0]
      return QueueState(try values(registers))
    }
    registers.queuesAreComplete = true
    let bytes = deviceConfig
    if !type.configFields.isEmpty {
      registers.device = try DeviceConfig(
        of: type, from: bytes.span, offered: FeatureSet(bits: offered),
        negotiated: FeatureSet(bits: negotiated), status: DeviceStatus(rawValue: status))
    }
    state.registers = registers
    edit(&state)
    return state
  }

  private func values(_ registers: [Int: [UInt8]]) throws -> CommonValues {
    var bytes: [UInt8] = Array(repeating: 0, count: 64)
    let firstFeatures = (0..<4).map { byte in
      (0..<8).reduce(0 as UInt8) { $0 | (negotiated.contains(8 * byte + $1) ? 1 << $1 : 0) }
    }
    let usual: [Int: [UInt8]] = [
      CommonCfg.driverFeature.offset: firstFeatures,
      CommonCfg.numQueues.offset: [8, 0], CommonCfg.deviceStatus.offset: [status],
      CommonCfg.queueSize.offset: [0, 1], CommonCfg.queueEnable.offset: [1, 0],
      CommonCfg.queueNotifyOff.offset: [1, 0], CommonCfg.queueDesc.offset: [0, 0x10],
      CommonCfg.queueDriver.offset: [0, 0x20], CommonCfg.queueDevice.offset: [0, 0x30],
      CommonCfg.adminQueueIndex.offset: [8, 0], CommonCfg.adminQueueNum.offset: [1, 0],
    ]
    for (offset, new) in usual.merging(common, uniquingKeysWith: { $1 })
      .merging(registers, uniquingKeysWith: { $1 })
    {
      bytes.replaceSubrange(offset..<offset + new.count, with: new)
    }
    let copy = bytes
    var values = try CommonValues(from: copy.span)
    try values.loadOptional(from: copy.span, with: FeatureSet(bits: offered))
    return values
  }
}

extension Function {
  /// Exchanges its registers for those of something that answers zeros.
  mutating func readZeros() {
    let zeros = [UInt8](repeating: 0, count: 64)
    guard let values = try? CommonValues(from: zeros.span) else { return }
    registers = Registers(path: .bar, common: values, commonLength: zeros.count)
  }
}

extension RawCapability {
  /// MSI-X with its enable bit set.
  fileprivate var enabled: RawCapability {
    var copy = self
    copy.bytes[3] |= 0x80
    return copy
  }
}

extension Function {
  /// What decoding knows of the function with these bytes.
  init(_ config: ConfigSpace, bars: [BAR], complete: Bool) throws {
    let bytes = config.bytes
    let identity = try Identity(from: bytes.span)
    self.init(identity: identity)
    command = Command(rawValue: try bytes.span.load(at: 4))
    configSize = bytes.count
    implementedBARs = bars
    barsAreComplete = complete
    var list = try CapabilityList(from: bytes.span)
    while var entry = try list.next(in: bytes.span) {
      if entry.id == .msix { entry.msix = try? MSIX(entry, from: bytes.span) }
      pciCapabilities.append(entry)
      if entry.id == .vendorSpecific,
        let capability = Capability(
          position: entry.position, bytes: Array(bytes[Int(entry.position)...]))
      {
        capabilities.append(capability)
      }
    }
    listEnd = list.end
  }
}
