import TestSupport
import Testing

@testable import VirtioConformance
@testable import VirtioPCI

/// What SeaBIOS 1.16.2, U-Boot 2023.01 and OVMF 2022.11 did with a block device of one defect, and
/// DPDK 22.11.11 with a network device. What is nil was not seen, or depends on more than the
/// function.
struct FirmwareObservation: Sendable, CustomTestStringConvertible {
  /// What was seen of a driver: it used the function, did not, or hung.
  enum Seen: Sendable { case used, unused, hung }

  var testDescription: String
  var seen: [String: Seen]
  var change: @Sendable (inout Specimen) -> Void

  init(
    _ name: String, seabios: Seen?, uboot: Seen?, ovmf: Seen?, dpdk: Seen?,
    _ change: @escaping @Sendable (inout Specimen) -> Void = { _ in }
  ) {
    testDescription = name
    seen = [:]
    seen["seabios"] = seabios
    seen["u-boot"] = uboot
    seen["ovmf"] = ovmf
    seen["dpdk"] = dpdk
    self.change = change
  }
}

@Suite("Firmware and DPDK in the zoo")
struct FirmwareZooTests {
  static let observations: [FirmwareObservation] = [
    FirmwareObservation("sound", seabios: .used, uboot: .used, ovmf: .used, dpdk: .used),
    FirmwareObservation("transitional", seabios: .used, uboot: .used, ovmf: .used, dpdk: .used) {
      $0.makeTransitional()
    },
    FirmwareObservation("legacy", seabios: .used, uboot: .used, ovmf: .used, dpdk: .used) {
      $0 = $0.type == .net ? .legacyNet : .legacyBlk
    },
    FirmwareObservation(
      "common-length-52", seabios: .used, uboot: .unused, ovmf: .unused, dpdk: .used
    ) { $0.put(Specimen.common, .common(bar: 4, length: 52)) },
    FirmwareObservation(
      "common-length-0", seabios: .used, uboot: .unused, ovmf: .unused, dpdk: .used
    ) { $0.put(Specimen.common, .common(bar: 4, length: 0)) },
    FirmwareObservation(
      "common-bar-6", seabios: .unused, uboot: .unused, ovmf: .unused, dpdk: .unused
    ) { $0.put(Specimen.common, .common(bar: 6, length: 56)) },
    FirmwareObservation(
      "common-misaligned-2", seabios: .used, uboot: .used, ovmf: .unused, dpdk: .used
    ) { $0.put(Specimen.common, .common(bar: 4, offset: 2, length: 56)) },
    FirmwareObservation(
      "common-offset-4000", seabios: .unused, uboot: .unused, ovmf: .unused, dpdk: .unused
    ) { $0.put(Specimen.common, .common(bar: 4, offset: 0x4000, length: 56)) },
    FirmwareObservation(
      "common-length-beyond", seabios: .used, uboot: .used, ovmf: .used, dpdk: .unused
    ) { $0.put(Specimen.common, .common(bar: 4, length: 0x10_0000)) },
    FirmwareObservation(
      "common-offset-wraps", seabios: .unused, uboot: .unused, ovmf: .unused, dpdk: .unused
    ) { $0.put(Specimen.common, .common(bar: 4, offset: 0xFFFF_FFF0, length: 56)) },
    FirmwareObservation(
      "common-cap-len-0", seabios: .used, uboot: .used, ovmf: .unused, dpdk: .used
    ) { $0.put(Specimen.common, .virtio(1, bar: 4, length: 56, capLen: 0)) },
    FirmwareObservation(
      "no-common", seabios: .unused, uboot: .unused, ovmf: .unused, dpdk: .unused
    ) { $0.put(Specimen.common, nil) },
    FirmwareObservation("no-isr", seabios: .unused, uboot: .used, ovmf: .used, dpdk: .unused) {
      $0.put(Specimen.isr, nil)
    },
    // OVMF sets DRIVER_OK, and then every request fails.
    FirmwareObservation(
      "no-notify", seabios: .unused, uboot: .unused, ovmf: .unused, dpdk: .unused
    ) { $0.put(Specimen.notify, nil) },
    FirmwareObservation(
      "no-device", seabios: .unused, uboot: .used, ovmf: .unused, dpdk: .unused
    ) { $0.put(Specimen.config, nil) },
    FirmwareObservation("no-pci-cfg", seabios: .used, uboot: .used, ovmf: .used, dpdk: .used) {
      $0.put(Specimen.window, nil)
    },
    FirmwareObservation("isr-length-0", seabios: .used, uboot: .used, ovmf: .used, dpdk: .used) {
      $0.put(Specimen.isr, .virtio(3, bar: 4, offset: 0x1000, length: 0))
    },
    FirmwareObservation(
      "isr-offset-4000", seabios: .used, uboot: .used, ovmf: .used, dpdk: .unused
    ) { $0.put(Specimen.isr, .virtio(3, bar: 4, offset: 0x4000, length: 1)) },
    FirmwareObservation(
      "notify-length-1", seabios: .used, uboot: .used, ovmf: .unused, dpdk: .used
    ) { $0.put(Specimen.notify, Specimen.doorbells(length: 1)) },
    FirmwareObservation(
      "notify-length-2", seabios: .used, uboot: .used, ovmf: .used, dpdk: .used
    ) { $0.put(Specimen.notify, Specimen.doorbells(length: 2)) },
    FirmwareObservation(
      "notify-odd-offset", seabios: .used, uboot: .used, ovmf: .unused, dpdk: .unused
    ) { $0.put(Specimen.notify, Specimen.doorbells(offset: 0x3001)) },
    FirmwareObservation(
      "notify-cap-len-16", seabios: .used, uboot: .used, ovmf: .unused, dpdk: .used
    ) { $0.put(Specimen.notify, Specimen.doorbells(capLen: 16)) },
    FirmwareObservation(
      "notify-multiplier-0", seabios: .used, uboot: .used, ovmf: .used, dpdk: .used
    ) { $0.put(Specimen.notify, Specimen.doorbells(multiplier: 0)) },
    FirmwareObservation(
      "notify-off-beyond", seabios: .hung, uboot: .hung, ovmf: .unused, dpdk: .used
    ) { specimen in
      for index in specimen.queues.indices { specimen.queues[index].notifyOff = 0x1000 }
    },
    FirmwareObservation(
      "device-length-0", seabios: .used, uboot: .used, ovmf: .unused, dpdk: .used
    ) { $0.put(Specimen.config, .virtio(4, bar: 4, offset: 0x2000, length: 0)) },
    FirmwareObservation(
      "device-misaligned-2", seabios: .used, uboot: .used, ovmf: .unused, dpdk: .used
    ) { $0.put(Specimen.config, .virtio(4, bar: 4, offset: 0x2002)) },
    FirmwareObservation(
      "first-common-short", seabios: .used, uboot: .unused, ovmf: .used, dpdk: .used
    ) { $0.put(0x40, .common(bar: 4, length: 48)) },
    FirmwareObservation(
      "first-common-bar-6", seabios: .unused, uboot: .used, ovmf: .unused, dpdk: .used
    ) { $0.put(0x40, .common(bar: 6, length: 56)) },
    FirmwareObservation(
      "pointer-0", seabios: .unused, uboot: .unused, ovmf: .unused, dpdk: .unused
    ) { $0.edit = { $0.withoutCapabilities(.terminated) } },
    // DPDK does not look at the status bit.
    FirmwareObservation(
      "status-bit-clear", seabios: .unused, uboot: .unused, ovmf: .unused, dpdk: .used
    ) { $0.edit = { $0.withoutCapabilities(.absent) } },
    FirmwareObservation("loop-no-notify", seabios: .hung, uboot: .hung, ovmf: nil, dpdk: nil) {
      $0.put(Specimen.notify, nil)
      $0.makeLoop()
    },
    FirmwareObservation(
      "transitional-revision-1", seabios: .used, uboot: .unused, ovmf: .unused, dpdk: .used
    ) {
      $0.makeTransitional()
      $0.revision = 1
    },
    FirmwareObservation("header-type-1", seabios: .used, uboot: nil, ovmf: .unused, dpdk: nil) {
      $0.headerType = 1
    },
    FirmwareObservation(
      "bar-4-absent", seabios: .unused, uboot: .unused, ovmf: .unused, dpdk: .unused
    ) { $0.bars[4] = nil },
    FirmwareObservation(
      "no-interrupt", seabios: .used, uboot: .used, ovmf: .used, dpdk: .used
    ) {
      $0.pin = 0
      $0.put(Specimen.msix, nil)
    },
    FirmwareObservation(
      "no-version-1", seabios: .unused, uboot: .unused, ovmf: .used, dpdk: .unused
    ) { $0.remove(.version1) },
    FirmwareObservation(
      "queue-size-100", seabios: .used, uboot: .unused, ovmf: .used, dpdk: .unused
    ) { specimen in
      for index in specimen.queues.indices { specimen.queues[index].size = 100 }
    },
    FirmwareObservation(
      "queue-size-0", seabios: .unused, uboot: .unused, ovmf: .unused, dpdk: .unused
    ) { specimen in
      for index in specimen.queues.indices { specimen.queues[index].size = 0 }
    },
    FirmwareObservation(
      "queue-size-32768", seabios: .used, uboot: .used, ovmf: .used, dpdk: nil
    ) { specimen in
      for index in specimen.queues.indices { specimen.queues[index].size = 32768 }
    },
    FirmwareObservation(
      "num-queues-0", seabios: .used, uboot: .unused, ovmf: .used, dpdk: .used
    ) { $0.numQueues = 0 },
    FirmwareObservation("status-ff", seabios: .used, uboot: .hung, ovmf: nil, dpdk: nil) {
      $0.status = 0xFF
    },
  ]

  @Test("predicts what each did", arguments: observations)
  func prediction(_ observation: FirmwareObservation) throws {
    for (key, seen) in observation.seen {
      let driver = try #require(Driver.named(key))
      var specimen = Specimen(key == "dpdk" ? .net : .blk)
      specimen.offered = [Feature.version1.bit]
      specimen.put(Specimen.common, .common(bar: 4, length: 56))
      observation.change(&specimen)
      let outcome = driver.prediction(for: try specimen.function()).outcome
      switch seen {
      case .used: #expect(outcome.isDriven, "\(key)")
      case .unused: #expect(outcome == .refused, "\(key)")
      case .hung: #expect(outcome == .fatal, "\(key)")
      }
    }
  }
}

extension Specimen {
  fileprivate mutating func makeTransitional() {
    device = type == .net ? 0x1000 : 0x1001
    revision = 0
    subsystem = type.rawValue
    bars[0] = BAR(index: 0, space: .io, address: 0xC000, size: 0x40)
  }
}

extension Function {
  fileprivate mutating func withoutCapabilities(_ end: CapabilityListEnd) {
    capabilities = []
    pciCapabilities = []
    listEnd = end
  }
}
