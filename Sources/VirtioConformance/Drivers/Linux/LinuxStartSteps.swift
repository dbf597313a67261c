import VirtioPCI

/// What the virtio bus of Linux does with a device, whatever its type.
extension Driver {
  static let linuxStartSteps: [Step] = [
    Step(
      "reset", effect: .isFatal, on: .modern, "The status reads 0 after a reset.",
      else: "the status reads {0x}: nothing answers there, and Linux waits for 0 forever",
      at: Citation("drivers/virtio/virtio_pci_modern.c", "vp_reset"), needs: .status
    ) { function in
      if function.registersAreAllOnes || function.statusIsAllOnes {
        // With its decoding off nothing answers either, and Linux turns that on.
        return function.linuxIsDecoding == false ? .notRead : .fails(0xFF)
      }
      return function.status == nil ? .notRead : .passes
    },
    Step(
      "driver", effect: .hasNoDriver, "There is a driver for the device type.",
      else: "Linux has no driver for device type {0}",
      at: Citation("drivers/virtio/virtio.c", "virtio_dev_match"), needs: []
    ) { function in
      guard let type = function.linuxType else { return .fails() }
      return .require(LinuxDevice.of(type) != nil, UInt64(type.rawValue))
    },
    Step(
      "version-1", on: .modern, "The device offers VIRTIO_F_VERSION_1.",
      else: "VIRTIO_F_VERSION_1 is not offered", at: finalizeFeatures,
      logs: "virtio: device uses modern interface but does not have VIRTIO_F_VERSION_1",
      needs: .offered
    ) { .require($0.offers(.version1)) },
    commonSize("ring-reset-size", .ringReset, holds: 60),
    commonSize("admin-vq-size", .adminVQ, holds: 64),
  ]

  /// Refused by 6.12 and later: 6.1 does not look at the length again.
  private static func commonSize(_ key: String, _ feature: Feature, holds size: UInt64) -> Step {
    Step(
      key, on: .modern, since: "6.12",
      "With \(feature.name) the common configuration has at least \(size) bytes.",
      else: "\(feature.name) is offered, and the common configuration has {0} bytes; {1} are"
        + " needed",
      at: Citation("drivers/virtio/virtio_pci_modern.c", "vp_check_common_size"),
      logs: "virtio: common cfg size(%zu) does not match the feature \(feature.name)",
      needs: [.capabilities, .bars, .offered], .linuxCommon
    ) { common, function in
      common.judged { capability, _ in
        guard let length = capability.length else { return .notRead }
        guard length < size else { return .passes }
        return function.offers(feature).map {
          $0 ? .fails(at: capability.position, length, size) : .passes
        } ?? .notRead
      }
    }
  }

  private static let finalizeFeatures = Citation(
    "drivers/virtio/virtio_pci_modern.c", "vp_finalize_features")
}

extension Function {
  /// Whether the BAR of the common configuration answers; nil when that is not known.
  fileprivate var linuxIsDecoding: Bool? {
    if case .capability(_, .usable(let bar)) = Choice.linuxCommon.result(in: self) {
      isDecoding(bar)
    } else {
      nil
    }
  }
}
