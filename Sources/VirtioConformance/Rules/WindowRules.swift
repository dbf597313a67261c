import VirtioPCI

extension Rule {
  /// The PCI configuration access capability, VIRTIO 1.4 §4.1.4.9. Whether a window was accessed
  /// as it stands cannot be seen: what is wrong with one is a note.
  static let windowRules: [Rule] = [
    Rule(
      "pci-cfg-window-length", .must, .descriptive, "4.1.4.9", by: .driver, but: unused,
      "A window that is in use has length 1, 2 or 4.",
      example: "window length 8", given: .list
    ) { list, found in
      list.eachStructure(.pci) { position, window in
        guard window.length > 2, window.length != 4 else { return }
        found.add(
          at: position, "the window has length \(window.length), not 1, 2 or 4")
      }
    },
    Rule(
      "pci-cfg-window-aligned", .must, .normative, "4.1.4.9.2", by: .driver, but: unused,
      "The window offset is a multiple of the window length.",
      example: "window length 4 offset 0x1002", given: .list
    ) { list, found in
      list.eachStructure(.pci) { position, window in
        guard window.isAccessible, window.offset % window.length != 0 else { return }
        found.add(
          at: position,
          "the window's offset \(Hex(window.offset)) is not a multiple of its length"
            + " \(window.length)")
      }
    },
    Rule(
      "pci-cfg-window-in-structure", .must, .normative, "4.1.4.9.2", by: .driver, but: unused,
      "A window that is accessed addresses bytes inside a structure described by another virtio "
        + "capability.",
      example: "window points at BAR0 offset 0x8000 where no structure exists", given: .list
    ) { list, found in
      list.eachStructure(.pci) { position, window in
        guard window.isAccessible, let end = window.end, !list.holds(window, upTo: end) else {
          return
        }
        found.add(
          at: position,
          "the window shows BAR \(window.bar) at \(Hex(window.offset)), where no structure is")
      }
    },
  ]

  private static let unused = Leniency.note(
    "whether the window was accessed as it stands is not visible")
}

extension CapData {
  /// Whether a window of this length can be accessed.
  fileprivate var isAccessible: Bool { length == 1 || length == 2 || length == 4 }
}
