import TestSupport
import Testing

@testable import VirtioConformance
@testable import VirtioPCI

/// What Linux 6.1.192, 6.12.117 and 7.2.13 did with functions of one defect each, which a program
/// behind QEMU's `x-pci-proxy-dev` answered for: it drove them, or did not. Where they differ it is
/// the newest.
struct Observation: Sendable, CustomTestStringConvertible {
  var name: String
  var seen: DriverVerdict.Outcome
  var make: @Sendable () -> Specimen

  init(
    _ name: String, _ seen: DriverVerdict.Outcome, _ type: DeviceType = .rng,
    _ change: @escaping @Sendable (inout Specimen) -> Void = { _ in }
  ) {
    self.name = name
    self.seen = seen
    make = {
      var specimen = Specimen(inZoo: type)
      change(&specimen)
      return specimen
    }
  }

  var testDescription: String { name }
}

extension Specimen {
  /// One with the features and the queues of the zoo's functions.
  fileprivate init(inZoo type: DeviceType) {
    self.init(type)
    let features: [DeviceType: [Feature]] = [
      .net: [Feature.Net.mac, Feature.Net.status], .blk: [Feature.Blk.blkSize],
      .nineP: [Feature.NineP.mountTag],
    ]
    offered = Set((features[type] ?? []).map(\.bit) + [Feature.version1.bit])
    let sizes: [DeviceType: [UInt16]] = [
      .net: [256, 256], .blk: [128], .console: [64, 64], .rng: [8], .balloon: [64, 64],
      .nineP: [128], .fs: [128, 128], .socket: [128, 128, 64], .gpu: [64, 16],
    ]
    setQueues(sizes[type] ?? [])
    capabilities[Self.common] = .common(bar: 4, length: 56)
    capabilities[Self.msix] = .msix(vectors: 4, table: 1, pending: 0x801)
  }

  fileprivate mutating func setQueues(_ sizes: [UInt16]) {
    queues = sizes.enumerated().map { Self.queue($0.offset, size: $0.element) }
    numQueues = sizes.count
  }
}

@Suite("Linux in the zoo")
struct LinuxZooTests {
  static let observations: [Observation] = [
    Observation("sound", .modern),
    Observation("sound-intx", .modern) { $0.capabilities[Specimen.msix] = nil },
    Observation("transitional", .modern) {
      $0.device = 0x1005
      $0.revision = 0
      $0.subsystem = 4
      $0.bars[0] = BAR(index: 0, space: .io, address: 0xC000, size: 0x40)
    },
    Observation("legacy", .legacy) { $0 = .legacy(.rng, id: 0x1005) },
    Observation("common-length-48", .refused) { $0.common(length: 48) },
    Observation("common-length-52", .refused) { $0.common(length: 52) },
    Observation("common-length-56-ring-reset", .refused) {
      $0.offered.insert(Feature.ringReset.bit)
    },
    Observation("common-length-60", .modern) { $0.common(length: 60) },
    Observation("common-length-0", .refused) { $0.common(length: 0) },
    Observation("common-bar-6", .refused) { $0.common(bar: 6) },
    Observation("common-misaligned-2", .refused) { $0.common(offset: 2) },
    Observation("common-offset-4000", .refused) { $0.common(offset: 0x4000) },
    Observation("common-length-beyond", .modern) { $0.common(length: 0x10_0000) },
    Observation("common-offset-wraps", .refused) { $0.common(offset: 0xFFFF_FFF0) },
    Observation("common-cap-len-0", .modern) {
      $0.capabilities[Specimen.common] = .virtio(1, bar: 4, length: 56, capLen: 0)
    },
    Observation("no-common", .refused) { $0.capabilities[Specimen.common] = nil },
    Observation("no-isr", .refused) { $0.capabilities[Specimen.isr] = nil },
    Observation("no-notify", .refused) { $0.capabilities[Specimen.notify] = nil },
    Observation("no-device", .modern) { $0.capabilities[Specimen.config] = nil },
    Observation("no-pci-cfg", .modern) { $0.capabilities[Specimen.window] = nil },
    Observation("isr-length-0", .refused) { $0.isr(length: 0) },
    Observation("isr-offset-4000", .refused) { $0.isr(offset: 0x4000) },
    Observation("isr-odd-offset", .modern) { $0.isr(offset: 0x1003) },
    Observation("notify-length-1", .refused) { $0.doorbells(length: 1) },
    Observation("notify-length-2", .modern) { $0.doorbells(length: 2) },
    Observation("notify-odd-offset", .refused) { $0.doorbells(offset: 0x3001) },
    Observation("notify-cap-len-16", .modern) { $0.doorbells(capLen: 16) },
    Observation("notify-multiplier-0", .modern) { $0.doorbells(multiplier: 0) },
    Observation("notify-off-beyond", .refused) { $0.queues[0].notifyOff = 0x1000 },
    Observation("device-length-0", .refused) { $0.config(length: 0) },
    Observation("device-misaligned-2", .refused) { $0.config(offset: 0x2002) },
    Observation("first-common-short", .refused) {
      $0.capabilities[0x40] = .common(bar: 4, length: 48)
    },
    Observation("first-common-bar-6", .modern) {
      $0.capabilities[0x40] = .common(bar: 6, length: 56)
    },
    Observation("pointer-0", .refused) {
      $0.edit = {
        $0.withoutCapabilities(.terminated)
      }
    },
    Observation("status-bit-clear", .refused) { $0.edit = { $0.withoutCapabilities(.absent) } },
    Observation("loop-no-notify", .fatal) {
      $0.capabilities[Specimen.notify] = nil
      $0.makeLoop()
    },
    Observation("fs-shm", .modern, .fs),
    Observation("fs-shm-cap-len-28", .modern, .fs) {
      $0.capabilities[Specimen.region]?.bytes[2] = 28
    },
    Observation("fs-shm-cap-len-16", .modern, .fs) {
      $0.capabilities[Specimen.region]?.bytes[2] = 16
    },
    Observation("fs-shm-bar-6", .modern, .fs) { $0.capabilities[Specimen.region]?.bytes[4] = 6 },
    Observation("fs-shm-beyond-bar", .modern, .fs) {
      $0.capabilities[Specimen.region] = .sharedMemory(
        bar: 2, offset: 0x40_0000, length: 0x20_0000)
    },
    Observation("fs-shm-id-1", .modern, .fs) { $0.capabilities[Specimen.region]?.bytes[5] = 1 },
    Observation("transitional-revision-1", .modern) {
      $0.device = 0x1005
      $0.subsystem = 4
      $0.bars[0] = BAR(index: 0, space: .io, address: 0xC000, size: 0x40)
    },
    Observation("transitional-id-no-caps", .refused) {
      $0.device = 0x1005
      $0.edit = { $0.withoutCapabilities(.terminated) }
    },
    Observation("header-type-1", .refused) { $0.headerType = 1 },
    Observation("id-1040", .noDriver, .invalid),
    Observation("id-107f", .noDriver, DeviceType(rawValue: 0x3F)),
    Observation("id-1080", .refused) { $0.device = 0x1080 },
    Observation("bar-4-absent", .refused) { $0.bars[4] = nil },
    Observation("bar-4-unassigned", .refused) {
      $0.bars[4]?.address = nil
      $0.unknownBARs = [4]
    },
    Observation("no-interrupt", .refused) {
      $0.pin = 0
      $0.capabilities[Specimen.msix] = nil
    },
    Observation("no-version-1", .refused) { $0.offered = [] },
    Observation("queue-size-100", .refused) { $0.setQueues([100]) },
    Observation("queue-size-0", .refused) { $0.setQueues([0]) },
    Observation("queue-size-32768", .modern) { $0.setQueues([32768]) },
    Observation("num-queues-0", .refused) { $0.numQueues = 0 },
    Observation("status-ff", .fatal) { $0.status = 0xFF },
    Observation("blk", .modern, .blk),
    Observation("blk-no-device", .refused, .blk) { $0.capabilities[Specimen.config] = nil },
    Observation("blk-device-length-4", .fatal, .blk) { $0.config(length: 4) },
    Observation("blk-device-beyond-bar", .fatal, .blk) { $0.config(offset: 0x3FFC) },
    Observation("net", .modern, .net),
    Observation("net-one-queue", .refused, .net) { $0.setQueues([256]) },
    Observation("console", .modern, .console),
    Observation("9p", .modern, .nineP),
    Observation("balloon", .modern, .balloon),
    Observation("gpu", .modern, .gpu),
    Observation("vsock", .modern, .socket),
  ]

  /// What the function did that cannot be read of it before a driver starts it. Each is driven, as
  /// far as is known, and a step that was not checked is the one at which Linux stopped.
  private static let undecidable = [
    Observation("refuses-features", .refused), Observation("status-0", .refused),
  ]

  @Test("predicts what Linux did", arguments: observations)
  func prediction(_ observation: Observation) throws {
    let verdict = Driver.linux.prediction(for: try observation.make().function())
    #expect(verdict.outcome == observation.seen)
  }

  @Test("names the step that nothing shows beforehand", arguments: undecidable)
  func attempt(_ observation: Observation) throws {
    let verdict = Driver.linux.prediction(for: try observation.make().function())
    #expect(verdict.outcome == .modern)
    #expect(Driver.linux.unchecked(in: verdict).map(\.key) == ["features-ok"])
  }
}

extension Specimen {
  fileprivate mutating func common(bar: UInt8 = 4, offset: UInt32 = 0, length: UInt32 = 56) {
    capabilities[Self.common] = .common(bar: bar, offset: offset, length: length)
  }

  fileprivate mutating func isr(offset: UInt32 = 0x1000, length: UInt32 = 1) {
    capabilities[Self.isr] = .virtio(3, bar: 4, offset: offset, length: length)
  }

  fileprivate mutating func config(offset: UInt32 = 0x2000, length: UInt32 = 0x1000) {
    capabilities[Self.config] = .virtio(4, bar: 4, offset: offset, length: length)
  }

  fileprivate mutating func doorbells(
    offset: UInt32 = 0x3000, length: UInt32 = 0x1000, multiplier: UInt8 = 4, capLen: UInt8? = nil
  ) {
    capabilities[Self.notify] = Self.doorbells(
      offset: offset, length: length, multiplier: multiplier, capLen: capLen)
  }
}

extension Function {
  fileprivate mutating func withoutCapabilities(_ end: CapabilityListEnd) {
    capabilities = []
    pciCapabilities = []
    listEnd = end
  }
}
