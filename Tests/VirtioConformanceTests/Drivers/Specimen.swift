import TestSupport
import VirtioConformance
import VirtioPCI

/// A function in front of a driver: everything was read, nothing has started it, and nothing is
/// wrong with it. It is there to be damaged.
struct Specimen {
  var type: DeviceType
  var vendor: UInt16 = 0x1AF4
  var device: UInt16
  var revision: UInt8 = 1
  var subsystem: UInt16 = 0x1100
  var classCode: UInt32 = 0xFFFF00
  var headerType: UInt8 = 0
  var pin: UInt8 = 1
  var bars: [Int: BAR] = [
    4: Self.memory(4, at: 0xE000_0000, size: 0x4000),
    1: Self.memory(1, at: 0xE001_0000, size: 0x1000),
  ]
  /// The BARs that the kernel does not know.
  var unknownBARs: Set<Int> = []
  /// By their places; from 0x40 and from 0xCC on there is room.
  var capabilities: [Int: RawCapability] = [
    Self.common: .common(bar: 4, length: 64),
    Self.isr: .virtio(3, bar: 4, offset: 0x1000, length: 1),
    Self.config: .virtio(4, bar: 4, offset: 0x2000), Self.notify: Self.doorbells(),
    Self.window: .window(), Self.msix: .msix(vectors: 16, table: 1, pending: 0x801),
  ]
  var offered: Set<Int>
  var numQueues = 8
  var queues: [QueueState]
  var status: UInt8 = 0
  var adminQueues: UInt16 = 1
  var deviceConfig: [UInt8]
  /// What is changed in the end.
  var edit: (inout Function) -> Void = { _ in }

  static let common = 0x50
  static let isr = 0x60
  static let config = 0x70
  static let notify = 0x80
  static let window = 0x94
  static let msix = 0xA8
  static let region = 0xB4
  static let last = 0xCC

  init(_ type: DeviceType) {
    self.type = type
    let healthy = HealthyFunction(type)
    device = 0x1040 + type.rawValue
    offered = healthy.offered
    deviceConfig = healthy.deviceConfig
    queues = (0..<9).map { Self.queue($0) }
    set("capacity", 2048)
    let regions: [DeviceType: UInt8] = [.fs: 0, .gpu: 1, .pmem: 0]
    guard let id = regions[type] else { return }
    bars[2] = Self.memory(2, at: 0xE020_0000, size: 0x40_0000)
    capabilities[Self.region] = .sharedMemory(bar: 2, id: id, offset: 0, length: 0x20_0000)
  }

  /// The same with a legacy interface beside the modern one.
  static func transitional(_ type: DeviceType, id: UInt16) -> Self {
    var specimen = Self(type)
    specimen.device = id
    specimen.revision = 0
    specimen.subsystem = type.rawValue
    specimen.bars[0] = BAR(index: 0, space: .io, address: 0xC000, size: 0x40)
    return specimen
  }

  /// The same with nothing but the legacy interface.
  static func legacy(_ type: DeviceType, id: UInt16) -> Self {
    var specimen = transitional(type, id: id)
    specimen.bars[4] = nil
    specimen.capabilities = specimen.capabilities.filter { $0.key == msix }
    return specimen
  }

  static func memory(_ index: Int, at address: UInt64?, size: UInt64) -> BAR {
    BAR(
      index: index, space: .memory(width: 32, prefetchable: false), address: address, size: size)
  }

  static func queue(_ index: Int, size: UInt16 = 128) -> QueueState {
    QueueState(index: UInt16(index), size: size, notifyOff: UInt16(index))
  }

  static func doorbells(
    bar: UInt8 = 4, offset: UInt32 = 0x3000, length: UInt32 = 0x1000, multiplier: UInt8 = 4,
    capLen: UInt8? = nil
  ) -> RawCapability {
    .virtio(
      2, bar: bar, offset: offset, length: length, tail: [multiplier, 0, 0, 0], capLen: capLen)
  }

  /// Writes a number into a field of the device-specific configuration.
  mutating func set(_ name: String, _ value: UInt64) {
    guard let field = type.configFields.first(where: { $0.name == name }) else { return }
    for index in 0..<min(field.size, 8) {
      deviceConfig[field.offset + index] = UInt8(truncatingIfNeeded: value >> UInt64(8 * index))
    }
  }

  mutating func remove(_ feature: Feature) { offered.remove(feature.bit) }

  /// Makes a loop of the list, from its last capability to the common one.
  mutating func makeLoop() { loop = UInt8(Self.common) }

  private var loop: UInt8?

  /// It as it was read.
  func function() throws -> Function {
    var config = ConfigSpace(
      vendor: vendor, device: device, revision: revision, classCode: classCode,
      subsystem: subsystem)
    for (position, capability) in capabilities.sorted(by: { $0.key < $1.key }) {
      config = config.adding(capability, at: position)
    }
    if let loop { config = config.pointing(at: loop) }
    let bars = bars.values.sorted { $0.index < $1.index }
    var function = try Function(config, bars: bars, complete: true)
    function.type = type
    function.headerType = headerType
    function.interruptPin = pin
    function.kernel.irq = pin == 0 ? 0 : 11
    function.kernel.bars = Function.BARPlacement(bars.filter { !unknownBARs.contains($0.index) })
    // A legacy function has none of these registers.
    if !capabilities.keys.contains(where: { $0 != Self.msix }) {
      edit(&function)
      return function
    }
    var registers = Function.Registers(path: .bar, common: try commonValues(), commonLength: 64)
    registers.offered = FeatureSet(bits: offered)
    registers.queues = queues
    registers.queuesAreComplete = true
    if !type.configFields.isEmpty {
      let bytes = deviceConfig
      registers.device = try DeviceConfig(
        of: type, from: bytes.span, offered: FeatureSet(bits: offered), negotiated: [],
        status: DeviceStatus(rawValue: status))
    }
    function.registers = registers
    edit(&function)
    return function
  }

  private func commonValues() throws -> CommonValues {
    var bytes = [UInt8](repeating: 0, count: 64)
    bytes[CommonCfg.numQueues.offset] = UInt8(truncatingIfNeeded: numQueues)
    bytes[CommonCfg.deviceStatus.offset] = status
    bytes[CommonCfg.adminQueueIndex.offset] = 8
    bytes[CommonCfg.adminQueueNum.offset] = UInt8(truncatingIfNeeded: adminQueues)
    // What is selected is one of the queues.
    let selected = queues.first
    bytes[CommonCfg.queueSize.offset] = UInt8(truncatingIfNeeded: selected?.size ?? 0)
    bytes[CommonCfg.queueSize.offset + 1] = UInt8((selected?.size ?? 0) >> 8)
    bytes[CommonCfg.queueEnable.offset] = selected?.isEnabled == true ? 1 : 0
    bytes[CommonCfg.queueNotifyOff.offset + 1] = UInt8((selected?.notifyOff ?? 0) >> 8)
    bytes[CommonCfg.queueNotifyOff.offset] = UInt8(
      truncatingIfNeeded: selected?.notifyOff ?? 0)
    let copy = bytes
    var values = try CommonValues(from: copy.span)
    try values.loadOptional(from: copy.span, with: FeatureSet(bits: offered))
    return values
  }
}
