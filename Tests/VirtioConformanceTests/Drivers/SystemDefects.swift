import TestSupport

@testable import VirtioConformance
@testable import VirtioPCI

extension DriverDefect {
  static let systems = freebsd + openbsd + netbsd + illumos + rcore + windows

  private static let freebsd: [DriverDefect] = [
    DriverDefect("freebsd", "list-ends", .blk, .fatal) {
      $0.put(Specimen.isr, nil)
      $0.makeLoop()
    },
    DriverDefect("freebsd", "common", .blk) { $0.put(Specimen.common, .common(bar: 6)) },
    DriverDefect("freebsd", "notify", .blk) { $0.put(Specimen.notify, nil) },
    DriverDefect("freebsd", "isr", .blk) { $0.put(Specimen.isr, nil) },
    DriverDefect("freebsd", "common-cap-len", .blk) {
      $0.put(Specimen.common, .virtio(1, bar: 4, length: 64, capLen: 12))
    },
    DriverDefect("freebsd", "common-length", .blk) {
      $0.put(Specimen.common, .common(bar: 4, length: 55))
    },
    DriverDefect("freebsd", "common-aligned", .blk) {
      $0.put(Specimen.common, .common(bar: 4, offset: 2, length: 64))
    },
    DriverDefect("freebsd", "common-bar", .blk) { $0.put(Specimen.common, .common(bar: 3)) },
    DriverDefect("freebsd", "notify-cap-len", .blk) {
      $0.put(Specimen.notify, Specimen.doorbells(capLen: 12))
    },
    DriverDefect("freebsd", "notify-aligned", .blk) {
      $0.put(Specimen.notify, Specimen.doorbells(offset: 0x3001))
    },
    DriverDefect("freebsd", "notify-bar", .blk) {
      $0.put(Specimen.notify, Specimen.doorbells(bar: 3))
    },
    DriverDefect("freebsd", "isr-cap-len", .blk) {
      $0.put(Specimen.isr, .virtio(3, bar: 4, offset: 0x1000, length: 1, capLen: 12))
    },
    DriverDefect("freebsd", "isr-length", .blk) {
      $0.put(Specimen.isr, .virtio(3, bar: 4, offset: 0x1000, length: 0))
    },
    DriverDefect("freebsd", "isr-bar", .blk) { $0.put(Specimen.isr, .virtio(3, bar: 3)) },
    DriverDefect("freebsd", "device-cap-len", .blk) {
      $0.put(Specimen.config, .virtio(4, bar: 4, offset: 0x2000, capLen: 12))
    },
    DriverDefect("freebsd", "device-aligned", .blk) {
      $0.put(Specimen.config, .virtio(4, bar: 4, offset: 0x2002))
    },
    DriverDefect("freebsd", "device-bar", .blk) { $0.put(Specimen.config, .virtio(4, bar: 3)) },
    DriverDefect("freebsd", "device", .blk, .fatal) { $0.put(Specimen.config, nil) },
    DriverDefect("freebsd", "legacy-revision", .transitionalNet) { $0.revision = 1 },
    DriverDefect("freebsd", "legacy-bar", .legacyNet) { $0.bars[0] = nil },
    DriverDefect("freebsd", "reset", .blk, .fatal) { $0.status = 0xFF },
    DriverDefect("freebsd", "num-queues", .net) { $0.numQueues = 1 },
    DriverDefect("freebsd", "queue-exists", .net) { $0.queues[1].size = 0 },
    DriverDefect("freebsd", "queue-size", .net) { $0.queues[1].size = 100 },
  ]

  /// What OpenBSD and NetBSD have in common.
  private static func bsd(_ key: String) -> [DriverDefect] {
    [
      DriverDefect(key, "list-ends", .blk, .fatal) {
        $0.put(Specimen.isr, nil)
        $0.makeLoop()
      },
      DriverDefect(key, "common", .blk) { $0.put(Specimen.common, nil) },
      DriverDefect(key, "common-cap-len", .blk) {
        $0.put(Specimen.common, .virtio(1, bar: 4, length: 64, tail: [0, 0, 0, 0]))
      },
      DriverDefect(key, "notify", .blk) { $0.put(Specimen.notify, nil) },
      DriverDefect(key, "notify-cap-len", .blk) {
        $0.put(Specimen.notify, Specimen.doorbells(capLen: 21))
      },
      DriverDefect(key, "isr", .blk) { $0.put(Specimen.isr, nil) },
      DriverDefect(key, "isr-cap-len", .blk) {
        $0.put(Specimen.isr, .virtio(3, bar: 4, offset: 0x1000, length: 1, capLen: 17))
      },
      DriverDefect(key, "common-bar", .blk) { $0.put(Specimen.common, .common(bar: 3)) },
      DriverDefect(key, "notify-bar", .blk) {
        $0.put(Specimen.notify, Specimen.doorbells(bar: 3))
      },
      DriverDefect(key, "isr-bar", .blk) { $0.put(Specimen.isr, .virtio(3, bar: 3)) },
      DriverDefect(key, "device-bar", .blk) { $0.put(Specimen.config, .virtio(4, bar: 3)) },
      DriverDefect(key, "legacy-bar", .legacyNet) { $0.bars[0] = nil },
      DriverDefect(key, "version-1", .blk) { $0.remove(.version1) },
    ]
  }

  private static let openbsd =
    bsd("openbsd") + [
      DriverDefect("openbsd", "revision", .transitionalNet) { $0.revision = 1 },
      DriverDefect("openbsd", "reset", .blk, .fatal) { $0.status = 0xFF },
      DriverDefect("openbsd", "queue-exists", .net) { $0.queues[1].size = 0 },
      DriverDefect("openbsd", "queue-size", .net, .fatal) { $0.queues[1].size = 100 },
    ]

  private static let netbsd =
    bsd("netbsd") + [
      DriverDefect("netbsd", "revision", .transitionalNet) { $0.revision = 1 },
      DriverDefect("netbsd", "revision", .blk) { $0.revision = 2 },
      DriverDefect("netbsd", "notify-in-bar", .blk) {
        $0.put(Specimen.notify, Specimen.doorbells(length: 0x2000))
      },
      DriverDefect("netbsd", "device-in-bar", .blk) {
        $0.put(Specimen.config, .virtio(4, bar: 4, offset: 0x3FFC))
      },
      DriverDefect("netbsd", "isr-in-bar", .blk) {
        $0.put(Specimen.isr, .virtio(3, bar: 4, offset: 0x4000, length: 1))
      },
      DriverDefect("netbsd", "common-in-bar", .blk) {
        $0.put(Specimen.common, .common(bar: 4, length: 0x8000))
      },
    ]

  private static let illumos: [DriverDefect] = [
    DriverDefect("illumos", "revision", .legacyNet) { $0.revision = 1 },
    DriverDefect("illumos", "common", .blk) {
      $0.put(Specimen.common, .virtio(1, bar: 4, length: 64, capLen: 12))
    },
    DriverDefect("illumos", "notify", .blk) {
      $0.put(Specimen.notify, Specimen.doorbells(capLen: 16))
    },
    DriverDefect("illumos", "isr", .blk) { $0.put(Specimen.isr, nil) },
    DriverDefect("illumos", "device", Specimen(.rng)) { $0.put(Specimen.config, nil) },
    DriverDefect("illumos", "common-bar", .blk) { $0.put(Specimen.common, .common(bar: 3)) },
    DriverDefect("illumos", "common-in-bar", .blk) {
      $0.put(Specimen.common, .common(bar: 4, length: 0x8000))
    },
    DriverDefect("illumos", "notify-bar", .blk) {
      $0.put(Specimen.notify, Specimen.doorbells(bar: 6))
    },
    DriverDefect("illumos", "notify-in-bar", .blk) {
      $0.put(Specimen.notify, Specimen.doorbells(length: 0x2000))
    },
    DriverDefect("illumos", "isr-bar", .blk) { $0.put(Specimen.isr, .virtio(3, bar: 3)) },
    DriverDefect("illumos", "isr-in-bar", .blk) {
      $0.put(Specimen.isr, .virtio(3, bar: 4, offset: 0x4000, length: 1))
    },
    DriverDefect("illumos", "device-bar", .blk) { $0.put(Specimen.config, .virtio(4, bar: 3)) },
    DriverDefect("illumos", "device-in-bar", .blk) {
      $0.put(Specimen.config, .virtio(4, bar: 4, offset: 0x3FFC))
    },
    DriverDefect("illumos", "legacy-bar", .legacyNet) { $0.bars[0] = nil },
    DriverDefect("illumos", "queue-exists", .net) { $0.queues[1].size = 0 },
    DriverDefect("illumos", "queue-doorbell", .net) { $0.queues[1].notifyOff = 0x3FF + 1 },
  ]

  private static let rcore: [DriverDefect] =
    [
      DriverDefect("rcore", "common", .blk) { $0.put(Specimen.common, nil) },
      DriverDefect("rcore", "common-length", .blk) {
        $0.put(Specimen.common, .common(bar: 4, length: 55))
      },
      DriverDefect("rcore", "common-aligned", .blk) {
        $0.put(Specimen.common, .common(bar: 4, offset: 4, length: 64))
      },
      DriverDefect("rcore", "notify", .blk) {
        $0.put(Specimen.notify, Specimen.doorbells(capLen: 16))
      },
      DriverDefect("rcore", "multiplier", .blk) {
        $0.put(Specimen.notify, Specimen.doorbells(multiplier: 3))
      },
      DriverDefect("rcore", "notify-length", .blk) {
        $0.put(Specimen.notify, Specimen.doorbells(length: 1))
      },
      DriverDefect("rcore", "notify-aligned", .blk) {
        $0.put(Specimen.notify, Specimen.doorbells(offset: 0x2FFF))
      },
      DriverDefect("rcore", "isr", .blk) { $0.put(Specimen.isr, nil) },
      DriverDefect("rcore", "isr-length", .blk) {
        $0.put(Specimen.isr, .virtio(3, bar: 4, offset: 0x1000, length: 0))
      },
      DriverDefect("rcore", "device-length", .blk) {
        $0.put(Specimen.config, .virtio(4, bar: 4, offset: 0x2000, length: 2))
      },
      DriverDefect("rcore", "device-aligned", .blk) {
        $0.put(Specimen.config, .virtio(4, bar: 4, offset: 0x1FFE))
      },
    ]
    + region("common", at: Specimen.common, 1) + region("notify", at: Specimen.notify, 2)
    + region("isr", at: Specimen.isr, 3) + region("device", at: Specimen.config, 4)

  /// What each structure has to be for rcore.
  private static func region(_ key: String, at place: Int, _ type: UInt8) -> [DriverDefect] {
    [
      DriverDefect("rcore", key + "-bar", .blk) {
        $0.bars[0] = BAR(index: 0, space: .io, address: 0xC000, size: 0x8000)
        $0.capabilities[place]?.bytes[4] = 0
      },
      DriverDefect("rcore", key + "-assigned", .blk) {
        $0.bars[3] = Specimen.memory(3, at: nil, size: 0x8000)
        $0.capabilities[place]?.bytes[4] = 3
      },
      DriverDefect("rcore", key + "-in-bar", .blk) {
        $0.put(place, .virtio(type, bar: 4, length: 0x4008, tail: [4, 0, 0, 0]))
      },
    ]
  }

  private static let windows: [DriverDefect] = [
    DriverDefect("windows", "driver", Specimen(.sound), .noDriver) { _ in },
    DriverDefect("windows", "list-ends", .blk, .fatal) { $0.makeLoop() },
    DriverDefect("windows", "common", .blk) { $0.put(Specimen.common, .common(bar: 3)) },
    DriverDefect("windows", "isr", .blk) { $0.put(Specimen.isr, nil) },
    DriverDefect("windows", "notify", .blk) { $0.put(Specimen.notify, nil) },
    DriverDefect("windows", "common-length", .blk) {
      $0.put(Specimen.last, .common(bar: 4, length: 55))
    },
    DriverDefect("windows", "common-aligned", .blk) {
      $0.put(Specimen.common, .common(bar: 4, offset: 2, length: 64))
    },
    DriverDefect("windows", "common-in-bar", .blk) {
      $0.put(Specimen.common, .common(bar: 4, offset: 0x4000, length: 64))
    },
    DriverDefect("windows", "isr-length", .blk) {
      $0.put(Specimen.isr, .virtio(3, bar: 4, offset: 0x1000, length: 0))
    },
    DriverDefect("windows", "isr-in-bar", .blk) {
      $0.put(Specimen.isr, .virtio(3, bar: 4, offset: 0x4000, length: 1))
    },
    DriverDefect("windows", "notify-length", .blk) {
      $0.put(Specimen.notify, Specimen.doorbells(length: 1))
    },
    DriverDefect("windows", "notify-aligned", .blk) {
      $0.put(Specimen.notify, Specimen.doorbells(offset: 0x3001, length: 0x100))
    },
    DriverDefect("windows", "device-aligned", .blk) {
      $0.put(Specimen.config, .virtio(4, bar: 4, offset: 0x2002))
    },
    DriverDefect("windows", "device-in-bar", .blk) {
      $0.put(Specimen.config, .virtio(4, bar: 4, offset: 0x4004))
    },
    DriverDefect("windows", "legacy-bar", .legacyNet) { $0.bars[0] = nil },
    DriverDefect("windows", "reset", .blk, .fatal) { $0.status = 0xFF },
    DriverDefect("windows", "version-1", .blk) { $0.remove(.version1) },
    DriverDefect("windows", "num-queues", .net) { $0.numQueues = 1 },
    DriverDefect("windows", "queue-exists", .net) { $0.queues[1].size = 0 },
    DriverDefect("windows", "queue-size", .net) { $0.queues[1].size = 100 },
    DriverDefect("windows", "queue-doorbell", .net) { $0.queues[1].notifyOff = 0x400 },
  ]
}
