import VirtioPCI

extension Rule {
  /// MSI-X and interrupts, VIRTIO 1.4 §4.1.5.1 and §4.1.4.5.
  static let interruptRules: [Rule] = [
    Rule(
      "msix-two-vectors", .should, .normative, "4.1.5.1.2.1", needs: .msix,
      "A device with MSI-X supports at least 2 vectors.",
      example: "table size field 0 (one vector)"
    ) { function in
      .when(function.msix?.tableSize == 1, "MSI-X has one vector; two are wanted")
    },
    Rule(
      "msix-at-most-2048", .should, .normative, "4.1.5.1.2.1",
      "At most 0x800 vectors.",
      .undecidable("the encoding of PCI has no more")),
    Rule(
      "msix-config-vector-valid", .must, .normative, "4.1.5.1.2.2",
      subject: .driver, needs: [.msix, .common],
      "config_msix_vector is 0xFFFF or inside the MSI-X table.",
      example: "vector 8 with a 4-entry table"
    ) { function in
      guard let vector = function.registers?.common[CommonCfg.configMSIXVector],
        let msix = function.msix, msix.lacks(vector)
      else { return [] }
      return [
        Finding("config_msix_vector \(vector) is beyond the \(msix.tableSize) of the table")
      ]
    },
    Rule(
      "msix-queue-vector-valid", .must, .normative, "4.1.5.1.2.2",
      subject: .driver, needs: [.msix, .queues],
      "queue_msix_vector is 0xFFFF or inside the MSI-X table.",
      example: "vector 5 with a 4-entry table"
    ) { function in
      guard let msix = function.msix else { return [] }
      return function.eachQueue { queue in
        guard msix.lacks(queue.msixVector) else { return nil }
        return "queue_msix_vector \(queue.msixVector) is beyond the \(msix.tableSize) of the table"
      }
    },
    Rule(
      "msix-unmapped-after-reset", .must, .normative, "4.1.5.1.2.1", needs: [.msix, .queues],
      "After reset no event is mapped to a vector.",
      example: "status 0 with config_msix_vector 0"
    ) { function in
      guard function.isReset, function.msix?.isEnabled == true,
        let vector = function.registers?.common[CommonCfg.configMSIXVector]
      else { return [] }
      return .when(
        vector != CommonCfg.noVector, "config_msix_vector is \(vector) after a reset")
        + function.eachQueue { queue in
          guard queue.msixVector != CommonCfg.noVector, queue.size > 0 else { return nil }
          return "queue_msix_vector is \(queue.msixVector) after a reset"
        }
    },
    Rule(
      "msix-absent-vectors", .should, .inferred, "4.1.5.1.2",
      needs: [.msix, .common], severity: .note,
      "Without an MSI-X capability the vector fields carry no mapping.",
      example: "no MSI-X capability but config_msix_vector 3"
    ) { function in
      guard function.inputs.contains(.msix), function.msix == nil,
        let vector = function.registers?.common[CommonCfg.configMSIXVector]
      else { return [] }
      return .when(
        vector != CommonCfg.noVector && vector != 0,
        "config_msix_vector is \(vector) without an MSI-X capability")
    },
    Rule(
      "msix-mapping-failed", .must, .normative, "4.1.5.1.2.1",
      needs: [.msix, .common, .modernDriver], severity: .note,
      "A failed vector mapping reads back as NO_VECTOR.",
      example: "DRIVER_OK, MSI-X enabled, every vector 0xFFFF"
    ) { function in
      .when(
        function.status?.contains(.driverOK) == true && function.msix?.isEnabled == true
          && function.registers?.common[CommonCfg.configMSIXVector] == CommonCfg.noVector,
        "MSI-X is on, and no vector is mapped to configuration changes")
    },
    Rule(
      "intx-status-mirrors-isr", .must, .normative, "4.1.4.5.1",
      "With MSI-X disabled the Interrupt Status bit of the PCI status register equals the OR "
        + "of the ISR bits.",
      .undecidable("a read of the ISR status would clear it")),
    Rule(
      "isr-never-read", .must, .normative, "4.1.4.5.1", subject: .driver,
      "Reading the ISR byte clears it and de-asserts the interrupt.",
      .undecidable("it binds whoever reads a device; this program keeps it")),
  ]
}

extension MSIX {
  /// Whether `vector` is neither in the table nor that which stands for none. It means nothing
  /// while MSI-X is off.
  fileprivate func lacks(_ vector: UInt16) -> Bool {
    isEnabled && vector != CommonCfg.noVector && Int(vector) >= tableSize
  }
}
