import VirtioPCI

extension Rule {
  /// The PCI configuration access capability, VIRTIO 1.4 §4.1.4.9.
  static let windowRules: [Rule] = [
    Rule(
      "pci-cfg-window-not-a-structure", .may, .descriptive, "4.1.4.9",
      "bar, offset and length of the configuration access capability are driver-writable "
        + "window state, not a structure location.",
      .undecidable("it allows something and demands nothing")),
    // Whether a window was accessed as it stands is not to be seen: what is wrong with one is a note.
    Rule(
      "pci-cfg-window-length", .must, .descriptive, "4.1.4.9",
      subject: .driver, needs: .capabilities, severity: .note,
      "A window that is in use has length 1, 2 or 4.",
      example: "window length 8"
    ) { function in
      function.windows.compactMap { position, window in
        guard ![0, 1, 2, 4].contains(window.length) else { return nil }
        return Finding(at: position, "the window has length \(window.length), not 1, 2 or 4")
      }
    },
    Rule(
      "pci-cfg-window-aligned", .must, .normative, "4.1.4.9.2",
      subject: .driver, needs: .capabilities, severity: .note,
      "The window offset is a multiple of the window length.",
      example: "window length 4 offset 0x1002"
    ) { function in
      function.windows.compactMap { position, window in
        guard [1, 2, 4].contains(window.length), window.offset % window.length != 0 else {
          return nil
        }
        return Finding(
          at: position,
          "the window's offset \(Hex(window.offset)) is no multiple of its length \(window.length)")
      }
    },
    Rule(
      "pci-cfg-window-in-structure", .must, .normative, "4.1.4.9.2",
      subject: .driver, needs: .capabilities, severity: .note,
      "A window that is accessed addresses bytes inside a structure described by another "
        + "virtio capability.",
      example: "window points at BAR0 offset 0x8000 where no structure exists"
    ) { function in
      function.windows.compactMap { position, window in
        guard [1, 2, 4].contains(window.length), let end = window.end else { return nil }
        let isInside = function.capabilities.contains { capability in
          guard capability.locatesStructure, let data = capability.data, let last = data.end
          else { return false }
          return data.bar == window.bar && data.offset <= window.offset && end <= last
        }
        guard !isInside else { return nil }
        return Finding(
          at: position,
          "the window shows BAR \(window.bar) at \(Hex(window.offset)), where no"
            + " structure is")
      }
    },
    Rule(
      "pci-cfg-data-never-read-blindly", .must, .normative, "4.1.4.9.2", subject: .driver,
      "pci_cfg_data may be touched only with a valid window; reading it makes the device "
        + "perform a BAR read.",
      .undecidable("it binds whoever reads a device; this program keeps it")),
  ]
}
