public import VirtioPCI

/// A virtio function in memory: registers that answer to selectors, an ISR status that a read
/// clears, doorbells, and the window in config space. It notes whatever it may not be asked.
public final class FakeDevice {
  /// Where the structures are in BAR 0.
  public enum Place {
    public static let common = 0x000
    public static let isr = 0x100
    public static let device = 0x200
    public static let notify = 0x300
    public static let size = 0x400
    /// Of the window's capability, in config space.
    public static let window = 0x84
  }

  /// All that a driver could tell apart.
  public struct State: Hashable {
    public var deviceFeatureSelect: UInt32 = 1
    public var deviceFeatures: [UInt32] = [0x3001_0021, 0x0000_0101, 0x0000_0042, 0]
    public var driverFeatureSelect: UInt32 = 3
    public var driverFeatures: [UInt32] = [0x2000_0020, 0x0000_0001, 0, 0]
    public var status: UInt8 = 0x0F
    public var generation: UInt8 = 7
    public var queueSelect: UInt16 = 1
    /// Size, vector, enable and notify offset, then three addresses.
    public var queues: [[UInt64]] = (0..<3).map { index in
      [256, index, 1, index * 2, 0x1_0000_1000 + index, 0x2_0000_2000 + index, 0x3_0000_3000]
    }
    public var isr: UInt8 = 3
    public var doorbells: [UInt16] = []
    public var config: [UInt8] = [0x52, 0x54, 0x00, 0x12, 0x34, 0x56, 1, 0, 2, 0, 0xDC, 5]
    /// What the window shows: BAR, offset, length.
    public var window: [UInt32] = [3, 0x1234_5678, 0xFFFF_FFFF]

    public init() {}
  }

  public var state = State()
  /// What was asked of the BAR that neither a read without side effects nor a probe may ask.
  public private(set) var offences: [String] = []
  /// Every access of the BAR.
  public private(set) var accesses: [RecordingSource.Access] = []
  /// How many accesses of the BAR are answered before one fails; the next are answered again.
  public var failsAfter = Int.max
  /// Steps `generation` at each read of the device configuration.
  public var isRestless = false
  /// Reads all ones from now on.
  public var isGone = false
  public var configSpace: [UInt8]

  /// It failed when it was told to.
  public struct Failure: Error, Hashable {
    public init() {}
  }

  public init(commonLength: UInt32 = 64, type: UInt16 = 1) {
    configSpace =
      ConfigSpace(device: 0x1040 + type)
      .adding(.common(offset: UInt32(Place.common), length: commonLength), at: 0x40)
      .adding(.isr(offset: UInt32(Place.isr)), at: 0x50)
      .adding(.virtio(4, offset: UInt32(Place.device), length: 0x100), at: 0x60)
      .adding(
        .virtio(2, offset: UInt32(Place.notify), length: 0x100, tail: [4, 0, 0, 0]), at: 0x70
      )
      .adding(.window(), at: Place.window)
      .adding(.sharedMemory(id: 2, offset: 0, length: 0x1000), at: 0x98)
      .bytes
  }

  /// BAR 0, as sysfs would describe it.
  public static let bar = BAR(
    index: 0, space: .memory(width: 64, prefetchable: false), address: 0x40_0000_0000,
    size: UInt64(Place.size))

  // MARK: The BAR

  public func load(at offset: Int, width: Int) throws(Failure) -> UInt32 {
    try note(offset, width)
    guard !isGone else { return .max }
    switch offset {
    case Place.common..<Place.common + 64: return value(in: common, at: offset, width)
    case Place.device..<Place.device + 0x100:
      if isRestless { state.generation &+= 1 }
      return value(in: state.config, at: offset - Place.device, width)
    case Place.isr:
      offences.append("ISR read")
      defer { state.isr = 0 }
      return UInt32(state.isr)
    default:
      offences.append("read of \(width) at \(offset)")
      return 0
    }
  }

  public func store(_ value: UInt32, at offset: Int, width: Int) throws(Failure) {
    try note(offset, width)
    switch (offset, width) {
    case (CommonCfg.deviceFeatureSelect.offset, 4): state.deviceFeatureSelect = value
    case (CommonCfg.driverFeatureSelect.offset, 4): state.driverFeatureSelect = value
    case (CommonCfg.queueSelect.offset, 2): state.queueSelect = UInt16(truncatingIfNeeded: value)
    case (Place.notify..., 2): state.doorbells.append(UInt16(truncatingIfNeeded: value))
    default: offences.append("write of \(width) at \(offset)")
    }
  }

  private func note(_ offset: Int, _ width: Int) throws(Failure) {
    accesses.append(.init(offset, width))
    failsAfter -= 1
    if failsAfter == -1 { throw Failure() }
  }

  /// Bytes that are not there read as ones, which no test expects.
  private func value(in bytes: [UInt8], at offset: Int, _ width: Int) -> UInt32 {
    (0..<width).reversed().reduce(0) { value, index in
      value << 8 | UInt32(offset + index < bytes.count ? bytes[offset + index] : 0xFF)
    }
  }

  /// The common configuration as the selectors show it.
  private var common: [UInt8] {
    func group(_ groups: [UInt32], _ select: UInt32) -> UInt32 {
      select < groups.count ? groups[Int(select)] : 0
    }
    let exists = state.queueSelect < state.queues.count
    let queue =
      exists ? state.queues[Int(state.queueSelect)] : Array(repeating: 0, count: 7)
    return bytes(state.deviceFeatureSelect)
      + bytes(group(state.deviceFeatures, state.deviceFeatureSelect))
      + bytes(state.driverFeatureSelect)
      + bytes(group(state.driverFeatures, state.driverFeatureSelect))
      + bytes(0xFFFF as UInt16) + bytes(UInt16(state.queues.count)) + [state.status]
      + [state.generation] + bytes(state.queueSelect)
      + queue[..<4].flatMap { bytes(UInt16($0)) } + queue[4...].flatMap { bytes($0) }
      + [0xAA, 0xAA, 1, 0, 0xAA, 0xAA, 0xAA, 0xAA]
  }

  private func bytes(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }

  // MARK: Config space

  public func readConfig(at offset: Int, count: Int) throws(Failure) -> [UInt8] {
    guard offset == Place.window + 16 else {
      return Array(windowed.dropFirst(offset).prefix(count))
    }
    guard count == Int(state.window[2]), state.window[0] == 0 else {
      offences.append("window read of \(count) where \(state.window) is open")
      return Array(repeating: 0, count: count)
    }
    let value = try load(at: Int(state.window[1]), width: count)
    return Array(bytes(value).prefix(count))
  }

  public func writeConfig(_ bytes: [UInt8], at offset: Int) throws(Failure) {
    let value = bytes.reversed().reduce(0 as UInt32) { $0 << 8 | UInt32($1) }
    switch (offset - Place.window, bytes.count) {
    case (4, 1): state.window[0] = value
    case (8, 4): state.window[1] = value
    case (12, 4): state.window[2] = value
    case (16, Int(state.window[2])) where state.window[0] == 0:
      try store(value, at: Int(state.window[1]), width: bytes.count)
    default: offences.append("config write of \(bytes.count) at \(offset)")
    }
  }

  /// Config space with the window's registers as they are.
  private var windowed: [UInt8] {
    var config = configSpace
    config[Place.window + 4] = UInt8(truncatingIfNeeded: state.window[0])
    config.replaceSubrange(
      Place.window + 8..<Place.window + 16, with: bytes(state.window[1]) + bytes(state.window[2]))
    return config
  }
}

/// The registers of one of its structures.
public struct FakeRegisters: RegisterTarget {
  private let device: FakeDevice
  private let start: Int
  public let count: Int

  public init(_ device: FakeDevice, at start: Int = FakeDevice.Place.common, count: Int = 64) {
    self.device = device
    self.start = start
    self.count = count
  }

  public func load8(at offset: Int) throws(FakeDevice.Failure) -> UInt8 {
    UInt8(truncatingIfNeeded: try device.load(at: start + offset, width: 1))
  }

  public func load16(at offset: Int) throws(FakeDevice.Failure) -> UInt16 {
    UInt16(truncatingIfNeeded: try device.load(at: start + offset, width: 2))
  }

  public func load32(at offset: Int) throws(FakeDevice.Failure) -> UInt32 {
    try device.load(at: start + offset, width: 4)
  }

  public func store8(_ value: UInt8, at offset: Int) throws(FakeDevice.Failure) {
    try device.store(UInt32(value), at: start + offset, width: 1)
  }

  public func store16(_ value: UInt16, at offset: Int) throws(FakeDevice.Failure) {
    try device.store(UInt32(value), at: start + offset, width: 2)
  }

  public func store32(_ value: UInt32, at offset: Int) throws(FakeDevice.Failure) {
    try device.store(value, at: start + offset, width: 4)
  }
}
