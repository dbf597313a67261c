import TestSupport
import Testing

@testable import VirtioConformance
@testable import VirtioPCI

/// A defect in a function that Linux would drive but for it.
struct LinuxDefect: Sendable, CustomTestStringConvertible {
  /// What it is damaged from.
  enum Base: Sendable {
    case modern(DeviceType)
    case transitional
    case legacy
  }

  var step: String
  var base: Base
  var outcome: DriverVerdict.Outcome
  var damage: @Sendable (inout Specimen) -> Void

  init(
    _ step: String, _ type: DeviceType = .rng, _ outcome: DriverVerdict.Outcome = .refused,
    _ damage: @escaping @Sendable (inout Specimen) -> Void
  ) {
    self.init(step, .modern(type), outcome, damage)
  }

  init(
    _ step: String, _ base: Base, _ outcome: DriverVerdict.Outcome = .refused,
    _ damage: @escaping @Sendable (inout Specimen) -> Void
  ) {
    self.step = step
    self.base = base
    self.outcome = outcome
    self.damage = damage
  }

  /// A field of the device-specific configuration with a wrong value.
  init(_ step: String, _ type: DeviceType, _ field: String, _ value: UInt64) {
    self.init(step, type) { $0.set(field, value) }
  }

  var testDescription: String { step }

  var specimen: Specimen {
    switch base {
    case .modern(let type): Specimen(type)
    case .transitional: .transitional(.rng, id: 0x1005)
    case .legacy: .legacy(.rng, id: 0x1005)
    }
  }

  func function() throws -> Function {
    var specimen = specimen
    damage(&specimen)
    return try specimen.function()
  }

  static let modernZones: @Sendable (inout Specimen) -> Void = { specimen in
    specimen.set("zoned.model", 1)
    specimen.set("zoned.write_granularity", 4096)
    specimen.set("zoned.max_append_sectors", 8)
  }
}

@Suite("Linux")
struct LinuxTests {
  static let defects: [LinuxDefect] =
    [
      // The PCI core
      LinuxDefect("header-type") { $0.headerType = 3 },
      LinuxDefect("bars-assigned") { $0.bars[3] = Specimen.memory(3, at: nil, size: 0x1000) },
      LinuxDefect("bars-assigned", .legacy) {
        $0.bars[0] = BAR(index: 0, space: .io, address: nil, size: 0x40)
      },
      LinuxDefect("class-assigned") {
        $0.classCode = 0
        $0.bars[4]?.address = nil
        $0.edit = { $0.kernel.bars = nil }
      },
      LinuxDefect("class-assigned") {
        $0.classCode = 0x060000
        $0.bars[4]?.address = nil
      },

      // Capabilities
      LinuxDefect("modern-id") { $0.device = 0x1080 },
      LinuxDefect("list-ends", .rng, .fatal) {
        $0.capabilities[Specimen.notify] = nil
        $0.makeLoop()
      },
      LinuxDefect("common") { $0.capabilities[Specimen.common] = nil },
      LinuxDefect("common") { $0.capabilities[Specimen.common] = .common(bar: 6, length: 64) },
      LinuxDefect("common") { $0.bars[4] = nil },
      LinuxDefect("common") {
        $0.bars[4]?.address = nil
        $0.unknownBARs = [4]
      },
      LinuxDefect("common") { $0.headerType = 1 },
      LinuxDefect("isr-and-notify") { $0.capabilities[Specimen.isr] = nil },
      LinuxDefect("isr-and-notify") {
        $0.capabilities[Specimen.notify] = Specimen.doorbells(bar: 3)
      },
      LinuxDefect("common-not-empty") {
        $0.capabilities[Specimen.common] = .common(bar: 4, length: 0)
      },
      LinuxDefect("common-length") {
        $0.capabilities[Specimen.common] = .common(bar: 4, length: 52)
      },
      LinuxDefect("common-aligned") {
        $0.capabilities[Specimen.common] = .common(bar: 4, offset: 2, length: 64)
      },
      LinuxDefect("common-in-bar") {
        $0.capabilities[Specimen.common] = .common(bar: 4, offset: 0x3FCC, length: 64)
      },
      LinuxDefect("isr-not-empty") {
        $0.capabilities[Specimen.isr] = .virtio(3, bar: 4, offset: 0x1000, length: 0)
      },
      LinuxDefect("isr-in-bar") {
        $0.capabilities[Specimen.isr] = .virtio(3, bar: 4, offset: 0x4000, length: 1)
      },
      LinuxDefect("notify-not-empty") {
        $0.capabilities[Specimen.notify] = Specimen.doorbells(length: 0)
      },
      LinuxDefect("notify-length") {
        $0.capabilities[Specimen.notify] = Specimen.doorbells(length: 1)
      },
      LinuxDefect("notify-aligned") {
        $0.capabilities[Specimen.notify] = Specimen.doorbells(offset: 0x3001, length: 0x100)
      },
      LinuxDefect("notify-in-bar") {
        $0.capabilities[Specimen.notify] = Specimen.doorbells(offset: 0x4000, length: 0x100)
      },
      LinuxDefect("device-not-empty") {
        $0.capabilities[Specimen.config] = .virtio(4, bar: 4, offset: 0x2000, length: 0)
      },
      LinuxDefect("device-aligned") {
        $0.capabilities[Specimen.config] = .virtio(4, bar: 4, offset: 0x2002)
      },
      LinuxDefect("device-in-bar") {
        $0.capabilities[Specimen.config] = .virtio(4, bar: 4, offset: 0x4004)
      },
      LinuxDefect("device-mapped") {
        $0.capabilities[Specimen.config] = .virtio(4, bar: 4, offset: 0x4000)
      },

      // The legacy interface
      LinuxDefect("legacy-revision", .legacy) { $0.revision = 1 },
      LinuxDefect("legacy-bar", .legacy) { $0.bars[0] = nil },
      LinuxDefect("legacy-type", .legacy) { $0.subsystem = DeviceType.gpu.rawValue },

      // The start
      LinuxDefect("reset", .rng, .fatal) { $0.status = 0xFF },
      LinuxDefect("reset", .rng, .fatal) {
        $0.edit = {
          $0.registers = nil
          $0.registersAreAllOnes = true
        }
      },
      LinuxDefect("driver", .audioPolicy, .noDriver) { _ in },
      LinuxDefect("driver", .modern(.invalid), .noDriver) { _ in },
      LinuxDefect("version-1") { $0.remove(.version1) },
      LinuxDefect("ring-reset-size") {
        $0.capabilities[Specimen.common] = .common(bar: 4, length: 56)
      },
      LinuxDefect("admin-vq-size") {
        $0.capabilities[Specimen.common] = .common(bar: 4, length: 60)
      },

      // Interrupts and queues
      LinuxDefect("interrupt") {
        $0.pin = 0
        $0.capabilities[Specimen.msix] = nil
      },
      LinuxDefect("interrupt") {
        $0.pin = 0
        $0.capabilities[Specimen.msix] = .msix(vectors: 1, table: 1, pending: 0x801)
      },
      LinuxDefect("interrupt") {
        $0.pin = 0
        $0.capabilities[Specimen.msix] = .msix(vectors: 4, table: 3, pending: 0x803)
      },
      LinuxDefect("interrupt", .legacy) {
        $0.pin = 0
        $0.capabilities[Specimen.msix] = nil
      },
      LinuxDefect("msix-used", .rng, .modern) {
        $0.capabilities[Specimen.msix] = .msix(vectors: 4, table: 3, pending: 0x803)
      },
      LinuxDefect("queue-size") {
        $0.pin = 0
        $0.bars[1] = BAR(index: 1, space: .io, address: 0xC000, size: 0x100)
        $0.remove(.ringPacked)
        $0.queues[0].size = 100
      },
      LinuxDefect("msix-vectors", .net, .modern) {
        $0.capabilities[Specimen.msix] = .msix(vectors: 3, table: 1, pending: 0x801)
      },
      LinuxDefect("admin-queue") { $0.adminQueues = 0 },
      LinuxDefect("num-queues", .net) { $0.numQueues = 2 },
      LinuxDefect("num-queues", .console) { $0.set("max_nr_ports", 4) },
      LinuxDefect("queue-exists") { $0.queues[0].size = 0 },
      LinuxDefect("queue-idle") { $0.queues[0].enable = 1 },
      LinuxDefect("queue-size") {
        $0.remove(.ringPacked)
        $0.queues[0].size = 100
      },
      LinuxDefect("queue-doorbell-aligned") {
        $0.capabilities[Specimen.notify] = Specimen.doorbells(offset: 0x2FFF)
      },
      LinuxDefect("queue-doorbell") { $0.queues[0].notifyOff = 0x400 },
      LinuxDefect("queue-doorbell-length") {
        $0.capabilities[Specimen.notify] = Specimen.doorbells(length: 0x1001)
        $0.queues[0].notifyOff = 0x400
      },
      LinuxDefect("queue-doorbell-in-bar") {
        $0.capabilities[Specimen.notify] = Specimen.doorbells(offset: 0x3FFE)
        $0.queues[0].notifyOff = 4
      },

      // What the drivers want of features and configuration
      LinuxDefect("net-config", .net) { $0.capabilities[Specimen.config] = nil },
      LinuxDefect("blk-config", .blk) { $0.capabilities[Specimen.config] = nil },
      LinuxDefect("console-config", .console) { $0.capabilities[Specimen.config] = nil },
      LinuxDefect("balloon-config", .balloon) { $0.capabilities[Specimen.config] = nil },
      LinuxDefect("scsi-config", .scsi) { $0.capabilities[Specimen.config] = nil },
      LinuxDefect("9p-config", .nineP) { $0.capabilities[Specimen.config] = nil },
      LinuxDefect("gpu-config", .gpu, .fatal) { $0.capabilities[Specimen.config] = nil },
      LinuxDefect("input-config", .input, .fatal) { $0.capabilities[Specimen.config] = nil },
      LinuxDefect("socket-config", .socket, .fatal) { $0.capabilities[Specimen.config] = nil },
      LinuxDefect("crypto-config", .crypto) { $0.capabilities[Specimen.config] = nil },
      LinuxDefect("iommu-config", .iommu, .fatal) { $0.capabilities[Specimen.config] = nil },
      LinuxDefect("mem-config", .mem) { $0.capabilities[Specimen.config] = nil },
      LinuxDefect("sound-config", .sound) { $0.capabilities[Specimen.config] = nil },
      LinuxDefect("fs-config", .fs, .fatal) { $0.capabilities[Specimen.config] = nil },
      LinuxDefect("pmem-config", .pmem) { $0.capabilities[Specimen.config] = nil },
      LinuxDefect("can-config", .can) { $0.capabilities[Specimen.config] = nil },
      LinuxDefect("bluetooth-config", .bluetooth, .fatal) {
        $0.capabilities[Specimen.config] = nil
      },
      LinuxDefect("gpio-config", .gpio, .fatal) { $0.capabilities[Specimen.config] = nil },
      LinuxDefect("spi-config", .spi, .fatal) { $0.capabilities[Specimen.config] = nil },
      LinuxDefect("config-length", .fs, .fatal) {
        $0.capabilities[Specimen.config] = .virtio(4, bar: 4, offset: 0x2000, length: 36)
      },
      LinuxDefect("config-mapped", .fs, .fatal) {
        $0.capabilities[Specimen.config] = .virtio(4, bar: 4, offset: 0x3FFC)
      },
      LinuxDefect("config-length-late", .blk, .fatal) {
        $0.offered = [Feature.version1.bit]
        $0.capabilities[Specimen.config] = .virtio(4, bar: 4, offset: 0x2000, length: 4)
      },
      LinuxDefect("config-mapped-late", .blk, .fatal) {
        $0.offered = [Feature.version1.bit]
        $0.capabilities[Specimen.config] = .virtio(4, bar: 4, offset: 0x3FFC)
      },
      LinuxDefect("net-mtu", .net, .modern) { $0.set("mtu", 67) },
      LinuxDefect("net-standby-mac", .net, .modern) { $0.remove(Feature.Net.mac) },
      LinuxDefect("blk-num-queues", .blk, "num_queues", 0),
      LinuxDefect("console-ports", .console, "max_nr_ports", 0),
      LinuxDefect("console-ports", .console, "max_nr_ports", 0x8001),
      LinuxDefect("fs-tag", .fs, "tag", 0),
      LinuxDefect("fs-tag", .fs, "tag", 0x0A61),
      LinuxDefect("fs-request-queues", .fs, "num_request_queues", 0),
      LinuxDefect("iommu-map-unmap", .iommu) { $0.remove(Feature.IOMMU.mapUnmap) },
      LinuxDefect("gpio-lines", .gpio, "ngpio", 0),
      LinuxDefect("i2c-zero-length", .i2c) { $0.remove(Feature.I2C.zeroLengthRequest) },
      LinuxDefect("bluetooth-type", .bluetooth, "type", 1),
      LinuxDefect("blk-secure-erase-alignment", .blk, "secure_erase_sector_alignment", 0),
      LinuxDefect("blk-secure-erase-sectors", .blk, "max_secure_erase_sectors", 0),
      LinuxDefect("blk-secure-erase-seg", .blk, "max_secure_erase_seg", 0),
      LinuxDefect("blk-zone-model", .blk, "zoned.model", 3),
      LinuxDefect("blk-zone-granularity", .blk) {
        LinuxDefect.modernZones(&$0)
        $0.set("zoned.write_granularity", 0)
      },
      LinuxDefect("blk-zone-sectors", .blk) {
        LinuxDefect.modernZones(&$0)
        $0.set("zoned.zone_sectors", 12)
      },
      LinuxDefect("blk-zone-append", .blk) {
        LinuxDefect.modernZones(&$0)
        $0.set("zoned.max_append_sectors", 0)
      },
      LinuxDefect("blk-zone-append-granularity", .blk) {
        LinuxDefect.modernZones(&$0)
        $0.set("zoned.max_append_sectors", 7)
      },
      LinuxDefect("blk-block-size", .blk, "blk_size", 513),
      LinuxDefect("blk-block-size", .blk, "blk_size", 0x2_0000),
      LinuxDefect("blk-size-max", .blk, "size_max", 2048),
      LinuxDefect("9p-mount-tag", .nineP) { $0.remove(Feature.NineP.mountTag) },
      LinuxDefect("iommu-page-sizes", .iommu, "page_size_mask", 0),

      // Shared memory
      LinuxDefect("shm-list-ends", .fs, .fatal) {
        $0.capabilities[Specimen.region] = nil
        $0.makeLoop()
      },
      LinuxDefect("shm-capability-length", .gpu, .modern) {
        $0.capabilities[Specimen.region]?.bytes[2] = 28
      },
      LinuxDefect("shm-bar", .fs, .modern) { $0.capabilities[Specimen.region]?.bytes[4] = 6 },
      LinuxDefect("shm-in-bar", .fs, .modern) {
        $0.capabilities[Specimen.region] = .sharedMemory(
          bar: 2, offset: 0x40_0000, length: 0x20_0000)
      },
      LinuxDefect("shm-in-bar", .pmem, .modern) { $0.bars[2] = nil },
      LinuxDefect("shm-own-bar", .gpu) {
        $0.capabilities[Specimen.region] = .sharedMemory(bar: 4, id: 1, offset: 0, length: 0x1000)
      },
      LinuxDefect("shm-aligned", .fs) {
        $0.capabilities[Specimen.region] = .sharedMemory(bar: 2, offset: 0, length: 0x10_0000)
      },
    ]
    + [
      Feature.Net.ctrlRX, Feature.Net.ctrlVLAN, Feature.Net.guestAnnounce, Feature.Net.mq,
      Feature.Net.ctrlMACAddr, Feature.Net.rss, Feature.Net.hashReport, Feature.Net.notfCoal,
      Feature.Net.vqNotfCoal,
    ].map { feature in
      LinuxDefect("net-ctrl-vq-\(feature.bit)", .net) {
        $0.offered = [Feature.version1.bit, feature.bit]
      }
    }

  /// The steps that nothing shows beforehand.
  private static let undecided = ["features-ok", "legacy-queues"]
  /// A function that fails one of these is refused for the reason for which Linux left the modern
  /// interface.
  private static let sequels = ["legacy-id"]

  @Test(
    "drives a function of every type that it has a driver for",
    arguments: LinuxDevice.all.map(\.type))
  func sound(type: DeviceType) throws {
    let function = try Specimen(type).function()
    let verdict = Driver.linux.prediction(for: function)
    #expect(verdict.outcome == .modern)
    #expect(verdict.stop == nil)
    #expect(verdict.ignored.isEmpty)
    #expect(Driver.linux.unchecked(in: verdict).map(\.key) == ["features-ok"])
  }

  @Test("drives a transitional function through the modern interface")
  func transitional() throws {
    let function = try Specimen.transitional(.rng, id: 0x1005).function()
    #expect(Driver.linux.prediction(for: function).outcome == .modern)
  }

  @Test("drives a legacy function, and knows nothing of its queues")
  func legacy() throws {
    let verdict = Driver.linux.prediction(for: try Specimen.legacy(.rng, id: 0x1005).function())
    #expect(verdict.outcome == .legacy)
    #expect(verdict.left.map { Driver.linux.steps[$0.step].key } == "common")
    #expect(
      Driver.linux.unchecked(in: verdict).map(\.key).filter(Self.undecided.contains)
        == Self.undecided)
  }

  @Test("sees what is wrong where Linux does", arguments: defects)
  func defect(_ defect: LinuxDefect) throws {
    let verdict = Driver.linux.prediction(for: try defect.function())
    #expect(verdict.outcome == defect.outcome)
    let stops = verdict.outcome.isDriven ? verdict.ignored : [verdict.stop].compactMap { $0 }
    #expect(stops.map { Driver.linux.steps[$0.step].key } == [defect.step])
    for stop in stops {
      let texts = [Driver.linux.reason(of: stop), Driver.linux.logged(at: stop) ?? ""]
      #expect(texts.allSatisfy { !$0.contains("{") && !$0.contains("%") })
    }
  }

  @Test("has a function that fails each step")
  func completeness() {
    let known = Set(Self.defects.map(\.step) + Self.undecided + Self.sequels)
    #expect(Set(Driver.linux.steps.map(\.key)) == known)
  }

  @Test(
    "says what it found, and what Linux logs",
    arguments: [
      (
        "common-length", "the common configuration structure has 52 bytes; at least 56 are needed",
        "virtio_pci: bad capability len 52 (>=56 expected)"
      ),
      (
        "isr-and-notify",
        "common, ISR and notify capabilities with a BAR that exists are at 0x50/0x0/0x80, 0 for"
          + " none",
        "virtio_pci: missing capabilities 80/0/128"
      ),
      (
        "queue-doorbell",
        "the doorbell of queue 0, queue_notify_off 1024 times 4, lies beyond the notify structure"
          + " of 4096 bytes", "bad notification offset 1024 (x 4) for queue 0 > 4096"
      ),
    ])
  func texts(step: String, reason: String, logged: String) throws {
    let defect = try #require(Self.defects.first { $0.step == step })
    let verdict = Driver.linux.prediction(for: try defect.function())
    #expect(Driver.linux.reason(for: verdict) == reason)
    #expect(verdict.stop.flatMap(Driver.linux.logged) == logged)
  }

  @Test("says of a transitional function what is wrong with each of its interfaces")
  func twoReasons() throws {
    var specimen = Specimen.transitional(.rng, id: 0x1005)
    specimen.revision = 1
    specimen.capabilities[Specimen.common] = nil
    let verdict = Driver.linux.prediction(for: try specimen.function())
    #expect(
      Driver.linux.reason(for: verdict)
        == "no common configuration capability names a BAR that exists; as a legacy function: the"
        + " revision is 1, but a legacy function has revision 0")
  }

  @Test("knows nothing of a function whose list was not read")
  func unknown() throws {
    var specimen = Specimen.transitional(.rng, id: 0x1005)
    specimen.edit = {
      $0.capabilities = []
      $0.pciCapabilities = []
      $0.listEnd = nil
    }
    #expect(Driver.linux.verdict(on: try specimen.function()).outcome == .unknown)
  }

  @Test("believes the kernel", arguments: [true, false])
  func driven(isModern: Bool) throws {
    var specimen = Specimen.transitional(.rng, id: 0x1005)
    // Of this the steps say that Linux refuses it.
    specimen.capabilities[Specimen.isr] = nil
    specimen.edit = {
      $0.kernel.virtio = Function.VirtioDevice(
        name: "virtio0", driver: "virtio_rng", status: [.acknowledge, .driver, .driverOK],
        features: isModern ? [.version1] : [])
    }
    let function = try specimen.function()
    #expect(Driver.linux.prediction(for: function).outcome == .refused)
    let verdict = Driver.linux.verdict(on: function)
    #expect(verdict.outcome == (isModern ? .modern : .legacy))
    #expect(verdict.stop == nil)
    #expect(verdict.unchecked.isEmpty)
  }

  @Test("does not ask for modern registers of a legacy function")
  func missingOfLegacy() throws {
    let function = try Specimen.legacyNet.function()
    let verdict = Driver.linux.verdict(on: function)
    #expect(Driver.linux.missing(in: verdict, on: function) == [.legacyRegisters, .attempt])
  }

  @Test("says what would have to be read")
  func missing() throws {
    var specimen = Specimen(.rng)
    specimen.edit = { $0.registers = nil }
    let function = try specimen.function()
    let verdict = Driver.linux.verdict(on: function)
    #expect(verdict.outcome == .modern)
    #expect(
      Driver.linux.missing(in: verdict, on: function)
        == [.status, .common, .deviceConfig, .offered, .queues, .attempt])
  }
}
