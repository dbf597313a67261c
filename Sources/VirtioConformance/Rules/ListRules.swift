import VirtioPCI

extension Rule {
  /// The capability list and the form of each capability in it, VIRTIO 1.4 §4.1.4.
  static let listRules: [Rule] = [
    Rule(
      "pci-config-capability-list", .must, .normative, "4.1.1", for: .everyFunction,
      needs: .capabilities,
      "The capability list is present and well formed, as PCI demands.",
      example: "capability list that points back to itself"
    ) { function in
      switch function.listEnd {
      case .absent where function.interface == .modern:
        [Finding("there is no capability list: status bit 4 is clear")]
      case .belowHeader(let pointer):
        [Finding("the list ends with pointer \(Hex(pointer)), which lies in the header")]
      case .invalidID(let position):
        [
          Finding(
            at: position, "the list ends at \(Hex(position)), where the capability ID is 0xff")
        ]
      case .loop(let position):
        [Finding(at: position, "the list runs in a loop: it comes back to \(Hex(position))")]
      case .absent, .terminated, .truncated, nil:
        []
      }
    },
    Rule(
      "cap-len-base", .must, .normative, "4.1.4.2", needs: .capabilities,
      "cap_len of a common, ISR or device-specific configuration capability covers the whole of it: "
        + "at least 16 bytes.",
      example: "cap_len 12 on cfg_type 1"
    ) { $0.tooShort { [.common, .isr, .device].contains($0) } },
    Rule(
      "cap-len-notify", .must, .normative, "4.1.4.2", needs: .capabilities,
      "cap_len of a notification capability covers the multiplier: at least 20 bytes.",
      example: "cap_len 16 on cfg_type 2, so notify_off_multiplier lies outside the capability",
      consequence: "rcore ignores this structure"
    ) { $0.tooShort { $0 == .notify } },
    Rule(
      "cap-len-pci-cfg", .must, .normative, "4.1.4.2", needs: .capabilities,
      "cap_len of the PCI configuration access capability covers the data window: at least 20.",
      example: "cap_len 16 on cfg_type 5"
    ) { function in
      // Without the data its first 16 bytes do decode.
      function.tooShort { $0 == .pci }
        + function.capabilities.compactMap { capability in
          let head = capability.head
          guard capability.data?.cfgType == .pci, head.capLen < CfgCap.size else { return nil }
          return Finding(
            at: capability.position, "cap_len \(head.capLen) is shorter than \(CfgCap.size)")
        }
    },
    Rule(
      "cap-len-shared-memory", .must, .normative, "4.1.4.7", needs: .capabilities,
      "cap_len of a shared memory capability covers the 64-bit form: at least 24 bytes.",
      example: "cap_len 16 on cfg_type 8",
      consequence: "Linux ignores this region"
    ) { $0.tooShort { $0 == .sharedMemory } },
    Rule(
      "cap-len-vendor-data-multiple-of-4", .must, .normative, "4.1.4.8.1", needs: .capabilities,
      "cap_len of a vendor data capability is a multiple of 4, and at least 8.",
      example: "cap_len 6 on cfg_type 9"
    ) { function in
      function.tooShort { $0 == .vendor }
        + function.capabilities.compactMap { capability in
          guard let vendor = capability.vendor, vendor.capLen % 4 != 0 else { return nil }
          return Finding(
            at: capability.position, "cap_len \(vendor.capLen) is no multiple of 4")
        }
    },
    Rule(
      "cap-inside-config-space", .must, .inferred, "4.1.4.2", needs: .capabilities,
      "A capability lies inside the 256 bytes of conventional config space, apart from the others.",
      example: "capability at 0xF8 with cap_len 20"
    ) { function in
      function.truncatedMSIX
        + function.capabilities.compactMap { capability in
          let end = Int(capability.position) + Int(capability.head.capLen)
          let limit = function.pciCapabilities.lazy.map { Int($0.position) }
            .reduce(ConfigHeader.conventionalSize) { nearest, position in
              position > Int(capability.position) ? min(nearest, position) : nearest
            }
          guard end > limit else { return nil }
          return Finding(
            at: capability.position,
            "cap_len \(capability.head.capLen) runs to \(Hex(end)), "
              + (end > ConfigHeader.conventionalSize
                ? "beyond the end of config space" : "into the capability at \(Hex(limit))"))
        }
    },
  ]
}

extension Function {
  /// MSI-X where its fixed size does not fit.
  fileprivate var truncatedMSIX: [Finding] {
    pciCapabilities.compactMap { capability in
      let end = Int(capability.position) + MSIX.size
      guard capability.id == .msix, end > ConfigHeader.conventionalSize else { return nil }
      return Finding(
        at: capability.position, "MSI-X runs to \(Hex(end)), beyond the end of config space")
    }
  }

  /// The capabilities of some types that `cap_len` keeps from decoding.
  fileprivate func tooShort(_ isOfType: (CapCfgType) -> Bool) -> [Finding] {
    capabilities.compactMap { capability in
      guard isOfType(capability.head.cfgType),
        case .failure(let error) = capability.content, case .capLenTooShort = error
      else { return nil }
      return Finding(at: capability.position, error.description)
    }
  }
}
