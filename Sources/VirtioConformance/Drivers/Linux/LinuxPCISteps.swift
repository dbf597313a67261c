import VirtioPCI

/// What the PCI core of Linux looks at before a driver is asked.
extension Driver {
  static let linuxPCISteps: [Step] = [
    Step(
      "header-type", "The header type is 0, 1 or 2.", else: "the header type is {0x}",
      at: Citation("drivers/pci/probe.c", "pci_setup_device"),
      logs: "unknown header type %02x, ignoring device", needs: .header
    ) { function in
      guard let type = function.headerType else { return .notRead }
      return .require(type <= 2, UInt64(type))
    },
    // Firmware may have assigned them.
    Step(
      "class-assigned",
      "A function of class 0x0000 or 0x0600, whose BARs the kernel does not assign, has addresses.",
      else: "BAR {1} of class {0x} has no address, and the kernel assigns none",
      at: Citation("drivers/pci/setup-bus.c", "pdev_resources_assignable"),
      logs: "not claimed; can't enable device", needs: .bars
    ) { function in
      let classCode = UInt64(function.identity.classCode >> 8)
      guard classCode == 0 || classCode == 0x0600 else { return .passes }
      for bar in function.bars where bar.address == nil {
        return .fails(classCode, UInt64(bar.index))
      }
      return function.barsAreComplete ? .passes : .notRead
    },
    Step(
      "bars-assigned", "Every BAR has an address, one that no structure lies in too.",
      else: "the kernel found no address for BAR {0}",
      at: Citation("drivers/pci/setup-res.c", "pci_enable_resources"),
      logs: "not assigned; can't enable device", needs: .placement
    ) { function in
      guard let bars = function.kernel.bars else { return .notRead }
      guard let unplaced = bars.unplaced.first else { return .passes }
      return .fails(UInt64(unplaced))
    },
  ]
}

extension Driver.Answer {
  static func fails(_ first: UInt64, _ second: UInt64 = 0) -> Self {
    .fails(at: nil, first, second)
  }

  static func require(_ holds: Bool?, _ first: UInt64) -> Self { .require(holds, at: nil, first) }
}
