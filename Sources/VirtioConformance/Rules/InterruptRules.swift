import VirtioPCI

extension Rule {
  /// MSI-X and interrupts, VIRTIO 1.4 §4.1.5.1 and §4.1.4.5.
  static let interruptRules: [Rule] = [
    Rule(
      "msix-two-vectors", .should, .normative, "4.1.5.1.2.1",
      "A device with MSI-X supports at least 2 vectors.",
      example: "table size field 0 (one vector)", given: .msix
    ) { msix, found in
      if msix.tableSize == 1 { found.add("MSI-X has one vector; two are wanted") }
    },
    Rule(
      "msix-config-vector-valid", .must, .normative, "4.1.5.1.2.2", by: .driver,
      "config_msix_vector is 0xFFFF or inside the MSI-X table.",
      example: "vector 8 with a 4-entry table", given: .msix, .configVector
    ) { msix, vector, found in
      guard msix.lacks(vector) else { return }
      found.add("config_msix_vector \(vector) is beyond the \(msix.tableSize) of the table")
    },
    Rule(
      "msix-queue-vector-valid", .must, .normative, "4.1.5.1.2.2", by: .driver,
      "queue_msix_vector is 0xFFFF or inside the MSI-X table.",
      example: "vector 5 with a 4-entry table", given: .msix, .queues
    ) { msix, queues, found in
      for queue in queues where msix.lacks(queue.msixVector) {
        found.add(
          queue,
          "queue_msix_vector \(queue.msixVector) is beyond the \(msix.tableSize) of the table")
      }
    },
    Rule(
      "msix-unmapped-after-reset", .must, .normative, "4.1.5.1.2.1",
      "After reset no event is mapped to a vector.",
      example: "status 0 with config_msix_vector 0", given: .msix, .configVector, .queuesAfterReset
    ) { msix, vector, queues, found in
      guard msix.isEnabled else { return }
      if vector != CommonCfg.noVector {
        found.add("config_msix_vector is \(vector) after a reset")
      }
      for queue in queues where queue.msixVector != CommonCfg.noVector && queue.size > 0 {
        found.add(queue, "queue_msix_vector is \(queue.msixVector) after a reset")
      }
    },
    Rule(
      "msix-absent-vectors", .should, .inferred, "4.1.5.1.2",
      but: .note("the fields mean nothing then"),
      "Without an MSI-X capability the vector fields carry no mapping.",
      example: "no MSI-X capability but config_msix_vector 3", given: .absentMSIX, .configVector
    ) { _, vector, found in
      guard vector != CommonCfg.noVector, vector != 0 else { return }
      found.add("config_msix_vector is \(vector) without an MSI-X capability")
    },
    Rule(
      "msix-mapping-failed", .must, .normative, "4.1.5.1.2.1",
      but: .note("a driver that maps no vector shows the same"),
      "A failed vector mapping reads back as NO_VECTOR.",
      example: "DRIVER_OK, MSI-X enabled, every vector 0xFFFF", given: .msix, .configVector,
      .modernStatus
    ) { msix, vector, status, found in
      guard status.contains(.driverOK), msix.isEnabled, vector == CommonCfg.noVector else {
        return
      }
      found.add("MSI-X is on, and no vector is mapped to configuration changes")
    },
  ]
}

extension Given where Value == Void {
  /// That there is no MSI-X capability.
  fileprivate static var absentMSIX: Self {
    Self(.msix) { function in
      function.listWasRead && !function.pciCapabilities.contains { $0.id == .msix } ? () : nil
    }
  }
}

extension MSIX {
  /// Whether `vector` is neither in the table nor that which stands for none. It means nothing
  /// while MSI-X is off.
  fileprivate func lacks(_ vector: UInt16) -> Bool {
    isEnabled && vector != CommonCfg.noVector && Int(vector) >= tableSize
  }
}
