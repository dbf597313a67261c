import VirtioPCI

extension Rule {
  /// The capability list and the form of each capability in it, VIRTIO 1.4 §4.1.4.
  static let listRules: [Rule] = [
    Rule(
      capabilityList, .must, .normative, "4.1.1", of: .everyFunction,
      "The capability list is present and well formed, as PCI demands.",
      example: "capability list that points back to itself", given: .list, .identity
    ) { list, identity, found in
      switch list.end {
      // Without one a transitional ID is that of a legacy device.
      case .absent where identity.hasModernID:
        found.add("there is no capability list: status bit 4 is clear")
      case .terminated where list.pciCapabilities.isEmpty && identity.hasModernID:
        found.add("the capability list is empty: the pointer at 0x34 is 0")
      case .belowHeader(let pointer):
        let last = list.pciCapabilities.last?.position
        // The pointer is the second byte of a capability.
        let place = Hex(last.map { $0 | 1 } ?? UInt8(ConfigHeader.capabilitiesPointer))
        found.add(
          at: last,
          "the list ends with pointer \(Hex(pointer)) at \(place), which lies in the header")
      case .invalidID(let position):
        found.add(
          at: position, "the list ends at \(Hex(position)), where the capability ID is 0xff")
      case .loop(let position):
        found.add(
          at: position, "the list runs in a loop: it comes back to \(Hex(position))")
      case .absent, .terminated, .truncated, nil: break
      }
    },
    Rule(
      "cap-len-base", .must, .normative, "4.1.4.2",
      "cap_len of a common, ISR or device-specific configuration capability covers the whole of "
        + "it: at least 16 bytes.",
      example: "cap_len 12 on cfg_type 1", given: .list
    ) { list, found in
      list.findShort(where: { $0 == .common || $0 == .isr || $0 == .device }, &found)
    },
    Rule(
      "cap-len-notify", .must, .normative, "4.1.4.2",
      "cap_len of a notification capability covers the multiplier: at least 20 bytes.",
      example: "cap_len 16 on cfg_type 2, so notify_off_multiplier lies outside the capability",
      given: .list
    ) { $0.findShort(where: { $0 == .notify }, &$1) },
    Rule(
      "cap-len-pci-cfg", .must, .normative, "4.1.4.2",
      "cap_len of the PCI configuration access capability covers the data window: at least 20.",
      example: "cap_len 16 on cfg_type 5", given: .list
    ) { list, found in
      list.findShort(where: { $0 == .pci }, &found)
      // Without the data its first 16 bytes do decode.
      for capability in list.capabilities where capability.data?.cfgType == .pci {
        let capLen = capability.head.capLen
        guard capLen < CfgCap.size else { continue }
        found.add(
          at: capability.position, "cap_len \(capLen) is shorter than \(CfgCap.size)")
      }
    },
    Rule(
      "cap-len-shared-memory", .must, .normative, "4.1.4.2",
      "cap_len of a shared memory capability covers the 64-bit form: at least 24 bytes.",
      example: "cap_len 16 on cfg_type 8", given: .list
    ) { $0.findShort(where: { $0 == .sharedMemory }, &$1) },
    Rule(
      "cap-len-vendor-data-multiple-of-4", .must, .normative, "4.1.4.8.1",
      "cap_len of a vendor data capability is a multiple of 4, and at least 8.",
      example: "cap_len 6 on cfg_type 9", given: .list
    ) { list, found in
      list.findShort(where: { $0 == .vendor }, &found)
      for capability in list.capabilities {
        guard let vendor = capability.vendor, vendor.capLen % 4 != 0 else { continue }
        found.add(at: capability.position, "cap_len \(vendor.capLen) is not a multiple of 4")
      }
    },
    Rule(
      "cap-inside-config-space", .must, .inferred, "4.1.4.2",
      "A capability lies inside the 256 bytes of conventional config space, apart from the others.",
      example: "capability at 0xF8 with cap_len 20", given: .list
    ) { list, found in
      list.findTruncatedMSIX(&found)
      for capability in list.capabilities {
        let end = Int(capability.position) + Int(capability.head.capLen)
        var limit = ConfigHeader.conventionalSize
        for other in list.pciCapabilities where other.position > capability.position {
          limit = min(limit, Int(other.position))
        }
        guard end > limit else { continue }
        found.add(
          at: capability.position,
          "cap_len \(capability.head.capLen) runs to \(Hex(end)), "
            + (end > ConfigHeader.conventionalSize
              ? "beyond the end of config space" : "into the capability at \(Hex(limit))"))
      }
    },
  ]
}

extension ListedCapabilities {
  /// MSI-X where its fixed size does not fit.
  fileprivate func findTruncatedMSIX(_ found: inout Findings) {
    for capability in pciCapabilities where capability.id == .msix {
      let end = Int(capability.position) + Int(MSIX.size)
      guard end > ConfigHeader.conventionalSize else { continue }
      found.add(
        at: capability.position, "MSI-X runs to \(Hex(end)), beyond the end of config space")
    }
  }

  /// The capabilities of some types that `cap_len` keeps from decoding.
  fileprivate func findShort(where isOfType: (CapCfgType) -> Bool, _ found: inout Findings) {
    for capability in capabilities where isOfType(capability.head.cfgType) {
      guard case .failure(let error) = capability.content, case .capLenTooShort = error else {
        continue
      }
      found.add(at: capability.position, error.description)
    }
  }
}
