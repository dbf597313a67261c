import VirtioPCI

extension Rule {
  /// States in which no function should be left. They violate nothing; what a state means stands in the
  /// section that is named.
  static let stateRules: [Rule] = [
    .state(
      "status-failed", "VIRTIO 1.4 §2.1",
      "FAILED means that something went wrong in the guest, which has given up on the device.",
      example: "status 0x83", given: .status
    ) { status, found in
      guard status.contains(.failed) else { return }
      found.add("the guest has given up on the device: status \(Hex(status.rawValue))")
    },
    .state(
      "status-needs-reset", "VIRTIO 1.4 §2.1",
      "DEVICE_NEEDS_RESET means that the device has met an error from which only a reset recovers.",
      example: "status 0x4F", given: .status
    ) { status, found in
      guard status.contains(.deviceNeedsReset) else { return }
      found.add("the device needs a reset: status \(Hex(status.rawValue))")
    },
    .state(
      "status-zero-while-bound", "VIRTIO 1.4 §3.1.1",
      "A device with a bound driver has a non-zero status.",
      example: "status 0 with virtio-pci bound", given: .status, .hasKernelDevice
    ) { status, hasKernelDevice, found in
      guard hasKernelDevice, status.rawValue == 0 else { return }
      found.add("a driver is bound, and the device is reset: status \(Hex(status.rawValue))")
    },
    .state(
      "common-registers-not-all-ones", "VIRTIO 1.4 §4.1.3.2",
      "A live device does not read as all ones.",
      example: "every byte 0xFF", given: .registersAreAllOnes, .statusIsAllOnes
    ) { registersAreAllOnes, statusIsAllOnes, found in
      if registersAreAllOnes {
        found.add("the registers read all ones: nothing answers there")
      } else if statusIsAllOnes {
        found.add("the device status reads all ones (0xff): nothing answers there")
      }
    },
    .state(
      "common-registers-not-all-zero", "VIRTIO 1.4 §4.1.4.3", of: .withCapabilities,
      "The common configuration does not read as all zeros: a device has at least a queue.",
      example: "every byte 0", given: .registersAreAllZero
    ) { isAllZero, found in
      if isAllZero {
        found.add("the registers read all zeros: something else answers there, or nothing")
      }
    },
    .state(
      "command-bus-master", "PCI 3.0 §6.2.2",
      "A function whose driver is running can use DMA: bus mastering is on.",
      example: "DRIVER_OK with bit 2 of the command register clear", given: .status, .command
    ) { status, command, found in
      guard status.contains(.driverOK), !command.contains(.busMaster) else { return }
      found.add(
        "DRIVER_OK is set, and bus mastering is off in the command register: no DMA is possible")
    },
    .state(
      "command-decoding", "PCI 3.0 §6.2.2",
      "A function answers in the BARs that its driver uses: their decoding is on.",
      example: "bit 1 of the command register clear, a driver bound, structures in memory BAR 0",
      given: .silentSpaces, .isInUse
    ) { spaces, isInUse, found in
      guard isInUse else { return }
      for space in spaces {
        found.add("a driver is at work, and \(space) decoding is off in the command register")
      }
    },
  ]

  fileprivate static func state<A>(
    _ id: String, _ section: String, of scope: Scope = .everyFunction, _ demand: String,
    example: String, given a: Given<A>, _ judge: @escaping @Sendable (A, inout Findings) -> Void
  ) -> Rule {
    .state(id, section, of: scope, demand, example: example, needs: a.needs) { function, found in
      guard let a = a.value(function) else { return }
      judge(a, &found)
    }
  }

  fileprivate static func state<A, B>(
    _ id: String, _ section: String, _ demand: String, example: String, given a: Given<A>,
    _ b: Given<B>, _ judge: @escaping @Sendable (A, B, inout Findings) -> Void
  ) -> Rule {
    .state(id, section, demand, example: example, needs: a.needs.union(b.needs)) {
      function, found in
      guard let a = a.value(function), let b = b.value(function) else { return }
      judge(a, b, &found)
    }
  }
}

extension Given where Value == Bool {
  /// Whether the kernel made a virtio device of the function, which acknowledges it even before a
  /// virtio driver is bound. What hands the function to another program, which may be idle, makes none.
  /// Where the registers read all zeros, that is the state.
  fileprivate static var hasKernelDevice: Self {
    Self(.kernel) { function in
      function.kernel.driver != nil && function.kernel.virtio != nil
        && !function.registersAreAllZero
    }
  }
  fileprivate static var isInUse: Self { Self(.kernel) { $0.isInUse } }
  fileprivate static var registersAreAllOnes: Self { Self([]) { $0.registersAreAllOnes } }
  fileprivate static var statusIsAllOnes: Self {
    // A status that was read and is another says that the device lives.
    Self(.status) { $0.statusIsAllOnes }
  }
  fileprivate static var registersAreAllZero: Self { Self(.common) { $0.registersAreAllZero } }
}

extension Given where Value == Command {
  fileprivate static var command: Self { Self(.command) { $0.command } }
}

extension Given where Value == [String] {
  /// The kinds of the BARs that a driver uses and in which the function does not answer.
  fileprivate static var silentSpaces: Self {
    Self([.capabilities, .command]) { function in
      let used = function.usedBARs.filter { function.isDecoding($0) == false }
      return [(true, "I/O"), (false, "memory")].compactMap { isIO, name in
        used.contains { $0.isIO == isIO } ? name : nil
      }
    }
  }
}

extension Function {
  /// The BARs in which the structures are, or the registers of a legacy function.
  fileprivate var usedBARs: [BAR] {
    guard interface != .legacy else { return bars.filter { $0.index == 0 } }
    return bars.filter { bar in
      capabilities.contains { capability in
        capability.locatesStructure && capability.data?.bar == UInt8(bar.index)
      }
    }
  }
}
