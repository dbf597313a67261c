import TestSupport

@testable import VirtioConformance
@testable import VirtioPCI

extension DriverDefect {
  static let firmware = dpdk + seabios + uboot + ovmf + ipxe

  private static let dpdk: [DriverDefect] = [
    DriverDefect("dpdk", "list-ends", .net, .fatal) { $0.makeLoop() },
    DriverDefect("dpdk", "common", .net) { $0.put(Specimen.common, nil) },
    DriverDefect("dpdk", "common-in-bar", .net) {
      $0.put(Specimen.last, .common(bar: 4, offset: 0x3FF0, length: 64))
    },
    DriverDefect("dpdk", "notify", .net) { $0.put(Specimen.notify, nil) },
    DriverDefect("dpdk", "notify-in-bar", .net) {
      $0.put(Specimen.notify, Specimen.doorbells(offset: 0x3001))
    },
    DriverDefect("dpdk", "device", .net) { $0.put(Specimen.config, nil) },
    DriverDefect("dpdk", "device-in-bar", .net) { $0.put(Specimen.config, .virtio(4, bar: 6)) },
    DriverDefect("dpdk", "isr", .net) { $0.put(Specimen.isr, nil) },
    DriverDefect("dpdk", "isr-in-bar", .net) {
      $0.put(Specimen.isr, .virtio(3, bar: 4, offset: 0xFFFF_FFFF, length: 1))
    },
    DriverDefect("dpdk", "legacy-bar", .legacyNet) { $0.bars[0] = nil },
    DriverDefect("dpdk", "version-1", .net) { $0.remove(.version1) },
    DriverDefect("dpdk", "net-mtu", .net, .modern) { $0.set("mtu", 67) },
    DriverDefect("dpdk", "queue-exists", .net) { $0.queues[1].size = 0 },
    DriverDefect("dpdk", "queue-size", .net) {
      $0.remove(.ringPacked)
      $0.queues[1].size = 100
    },
  ]

  private static let seabios: [DriverDefect] = [
    DriverDefect("seabios", "list-ends", .blk, .fatal) { $0.makeLoop() },
    DriverDefect("seabios", "list-aligned", .blk) {
      $0.edit = { $0.pciCapabilities[0].next |= 2 }
    },
    DriverDefect("seabios", "common-bar", .blk) { $0.put(Specimen.common, .common(bar: 6)) },
    DriverDefect("seabios", "notify-bar", .blk) {
      $0.put(Specimen.notify, Specimen.doorbells(bar: 3))
    },
    DriverDefect("seabios", "isr-bar", .blk) { $0.put(Specimen.isr, .virtio(3, bar: 3)) },
    DriverDefect("seabios", "device-bar", .blk) {
      $0.bars[2] = BAR(
        index: 2, space: .memory(width: 64, prefetchable: true), address: 1 << 32, size: 0x1000)
      $0.put(Specimen.config, .virtio(4, bar: 2))
      $0.put(Specimen.window, nil)
    },
    DriverDefect("seabios", "common", .blk) { $0.put(Specimen.common, nil) },
    DriverDefect("seabios", "notify", .blk) { $0.put(Specimen.notify, nil) },
    DriverDefect("seabios", "isr", .blk) { $0.put(Specimen.isr, nil) },
    DriverDefect("seabios", "device", .blk) { $0.put(Specimen.config, nil) },
    DriverDefect("seabios", "common-in-bar", .blk) {
      $0.put(Specimen.common, .common(bar: 4, offset: 0x4000))
    },
    DriverDefect("seabios", "legacy-bar", .legacyBlk) {
      $0.bars[0] = Specimen.memory(0, at: 0xE003_0000, size: 0x1000)
    },
    DriverDefect("seabios", "version-1", .blk) { $0.remove(.version1) },
    DriverDefect("seabios", "blk-block-size", .blk) { $0.set("blk_size", 4096) },
    DriverDefect("seabios", "queue-exists", .blk) { $0.queues[0].size = 0 },
    DriverDefect("seabios", "queue-exists", Specimen(.scsi)) { $0.queues[2].size = 0 },
    DriverDefect("seabios", "queue-idle", .blk) { $0.queues[0].enable = 1 },
    DriverDefect("seabios", "queue-holds-request", .blk, .fatal) { $0.queues[0].size = 2 },
    DriverDefect("seabios", "queue-doorbell", .blk, .fatal) { $0.queues[0].notifyOff = 0x400 },
  ]

  private static let uboot: [DriverDefect] = [
    DriverDefect("u-boot", "header-type", .blk) { $0.headerType = 1 },
    DriverDefect("u-boot", "queue-holds-request", .blk) { $0.queues[0].size = 2 },
    DriverDefect("u-boot", "legacy-subsystem", .transitionalNet, .noDriver) { $0.subsystem = 0 },
    DriverDefect("u-boot", "queue-doorbell", .blk, .fatal) {
      $0.put(Specimen.notify, Specimen.doorbells(offset: 0x4000, length: 4))
    },
    DriverDefect("u-boot", "list-ends", .blk, .fatal) {
      $0.put(Specimen.notify, nil)
      $0.makeLoop()
    },
    DriverDefect("u-boot", "common", .blk) { $0.put(Specimen.common, .common(bar: 6)) },
    DriverDefect("u-boot", "common-length", .blk) {
      $0.put(Specimen.common, .common(bar: 4, length: 52))
    },
    DriverDefect("u-boot", "notify", .blk) { $0.put(Specimen.notify, nil) },
    DriverDefect("u-boot", "common-bar", .blk) { $0.put(Specimen.common, .common(bar: 3)) },
    DriverDefect("u-boot", "notify-bar", .blk) {
      $0.put(Specimen.notify, Specimen.doorbells(bar: 3))
    },
    DriverDefect("u-boot", "device-bar", .blk) {
      $0.bars[0] = BAR(index: 0, space: .io, address: 0xC000, size: 0x1000)
      $0.put(Specimen.config, .virtio(4, bar: 0))
    },
    DriverDefect("u-boot", "common-in-bar", .blk) {
      $0.put(Specimen.common, .common(bar: 4, offset: 0x4000))
    },
    DriverDefect("u-boot", "legacy-revision", .transitionalNet) { $0.revision = 1 },
    DriverDefect("u-boot", "legacy-bar", .legacyNet) { $0.bars[0] = nil },
    DriverDefect("u-boot", "driver", Specimen(.gpu), .noDriver) { _ in },
    DriverDefect("u-boot", "reset", .blk, .fatal) { $0.status = 0xFF },
    DriverDefect("u-boot", "version-1", .blk) { $0.remove(.version1) },
    DriverDefect("u-boot", "num-queues", .net) { $0.numQueues = 1 },
    DriverDefect("u-boot", "queue-exists", .net) { $0.queues[1].size = 0 },
    DriverDefect("u-boot", "queue-idle", .net) { $0.queues[1].enable = 1 },
    DriverDefect("u-boot", "queue-size", .net) { $0.queues[1].size = 100 },
    DriverDefect("u-boot", "queue-doorbell", .blk, .fatal) { $0.queues[0].notifyOff = 0x1000 },
  ]

  private static let ovmf: [DriverDefect] = [
    DriverDefect("ovmf", "header-type", .blk) { $0.headerType = 1 },
    DriverDefect("ovmf", "legacy-subsystem", .transitionalNet, .noDriver) { $0.subsystem = 0 },
    DriverDefect("ovmf", "revision", .blk) { $0.revision = 0 },
    DriverDefect("ovmf", "subsystem", .blk) { $0.subsystem = 2 },
    DriverDefect("ovmf", "vga", Specimen(.gpu)) { $0.classCode = 0x030000 },
    DriverDefect("ovmf", "list-ends", .blk, .fatal) { $0.makeLoop() },
    DriverDefect("ovmf", "bars", .blk) { $0.put(0x40, .common(bar: 6)) },
    DriverDefect("ovmf", "driver", Specimen(.sound), .noDriver) { _ in },
    DriverDefect("ovmf", "common", .blk) {
      $0.put(Specimen.common, .virtio(1, bar: 4, length: 64, capLen: 12))
    },
    DriverDefect("ovmf", "common-length", .blk) {
      $0.put(Specimen.common, .common(bar: 4, length: 52))
    },
    DriverDefect("ovmf", "common-aligned", .blk) {
      $0.put(Specimen.common, .common(bar: 4, offset: 2, length: 64))
    },
    DriverDefect("ovmf", "common-in-bar", .blk) {
      $0.put(Specimen.common, .common(bar: 4, offset: 0x4000, length: 64))
    },
    DriverDefect("ovmf", "legacy-revision", .transitionalNet) { $0.revision = 1 },
    DriverDefect("ovmf", "legacy-bar", .legacyNet) { $0.bars[0] = nil },
    DriverDefect("ovmf", "legacy-type", Specimen.transitional(.gpu, id: 0x1010)) { _ in },
    DriverDefect("ovmf", "version-1", Specimen(.fs)) { $0.remove(.version1) },
    DriverDefect("ovmf", "device", .blk) { $0.put(Specimen.config, nil) },
    DriverDefect("ovmf", "device-aligned", .blk) {
      $0.put(Specimen.config, .virtio(4, bar: 4, offset: 0x2002))
    },
    DriverDefect("ovmf", "device-length", .blk) {
      $0.put(Specimen.config, .virtio(4, bar: 4, offset: 0x2000, length: 0))
    },
    DriverDefect("ovmf", "blk-capacity", .blk) { $0.set("capacity", 0) },
    DriverDefect("ovmf", "blk-block-size", .blk) { $0.set("blk_size", 1000) },
    DriverDefect("ovmf", "net-mac", .net) { $0.remove(Feature.Net.mac) },
    DriverDefect("ovmf", "queue-size", .blk) { $0.queues[0].size = 2 },
    DriverDefect("ovmf", "notify", .blk) {
      $0.put(Specimen.notify, Specimen.doorbells(capLen: 16))
    },
    DriverDefect("ovmf", "queue-doorbell", .blk) { $0.queues[0].notifyOff = 0x400 },
    DriverDefect("ovmf", "queue-doorbell", .blk) {
      $0.put(Specimen.notify, Specimen.doorbells(offset: 0x4000, length: 4))
    },
  ]

  private static let ipxe: [DriverDefect] = [
    DriverDefect("ipxe", "list-ends", .net, .fatal) {
      $0.put(Specimen.notify, nil)
      $0.makeLoop()
    },
    DriverDefect("ipxe", "common", .net) { $0.put(Specimen.common, .common(bar: 6)) },
    DriverDefect("ipxe", "notify", .net) { $0.put(Specimen.notify, nil) },
    DriverDefect("ipxe", "notify-cap-len", .net) {
      $0.put(Specimen.notify, Specimen.doorbells(capLen: 16))
    },
    DriverDefect("ipxe", "device", .net) { $0.put(Specimen.config, nil) },
    DriverDefect("ipxe", "legacy-bar", .legacyNet) { $0.bars[0] = nil },
    DriverDefect("ipxe", "reset", .net) { $0.status = 0xFF },
    DriverDefect("ipxe", "queue-size", .net) { $0.queues[1].size = 100 },
    DriverDefect("ipxe", "queue-doorbell", .net, .modern) { $0.queues[1].notifyOff = 2 },
  ]
}
