import VirtioPCI

/// What `vp_modern_probe` looks at, with pages of 4096 bytes.
extension Driver {
  static let linuxCapabilitySteps: [Step] =
    [
      Step(
        "modern-id", effect: .leavesModern, on: .modern, "The device ID is 0x1000 to 0x107f.",
        else: "the device ID {0x} is beyond 0x107f", at: .linuxProbe, needs: []
      ) { .require($0.identity.isVirtio, UInt64($0.identity.deviceID)) },
      Step(
        "list-ends", effect: .isFatal, on: .modern,
        "A capability list that is a loop has all of common, ISR, notify and device.",
        else: "the capability list is a loop, in which Linux looks for cfg_type {0} forever",
        at: .linuxFind, needs: .capabilities
      ) { function in
        guard function.listWasRead else { return .notRead }
        guard function.hasEndlessLoop else { return .passes }
        return function.searchEndless(
          [.linuxCommon, .linuxISR, .linuxNotify, .linuxDevice])
      },
      Step(
        "common", effect: .leavesModern, on: .modern,
        "A common configuration capability names a BAR that exists.",
        else: "no common configuration capability names a BAR that exists", at: .linuxProbe,
        logs: "virtio_pci: leaving for legacy driver", needs: [.capabilities, .bars], .linuxCommon
      ) { common, function in
        switch common {
        case .capability: .passes
        case .none: .fails()
        // Where the list was not read, it may be anything.
        case .unknown: function.listWasRead ? .notRead : .undecidable
        }
      },
      Step(
        "isr-and-notify", on: .modern, "An ISR and a notify capability name BARs that exist.",
        else: "common, ISR and notify capabilities with a BAR that exists are at {0x}/{1x}/{2x},"
          + " 0 for none", at: .linuxProbe, logs: "virtio_pci: missing capabilities %i/%i/%i",
        needs: [.capabilities, .bars], .linuxNotify
      ) { notify, function in
        let isr = Choice.linuxISR.result(in: function)
        if isr.isThere == true, notify.isThere == true { return .passes }
        guard isr.isThere == false || notify.isThere == false else { return .notRead }
        return .fails(
          at: nil, Choice.linuxCommon.result(in: function).position, isr.position, notify.position)
      },
    ]
    + mapped("common", .linuxCommon, minimum: 56, alignment: 4)
    + mapped("isr", .linuxISR, minimum: 1, alignment: 1)
    + mapped("notify", .linuxNotify, minimum: 2, alignment: 2) { $0.isMappedAtOnce }
    + mapped("device", .linuxDevice, minimum: 0, alignment: 4) + [
      Step(
        "device-mapped", on: .modern,
        "The device-specific configuration begins within its BAR.",
        else: "the device-specific configuration begins where BAR {2} ends", at: .linuxMap,
        logs: "virtio_pci: unable to map virtio %u@%u on bar %i", needs: [.capabilities, .bars],
        .linuxDevice
      ) { device, _ in
        device.judged { capability, bar in
          guard let offset = capability.offset, let length = capability.length,
            let size = bar.size
          else { return .notRead }
          guard offset == size else { return .passes }
          return .fails(at: capability.position, length, offset, UInt64(bar.index))
        }
      }
    ]

  /// The checks of `vp_modern_map_capability`, in its order.
  private static func mapped(
    _ key: String, _ choice: Choice, minimum: UInt64, alignment: UInt64,
    if isMapped: @escaping @Sendable (SeenCapability) -> Bool? = { _ in true }
  ) -> [Step] {
    let name = choice.name
    let checks: [Step?] = [
      Step(
        key + "-not-empty", on: .modern, "The \(name) structure is not empty.",
        else: "the \(name) structure has {0} bytes", at: .linuxMap,
        logs: "virtio_pci: bad capability len %u (>%u expected)", needs: .capabilities,
        choice,
        mapping(isMapped) { capability, _ in
          capability.length.map { $0 > 0 ? .passes : .fails(at: capability.position, 0, 0) }
        }),
      minimum < 2
        ? nil
        : Step(
          key + "-length", on: .modern,
          "The \(name) structure has at least \(minimum) bytes.",
          else: "the \(name) structure has {0} bytes; at least {1} are needed", at: .linuxMap,
          logs: "virtio_pci: bad capability len %u (>=%zu expected)", needs: .capabilities,
          choice,
          mapping(isMapped) { capability, _ in
            capability.length.map {
              $0 >= minimum ? .passes : .fails(at: capability.position, $0, minimum)
            }
          }),
      alignment < 2
        ? nil
        : Step(
          key + "-aligned", on: .modern,
          "The offset of the \(name) structure is a multiple of \(alignment).",
          else: "the offset {0x} of the \(name) structure is not a multiple of {1}",
          at: .linuxMap, logs: "virtio_pci: offset %u not aligned to %u", needs: .capabilities,
          choice,
          mapping(isMapped) { capability, _ in
            capability.offset.map {
              $0 % alignment == 0 ? .passes : .fails(at: capability.position, $0, alignment)
            }
          }),
      Step(
        key + "-in-bar", on: .modern,
        minimum == 0
          ? "The \(name) structure does not begin beyond its BAR."
          : "The first \(minimum) bytes of the \(name) structure lie within its BAR.",
        else: "the \(name) structure needs {0} bytes at {1x} of BAR {2}, which has {3x}",
        at: .linuxMap,
        logs: "virtio_pci: map virtio %zu@%u out of range on bar %i length %lu",
        needs: [.capabilities, .bars],
        choice,
        mapping(isMapped) { capability, bar in
          guard let offset = capability.offset, let size = bar.size else { return nil }
          guard offset + minimum > size else { return .passes }
          return .fails(at: capability.position, minimum, offset, UInt64(bar.index), size)
        }),
    ]
    return checks.compactMap { $0 }
  }

  private static func mapping(
    _ isMapped: @escaping @Sendable (SeenCapability) -> Bool?,
    _ judge: @escaping @Sendable (SeenCapability, BAR) -> Answer?
  ) -> @Sendable (Choice.Result, Function) -> Answer {
    { result, _ in
      result.judged { capability, bar in
        switch isMapped(capability) {
        case nil: .notRead
        case false?: .passes
        case true?: judge(capability, bar) ?? .notRead
        }
      }
    }
  }

  static let linuxLegacySteps: [Step] = [
    Step(
      "legacy-id", effect: .hasNoLegacy, on: .legacy, "The device ID is 0x1000 to 0x103f.",
      else: "the device ID {0x} is not that of a legacy function", at: legacyProbe, needs: []
    ) { .require($0.identity.isVirtio && !$0.identity.hasModernID, UInt64($0.identity.deviceID)) },
    Step(
      "legacy-revision", on: .legacy, "The revision is 0.",
      else: "the revision is {0}, but a legacy function has revision 0", at: legacyProbe, needs: []
    ) { .require($0.identity.revision == 0, UInt64($0.identity.revision)) },
    Step(
      "legacy-bar", on: .legacy, "BAR 0 exists, of ports or of memory.",
      else: "there is no BAR 0", at: legacyProbe, needs: .bars
    ) { function in
      switch function.linuxUsability(of: 0) {
      case .usable: .passes
      case .unusable: .fails()
      case .unknown: .notRead
      }
    },
  ]

  private static let legacyProbe = Citation(
    "drivers/virtio/virtio_pci_legacy_dev.c", "vp_legacy_probe")
}

extension SeenCapability {
  /// Whether Linux maps all doorbells when it probes, rather than each with its queue.
  var isMappedAtOnce: Bool? {
    guard let offset, let length else { return nil }
    return length + offset % 4096 <= 4096
  }
}

extension Function {
  /// Whether the list is a loop that has a virtio capability in it: in any other Linux gives up
  /// after 48 entries.
  var hasEndlessLoop: Bool {
    guard case .loop(let position) = listEnd else { return false }
    return pciCapabilities.drop { $0.position != position }.contains { $0.id == .vendorSpecific }
  }

  /// Whether Linux finds each of these structures in a loop; it does not stop looking for one that
  /// is not there.
  func searchEndless(_ choices: [Choice]) -> Driver.Answer {
    var answer = Driver.Answer.passes
    for choice in choices {
      switch choice.result(in: self).isThere {
      case true: continue
      case false: return .fails(UInt64(choice.type.rawValue))
      case nil: answer = .notRead
      }
    }
    return answer
  }
}
