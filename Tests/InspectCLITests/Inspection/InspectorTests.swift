import PCIAccess
import SystemPackage
import TestSupport
import Testing
import VirtioConformance
import VirtioPCI

@testable import InspectCLI

@Suite("Inspector")
struct InspectorTests {
  /// A function in memory that keeps a record of what is read of it.
  private final class FakeFunction: PCIFunction {
    let address = Address(bus: 0, device: 4, function: 0)
    let isLive: Bool
    var file: String? { isLive ? nil : "dump" }
    var knowsAllBARs: Bool { isLive }
    private(set) var reads: [Range<Int>] = []
    private(set) var barReads = 0
    private(set) var configSize: Int
    private let config: [UInt8]
    /// Reads from here on fail.
    private let failure: Int
    private let known: Identity?

    /// `known` is what its source says it is; nil for what its config space says.
    init(
      _ config: ConfigSpace, isLive: Bool = true, readable: Int = 256, failure: Int = .max,
      known: Identity? = nil
    ) {
      self.known = known
      self.config = Array(config.bytes.prefix(readable))
      self.isLive = isLive
      self.failure = failure
      configSize = 256
    }

    func identity() throws(AccessError) -> Identity {
      if let known { return known }
      let config = config
      do { return try Identity(from: config.span) } catch {
        throw AccessError("config", .malformed(line: 0, message: "\(error)"))
      }
    }

    func bars() -> [BAR] {
      barReads += 1
      return [
        BAR(
          index: 0, space: .memory(width: 64, prefetchable: false), address: 0x40_0000_0000,
          size: 0x8_0000)
      ]
    }

    func readConfig(at offset: Int, count: Int, into bytes: inout [UInt8]) throws(AccessError) {
      reads.append(offset..<offset + count)
      guard offset < failure else { throw AccessError("config", .system(.ioError)) }
      let read = config.dropFirst(offset).prefix(count)
      if read.count < count { configSize = min(configSize, config.count) }
      bytes += read
    }

    func kernelFacts(_ parts: KernelFacts.Parts) -> KernelFacts { KernelFacts() }
  }

  /// What was read of `function` by `plan`, and what could not be read.
  private func inspect(
    _ fake: FakeFunction, _ plan: ReadPlan = .capabilities
  ) throws -> (inspection: Inspection, errors: [AccessError]) {
    let function: any PCIFunction = fake
    let identity = try function.identity()
    var errors: [AccessError] = []
    let inspection = Inspector(plan: plan) { errors.append($0) }
      .inspect(function, identity: identity, kernel: KernelFacts())
    return (inspection, errors)
  }

  private static let start = [0x04..<0x08, 0x34..<0x38]

  /// A capability at 0x40, and what is read of it after its first four bytes.
  static let structures: [(name: String, cap: RawCapability, rest: Int)] = [
    ("common", .common(), 12),
    ("isr", .isr(offset: 0), 12),
    ("device", .device(offset: 0), 12),
    ("notify", .notify(multiplier: 4), 16),
    ("window", .window(), 12),
    ("shared memory", .sharedMemory(offset: 0, length: 1), 20),
    ("vendor", .vendor(0x1234, data: [1, 2, 3, 4, 5, 6]), 8),
    ("vendor, head only", .vendor(0x1234, data: []), 2),
    ("reserved type", .virtio(77), 12),
    ("longer than its structure", .virtio(1, capLen: 64), 12),
    ("longer notify", .virtio(2, tail: [4, 0, 0, 0], capLen: 64), 16),
    ("shorter than 16", .virtio(1, capLen: 12), 8),
    ("notify of 16", .virtio(2, capLen: 16), 12),
    ("shared memory of 16", .virtio(8, capLen: 16), 12),
    ("cap_len 0", .virtio(1, capLen: 0), 0),
    ("cap_len 3", .virtio(1, capLen: 3), 0),
    ("vendor of 255, to the end", .vendor(0x1234, data: []).with(capLen: 255), 0xBC),
    ("another capability", RawCapability([0x05, 0, 0x80, 0]), 0),
    ("MSI-X", .msix(vectors: 2, table: 0, pending: 0), 0),
  ]

  @Test(
    "of each capability its head is read, and then exactly its structure", arguments: structures)
  func structure(row: (name: String, cap: RawCapability, rest: Int)) throws {
    let fake = FakeFunction(ConfigSpace().adding(row.cap, at: 0x40))
    let (_, errors) = try inspect(fake)
    let rest = row.rest > 0 ? [0x44..<0x44 + row.rest] : []
    #expect(fake.reads == Self.start + [0x40..<0x44] + rest)
    #expect(errors.isEmpty)
  }

  @Test("MSI-X is read in full where it is shown")
  func msix() throws {
    let fake = FakeFunction(
      ConfigSpace().adding(.msix(vectors: 2, table: 0x1000, pending: 0x2001), at: 0x40))
    let (inspection, _) = try inspect(fake, [.capabilities, .msix])
    #expect(fake.reads == Self.start + [0x40..<0x44, 0x44..<0x4C])
    let msix = try #require(inspection.function.pciCapabilities.first?.msix)
    #expect(msix.tableSize == 2 && msix.tableOffset == 0x1000)
    #expect(msix.pbaBAR == 1 && msix.pbaOffset == 0x2000)
  }

  @Test(
    "at the end of config space no more is read than there is",
    arguments: [(0xFC, 0), (0xF8, 4), (0xF4, 8), (0xF0, 12), (0xEC, 16), (0xE8, 16)])
  func end(position: Int, rest: Int) throws {
    let fake = FakeFunction(ConfigSpace().adding(.notify(multiplier: 4), at: position))
    let (inspection, errors) = try inspect(fake)
    let tail = rest > 0 ? [position + 4..<position + 4 + rest] : []
    #expect(fake.reads == Self.start + [position..<position + 4] + tail)
    #expect(inspection.function.capabilities.first?.bytes.count == 4 + rest)
    #expect((inspection.function.capabilities.first?.data != nil) == (rest == 16))
    #expect(errors.isEmpty)
  }

  @Test("the window's data are read of a record, never of a device")
  func window() throws {
    let config = ConfigSpace().adding(.window(data: 0x1234_5678), at: 0x40)
    let live = FakeFunction(config)
    #expect(try inspect(live, .json).inspection.function.capabilities.first?.pciCfgData == nil)
    #expect(live.reads == Self.start + [0x40..<0x44, 0x44..<0x50])
    let saved = FakeFunction(config, isLive: false)
    #expect(
      try inspect(saved, .json).inspection.function.capabilities.first?.pciCfgData == 0x1234_5678)
    #expect(saved.reads == Self.start + [0x40..<0x44, 0x44..<0x54] + [0..<4])
  }

  @Test("a modern function of which only the names are asked is not touched")
  func untouched() throws {
    let fake = FakeFunction(.healthy)
    _ = try inspect(fake, [.kernel])
    #expect(fake.reads.isEmpty)
    #expect(fake.barReads == 0)
  }

  @Test("a function with an old ID needs its list and BARs to tell what it is")
  func oldID() throws {
    let fake = FakeFunction(ConfigSpace(device: 0x1000, revision: 0).adding(.common(), at: 0x40))
    #expect(try inspect(fake, [.kernel]).inspection.function.interface == .modern)
    #expect(fake.barReads == 1)
    let legacy = FakeFunction(ConfigSpace(device: 0x1000, revision: 0))
    #expect(try inspect(legacy, [.kernel]).inspection.function.interface == .legacy)
    #expect(legacy.reads == [0x04..<0x08])
  }

  @Test(
    "a BAR for which the kernel found no place is there all the same", arguments: [true, false])
  func unplacedBAR(isThere: Bool) throws {
    let tree = try SysfsFixture()
    // BAR 0 is I/O and BAR 4 memory of 64 bits; the kernel has nothing of either.
    let config = ConfigSpace(
      device: 0x1000, revision: 0, subsystem: 1, bars: isThere ? [1, 0, 0, 0, 0xC, 0] : []
    ).adding(.common(bar: 4), at: 0x40)
    try tree.add("0000:00:04.0", config, resource: "")
    let outcome = InProcess.run([
      "--sysfs", tree.root, "--jsonl", "--check", "04.0",
    ])
    #expect(outcome.output.contains(#""interface":"\#(isThere ? "transitional" : "modern")""#))
    #expect(outcome.output.contains("cap-bar-implemented") == !isThere)
    #expect(outcome.output.contains("transitional-legacy-bar0-io") == !isThere)
    #expect(
      outcome.output.contains(
        #"{"index":0,"space":"io","width":null,"prefetchable":false,"address":null,"size":null}"#)
        == isThere)
  }

  @Test("of a function that does not answer no BAR is made up")
  func unansweredBAR() throws {
    let tree = try SysfsFixture()
    let config = ConfigSpace(device: 0x1000, revision: 0, subsystem: 1)
    try tree.add("0000:00:04.0", config, resource: "")
    try tree.write(
      Array(repeating: 0xFF, count: 256), to: "bus/pci/devices/0000:00:04.0/config")
    let outcome = InProcess.run(["--sysfs", tree.root, "--jsonl"])
    #expect(outcome.output.contains(#""bars":[]"#))
    #expect(outcome.status == 4)
  }

  @Test("all ones end the reading, and are told")
  func gone() throws {
    let config = ConfigSpace().setting([0xFF, 0xFF, 0xFF, 0xFF], at: 0x04)
    let fake = FakeFunction(config)
    let (inspection, errors) = try inspect(fake)
    #expect(fake.reads == [0x04..<0x08])
    #expect(errors.count == 1)
    #expect(inspection.function.listEnd == nil)
    #expect(inspection.problems.isEmpty)
  }

  @Test("config space that ends at 64 bytes is told, once", arguments: [true, false])
  func truncated(isLive: Bool) throws {
    let fake = FakeFunction(.healthy, isLive: isLive, readable: 64)
    let (inspection, errors) = try inspect(fake, .json)
    #expect(fake.reads == Self.start + [0x40..<0x44] + (isLive ? [] : [0..<4]))
    #expect(inspection.function.configSize == 64)
    #expect(inspection.function.listEnd == .truncated(position: 0x40))
    #expect(inspection.problems.isEmpty)
    #expect(errors.count == 1)
    #expect(errors.first?.address == fake.address)
  }

  @Test("the IDs are read where decoding looks off, and there only", arguments: [true, false])
  func decoding(isOn: Bool) throws {
    let fake = FakeFunction(ConfigSpace().setting([isOn ? 6 : 4], at: 0x04))
    let (inspection, errors) = try inspect(fake, .detail)
    #expect(fake.reads == [0x04..<0x08] + (isOn ? [] : [0x00..<0x04]))
    #expect(inspection.function.bars.map { inspection.function.isDecoding($0) } == [isOn])
    #expect(errors.isEmpty)
  }

  /// PCI Express, and extended capabilities: a serial number, and SR-IOV without virtual functions.
  private static let express: ConfigSpace = {
    var bytes = [UInt8](repeating: 0, count: 4096)
    var span = bytes.mutableSpan
    try? SRIOV(
      initialVFs: 3, totalVFs: 3, numVFs: 2, firstVFOffset: 1, vfStride: 1, vfDeviceID: 0x1041
    )
    .encode(into: &span, at: 0x140)
    return ConfigSpace(size: 4096).adding(RawCapability([0x10, 0, 2, 0]), at: 0x40)
      .setting([3, 0, 1, 0x14], at: 0x100).setting(Array(bytes[0x140..<0x180]), at: 0x140)
  }()

  @Test("the extended list is read where it is asked for, a dword an entry and SR-IOV in full")
  func extendedList() throws {
    let fake = FakeFunction(Self.express, readable: 4096)
    let (inspection, errors) = try inspect(fake, [.capabilities, .extended])
    let sriov = stride(from: 0x144, to: 0x180, by: 4).map { $0..<$0 + 4 }
    #expect(
      fake.reads == Self.start + [0x40..<0x44, 0x100..<0x104, 0x140..<0x144] + sriov)
    let function = inspection.function
    #expect(function.extendedCapabilities.map(\.name) == ["device serial number", "SR-IOV"])
    #expect(function.hasSRIOV == true)
    #expect(function.sriovRole == .physical(totalVFs: 3, numVFs: 0, vfDeviceID: 0x1041))
    #expect(errors.isEmpty)
    let other = FakeFunction(Self.express, readable: 4096)
    #expect(try inspect(other).inspection.function.hasSRIOV == nil)
    #expect(other.reads == Self.start + [0x40..<0x44])
  }

  @Test(
    "an extended list that cannot be read to its end says what it has",
    arguments: [(256, [], nil), (0x140, [0x100], nil), (0x150, [0x100, 0x140], true)])
  func shortExtendedList(readable: Int, positions: [Int], hasSRIOV: Bool?) throws {
    let fake = FakeFunction(Self.express, isLive: false, readable: readable)
    let (inspection, errors) = try inspect(fake, [.capabilities, .extended])
    #expect(inspection.function.extendedCapabilities.map(\.position) == positions)
    #expect(inspection.function.hasSRIOV == hasSRIOV)
    #expect(inspection.function.sriovRole == nil)
    #expect(errors.isEmpty)
  }

  @Test("without PCI Express there is no extended list to read")
  func conventional() throws {
    let fake = FakeFunction(.healthy, readable: 4096)
    #expect(try inspect(fake, [.capabilities, .extended]).inspection.function.hasSRIOV == false)
    #expect(fake.reads.allSatisfy { $0.upperBound <= 256 })
  }

  @Test("a record whose IDs read all ones is that of a virtual function")
  func recordOfVirtualFunction() throws {
    let hidden = ConfigSpace().setting([0xFF, 0xFF, 0xFF, 0xFF, 4, 0], at: 0)
    let fake = FakeFunction(hidden, isLive: false, known: try FakeFunction(.healthy).identity())
    let function = try inspect(fake, .json).inspection.function
    #expect(function.sriovRole == .virtual(of: nil))
    #expect(function.command == nil)
  }

  @Test("the command register of a virtual function does not say what it decodes")
  func virtualFunction() throws {
    let config = ConfigSpace.healthy.bytes
    let fake = FakeFunction(
      ConfigSpace.healthy.setting([0xFF, 0xFF, 0xFF, 0xFF, 4, 0], at: 0x00),
      known: try Identity(from: config.span))
    let (inspection, errors) = try inspect(fake, .detail)
    #expect(inspection.function.bars.map { inspection.function.isDecoding($0) } == [nil])
    #expect(inspection.problems.isEmpty)
    #expect(errors.isEmpty)
  }

  @Test("what was read before an error stays")
  func failing() throws {
    let fake = FakeFunction(.healthy, failure: 0x60)
    let (inspection, errors) = try inspect(fake)
    #expect(inspection.function.capabilities.map(\.head.cfgType) == [.common, .isr])
    #expect(inspection.function.pciCapabilities.count == 2)
    #expect(errors.map(\.reason) == [.system(.ioError)])
  }

  @Test("a list of any bytes ends, and its reads stay inside config space", arguments: 0..<64)
  func anything(seed: UInt64) throws {
    var state = seed
    let bytes = (0..<256).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(truncatingIfNeeded: state >> 33)
    }
    let fake = FakeFunction(
      ConfigSpace().setting(Array(bytes[0x40...]), at: 0x40)
        .pointing(at: 0x40 | bytes[0] & 0x3C))
    let (inspection, _) = try inspect(fake, .json)
    #expect(fake.reads.allSatisfy { $0.upperBound <= 256 })
    #expect(inspection.function.listEnd != nil)
    #expect(inspection.function.pciCapabilities.count <= 48)
  }
}

extension RawCapability {
  fileprivate func with(capLen: UInt8) -> Self {
    var copy = self
    copy.bytes[2] = capLen
    return copy
  }
}
