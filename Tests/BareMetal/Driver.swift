import Synchronization
import VirtioPCI

/// A virtio function on bus 0.
struct Function {
  let config: MMIO
  let type: DeviceType

  /// Function 0 at a device number; nil when it is not a virtio function.
  init?(device: UInt) {
    config = MMIO(base: Machine.ecam + device << 15, count: ConfigHeader.extendedSize)
    guard let type = DeviceType(identity: Identity(from: config)) else { return nil }
    self.type = type
  }

  /// Gives each memory BAR an address from `next` on, and lets the function use memory.
  func assignBARs(from next: inout UInt) {
    config.store16(0, at: ConfigHeader.command)
    for index in 0..<BAR.count { setBAR(index, to: .max) }
    // What is left of all ones are the bits of an address that a BAR of its size can have.
    for bar in BARRegisters(from: config) {
      guard let mask = bar.address, !bar.isIO else { continue }
      let size = UInt(mask & (0 &- mask))
      next = (next + size - 1) & ~(size - 1)
      setBAR(bar.index, to: UInt32(next))
      if bar.is64Bit { setBAR(bar.index + 1, to: 0) }
      next += size
    }
    // Memory decoding, and access to memory of its own.
    config.store16(0x6, at: ConfigHeader.command)
  }

  private func setBAR(_ index: Int, to value: UInt32) {
    config.store32(value, at: ConfigHeader.bars + 4 * index)
  }
}

/// Resets a device and negotiates features with it (VIRTIO 1.4 §3.1.1); false when it wants others.
func negotiate(_ wanted: FeatureSet, with common: MMIO) -> Bool {
  CommonCfg.deviceStatus.store(DeviceStatus(rawValue: 0), to: common)
  while CommonCfg.deviceStatus.load(from: common).rawValue != 0 {}
  CommonCfg.deviceStatus.update(in: common) { $0.insert(.acknowledge) }
  CommonCfg.deviceStatus.update(in: common) { $0.insert(.driver) }
  let offered = CommonCfg.deviceFeatures(in: common)
  CommonCfg.setDriverFeatures(offered.intersection(wanted), in: common)
  return CommonCfg.confirmFeatures(in: common)
}

/// A split virtqueue with one descriptor in use, in memory at `base` (VIRTIO 1.4 §2.7).
struct Queue {
  static let size = 8

  let descriptors: MMIO
  let available: MMIO
  let used: MMIO
  let buffer: MMIO

  init(at base: UInt) {
    descriptors = MMIO(base: base, count: 16 * Self.size)
    available = MMIO(base: base + 0x100, count: 6 + 2 * Self.size)
    used = MMIO(base: base + 0x200, count: 6 + 8 * Self.size)
    buffer = MMIO(base: base + 0x1000, count: 64)
  }

  /// Hands the queue to the device; nil when it has none of this index, else where its doorbell is.
  func enable(_ index: UInt16, in common: MMIO) -> UInt16? {
    available.store32(0, at: 0)
    used.store32(0, at: 0)
    CommonCfg.queueSelect.store(index, to: common)
    guard CommonCfg.queueSize.load(from: common) >= Self.size else { return nil }
    CommonCfg.queueSize.store(UInt16(Self.size), to: common)
    CommonCfg.queueDesc.store(UInt64(descriptors.base), to: common)
    CommonCfg.queueDriver.store(UInt64(available.base), to: common)
    CommonCfg.queueDevice.store(UInt64(used.base), to: common)
    CommonCfg.queueEnable.store(1, to: common)
    return CommonCfg.queueNotifyOff.load(from: common)
  }

  /// Makes the buffer available for the device to write.
  func offerBuffer() {
    descriptors.store(UInt64(buffer.base), at: 0)
    descriptors.store32(UInt32(buffer.count), at: 8)
    descriptors.store32(0x2, at: 12)
    available.store16(0, at: 4)
    atomicMemoryFence(ordering: .sequentiallyConsistent)
    available.store16(1, at: 2)
    atomicMemoryFence(ordering: .sequentiallyConsistent)
  }

  /// How many bytes the device wrote; nil when it does not answer.
  func waitForBuffer() -> UInt32? {
    for _ in 0..<100_000_000 where used.load16(at: 2) == 1 {
      atomicMemoryFence(ordering: .sequentiallyConsistent)
      return used.load32(at: 8)
    }
    return nil
  }
}

/// Prints bytes of an entropy device.
func readEntropy(from structures: LocatedStructures, _ common: MMIO) {
  let queue = Queue(at: Machine.queue)
  guard let notify = structures.notify, let doorbells = MMIO(notify),
    let notifyOff = queue.enable(0, in: common),
    let doorbell = notify.data.doorbell(notifyOff: notifyOff, width: 2)
  else { return Machine.print("no queue\n") }
  CommonCfg.deviceStatus.update(in: common) { $0.insert(.driverOK) }
  queue.offerBuffer()
  doorbells.store16(0, at: Int(doorbell))
  guard let count = queue.waitForBuffer() else { return Machine.print("no answer\n") }
  Machine.print("rng: ")
  Machine.print(hex: UInt64(count))
  Machine.print(" bytes, ")
  Machine.print(hex: queue.buffer.load(at: 0))
  Machine.print("\n")
}

/// Prints the capacity of a block device.
func readCapacity(from structures: LocatedStructures, _ common: MMIO) {
  guard let device = MMIO(structures.device, least: Blk.capacity.end),
    let sectors = try? CommonCfg.whileUnchanged(
      in: common, read: { Blk.capacity.load(from: device) })
  else { return Machine.print("no capacity\n") }
  Machine.print("blk: ")
  Machine.print(hex: sectors)
  Machine.print(" sectors\n")
}

/// Where the start-up code jumps to.
@c(driver_main) func driverMain() {
  var next = Machine.memory
  // A literal, [.version1], would be an array first.
  var wanted = FeatureSet()
  wanted.insert(.version1)
  for device: UInt in 0..<32 {
    guard let function = Function(device: device) else { continue }
    function.assignBARs(from: &next)
    let structures = LocatedStructures(from: function.config)
    guard let common = MMIO(structures.common, least: CommonCfg.leastSize),
      negotiate(wanted, with: common)
    else { continue }
    switch function.type {
    case .rng: readEntropy(from: structures, common)
    case .blk: readCapacity(from: structures, common)
    default: break
    }
  }
  Machine.print("done\n")
}
