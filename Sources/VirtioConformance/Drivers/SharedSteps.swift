import VirtioPCI

extension Function {
  /// How many queues a driver of the type needs at least.
  var leastQueues: Int { type.flatMap { DeviceDefinition(of: $0)?.leastQueues } ?? 1 }
}

/// Steps that several drivers take.
extension Driver.Step {
  /// The device ID is a modern one; else the driver uses the legacy interface.
  static func modernID(at citation: Driver.Citation, _ demand: String) -> Self {
    Self(
      "modern-id", effect: .leavesModern, on: .modern, demand,
      else: "the device ID {0x} is not a modern one", at: citation, needs: []
    ) { .require($0.identity.hasModernID, UInt64($0.identity.deviceID)) }
  }

  /// A capability of the type is there.
  static func present(
    _ key: String, effect: Driver.Effect = .refuses, _ choice: Choice,
    at citation: Driver.Citation, logs message: String? = nil
  ) -> Self {
    Self(
      key, effect: effect, on: .modern, "There is a \(choice.name) capability.",
      else: "there is no \(choice.name) capability", at: citation, logs: message,
      needs: choice.passesOverBARs ? [.capabilities, .bars] : .capabilities, choice
    ) { result, function in
      switch result {
      case .capability: .passes
      case .none: .fails()
      case .unknown: effect == .leavesModern && !function.listWasRead ? .undecidable : .notRead
      }
    }
  }

  /// Something of the structure that the driver uses; nothing is wrong with one that is not there.
  static func structure(
    _ key: String, effect: Driver.Effect = .refuses, _ choice: Choice, _ demand: String,
    else failure: String, at citation: Driver.Citation, logs message: String? = nil,
    needs: Driver.Needs = [.capabilities, .bars],
    _ judge: @escaping @Sendable (SeenCapability, Usability, Function) -> Driver.Answer
  ) -> Self {
    Self(
      key, effect: effect, on: .modern, demand, else: failure, at: citation, logs: message,
      needs: needs, choice
    ) { result, function in
      switch result {
      case .none: .passes
      case .unknown: .notRead
      case .capability(let capability, let usability): judge(capability, usability, function)
      }
    }
  }

  /// The BAR of the structure exists; with `isMemory` it is a memory BAR.
  static func bar(
    _ key: String, effect: Driver.Effect = .refuses, _ choice: Choice, isMemory: Bool = false,
    at citation: Driver.Citation, logs message: String? = nil
  ) -> Self {
    structure(
      key, effect: effect, choice,
      "The BAR of the \(choice.name) structure exists"
        + (isMemory ? ", and is a memory BAR." : "."),
      else: "BAR {0} of the \(choice.name) structure does not exist"
        + (isMemory ? ", or is not a memory BAR" : ""), at: citation, logs: message
    ) { capability, usability, _ in
      let number = UInt64(capability.bar ?? 0)
      return switch usability {
      case .unknown: .notRead
      case .unusable: .fails(at: capability.position, number)
      case .usable(let bar):
        isMemory && bar.isIO ? .fails(at: capability.position, number) : .passes
      }
    }
  }

  /// The structure has at least so many bytes.
  static func length(
    _ key: String, _ choice: Choice, atLeast minimum: UInt64, at citation: Driver.Citation,
    logs message: String? = nil
  ) -> Self {
    structure(
      key, choice, "The \(choice.name) structure has at least \(minimum) bytes.",
      else: "the \(choice.name) structure has {0} bytes; at least {1} are needed", at: citation,
      logs: message, needs: .capabilities
    ) { capability, _, _ in
      guard let length = capability.length else { return .notRead }
      return length >= minimum ? .passes : .fails(at: capability.position, length, minimum)
    }
  }

  /// The offset of the structure is a multiple of `alignment`.
  static func aligned(
    _ key: String, _ choice: Choice, to alignment: UInt64, at citation: Driver.Citation,
    logs message: String? = nil
  ) -> Self {
    structure(
      key, choice, "The offset of the \(choice.name) structure is a multiple of \(alignment).",
      else: "the offset {0x} of the \(choice.name) structure is not a multiple of {1}",
      at: citation, logs: message, needs: .capabilities
    ) { capability, _, _ in
      guard let offset = capability.offset else { return .notRead }
      return offset % alignment == 0 ? .passes : .fails(at: capability.position, offset, alignment)
    }
  }

  /// So many bytes of the structure, or all of it, lie within its BAR.
  static func inBAR(
    _ key: String, effect: Driver.Effect = .refuses, _ choice: Choice, first count: UInt64? = nil,
    at citation: Driver.Citation, logs message: String? = nil
  ) -> Self {
    structure(
      key, effect: effect, choice,
      count.map { "The first \($0) bytes of the \(choice.name) structure lie within its BAR." }
        ?? "The \(choice.name) structure lies within its BAR.",
      else: "the \(choice.name) structure needs {0} bytes at {1x} of BAR {2}, which has {3x}",
      at: citation, logs: message
    ) { capability, usability, _ in
      guard case .usable(let bar) = usability else {
        if case .unknown = usability { return .notRead }
        return .passes
      }
      guard let offset = capability.offset, let length = count ?? capability.length,
        let size = bar.size
      else { return .notRead }
      guard offset + length > size else { return .passes }
      return .fails(at: capability.position, length, offset, UInt64(bar.index), size)
    }
  }

  /// A capability list that is a loop ends the search: it has all that the driver looks for.
  static func listEnds(_ choices: [Choice], at citation: Driver.Citation) -> Self {
    Self(
      "list-ends", effect: .isFatal, on: .modern,
      choices.isEmpty
        ? "The capability list is not a loop."
        : "A capability list that is a loop has every capability that the driver looks for.",
      else: "the capability list is a loop that the driver walks forever", at: citation,
      needs: .capabilities
    ) { function in
      guard function.listWasRead else { return .notRead }
      guard function.hasEndlessLoop else { return .passes }
      for choice in choices {
        switch choice.result(in: function) {
        case .capability: continue
        case .none: return .fails()
        case .unknown: return .notRead
        }
      }
      return choices.isEmpty ? .fails() : .passes
    }
  }

  /// `VIRTIO_F_VERSION_1` is offered.
  static func version1(at citation: Driver.Citation, logs message: String? = nil) -> Self {
    Self(
      "version-1", on: .modern, "The device offers VIRTIO_F_VERSION_1.",
      else: "VIRTIO_F_VERSION_1 is not offered", at: citation, logs: message, needs: .offered
    ) { .require($0.offers(.version1)) }
  }

  /// The status reads 0 after a reset.
  static func reset(
    effect: Driver.Effect = .isFatal, at citation: Driver.Citation, logs message: String? = nil
  ) -> Self {
    Self(
      "reset", effect: effect, on: .modern, "The status reads 0 after a reset.",
      else: "the status reads {0x}: nothing answers there", at: citation, logs: message,
      needs: .status
    ) { function in
      if function.registersAreAllOnes || function.statusIsAllOnes { return .fails(0xFF) }
      return function.status == nil ? .notRead : .passes
    }
  }

  /// The device accepts the features that the driver chose, which nothing shows beforehand.
  static func featuresOK(at citation: Driver.Citation, logs message: String? = nil) -> Self {
    Self(
      "features-ok", on: .modern, "The device accepts the features that the driver chose.",
      else: "the device refuses the features", at: citation, logs: message, needs: .attempt
    ) { _ in .notRead }
  }

  /// There is a driver for the device type.
  static func driver(for types: Set<DeviceType>, at citation: Driver.Citation) -> Self {
    Self(
      "driver", effect: .hasNoDriver, "There is a driver for the device type.",
      else: "there is no driver for device type {0}", at: citation, needs: []
    ) { function in
      guard let type = function.type else { return .fails() }
      return .require(types.contains(type), UInt64(type.rawValue))
    }
  }

  /// A legacy function has its device type as subsystem ID, whatever the device ID says.
  static func legacySubsystem(_ types: Set<DeviceType>, at citation: Driver.Citation) -> Self {
    Self(
      "legacy-subsystem", effect: .hasNoDriver, on: .legacy,
      "The subsystem ID of a legacy function is its device type, and there is a driver for it.",
      else: "the subsystem ID is {0}, a device type without a driver", at: citation, needs: []
    ) { function in
      let type = function.identity.subsystemID
      return .require(types.contains(DeviceType(rawValue: type)), UInt64(type))
    }
  }

  /// The device has as many queues as the driver sets up.
  static func numQueues(
    at citation: Driver.Citation, logs message: String? = nil,
    _ demand: @escaping @Sendable (Function) -> QueueDemand
  ) -> Self {
    Self(
      "num-queues", on: .modern, "The device has every queue that the driver sets up.",
      else: "the driver sets up {0} queues, and the device has {1}", at: citation,
      logs: message, needs: [.common, .offered, .deviceConfig]
    ) { function in
      guard let count = function.numQueues else { return .notRead }
      let demand = demand(function)
      if count < demand.least { return .fails(UInt64(demand.least), UInt64(count)) }
      return demand.isExact && count >= demand.most ? .passes : .notRead
    }
  }

  /// Something of every queue that the driver sets up.
  static func queues(
    _ key: String, effect: Driver.Effect = .refuses, _ demand: String, else failure: String,
    at citation: Driver.Citation, logs message: String? = nil,
    of queues: @escaping @Sendable (Function) -> QueueDemand,
    _ judge: @escaping @Sendable (QueueState, Function) -> Driver.Answer
  ) -> Self {
    Self(
      key, effect: effect, on: .modern, demand, else: failure, at: citation, logs: message,
      needs: [.capabilities, .bars, .queues, .offered, .deviceConfig]
    ) { function in
      guard function.registers != nil else { return .notRead }
      return .queues(of: function, queues(function)) { judge($0, function) }
    }
  }

  /// Every queue that the driver sets up has a size.
  static func queueExists(
    at citation: Driver.Citation, logs message: String? = nil,
    of queues: @escaping @Sendable (Function) -> QueueDemand
  ) -> Self {
    self.queues(
      "queue-exists", "Every queue that the driver sets up has a size.",
      else: "queue {0} has size 0", at: citation, logs: message, of: queues
    ) { queue, _ in queue.size > 0 ? .passes : .fails(UInt64(queue.index)) }
  }

  /// The size of every queue is a power of 2: with `unlessPacked` only of split rings.
  static func queueSize(
    effect: Driver.Effect = .refuses, unlessPacked: Bool = false, at citation: Driver.Citation,
    logs message: String? = nil, of queues: @escaping @Sendable (Function) -> QueueDemand
  ) -> Self {
    self.queues(
      "queue-size", effect: effect,
      unlessPacked
        ? "Without VIRTIO_F_RING_PACKED the size of a queue is a power of 2."
        : "The size of a queue is a power of 2, with the packed ring too.",
      else: "the size {0} of queue {1} is not a power of 2", at: citation, logs: message,
      of: queues
    ) { queue, function in
      guard queue.size & (queue.size &- 1) != 0 else { return .passes }
      let isPacked = unlessPacked ? function.offers(.ringPacked) : false
      return isPacked.map {
        $0 ? .passes : .fails(UInt64(queue.size), UInt64(queue.index))
      } ?? .notRead
    }
  }

  /// No queue is enabled after a reset.
  static func queueIdle(
    at citation: Driver.Citation, logs message: String? = nil,
    of queues: @escaping @Sendable (Function) -> QueueDemand
  ) -> Self {
    self.queues(
      "queue-idle", "No queue is enabled after a reset.",
      else: "queue {0} is enabled before a driver has started the device", at: citation,
      logs: message, of: queues
    ) { queue, function in
      function.isStarted || !queue.isEnabled ? .passes : .fails(UInt64(queue.index))
    }
  }

  /// The legacy interface needs revision 0.
  static func legacyRevision(
    at citation: Driver.Citation, logs message: String? = nil
  ) -> Self {
    Self(
      "legacy-revision", on: .legacy, "The revision is 0.",
      else: "the revision is {1}, but a legacy function has revision {0}", at: citation,
      logs: message,
      needs: []
    ) { .require($0.identity.revision == 0, 0, UInt64($0.identity.revision)) }
  }

  /// BAR 0 has the registers of the legacy interface; with `isIO` as ports only.
  static func legacyBAR(
    isIO: Bool = false, at citation: Driver.Citation, logs message: String? = nil
  ) -> Self {
    Self(
      "legacy-bar", on: .legacy, isIO ? "BAR 0 is I/O ports." : "BAR 0 exists.",
      else: isIO ? "BAR 0 is not I/O ports" : "there is no BAR 0", at: citation, logs: message,
      needs: .bars
    ) { function in
      switch function.usability(of: 0) {
      case .usable(let bar): isIO && !bar.isIO ? .fails() : .passes
      case .unusable: .fails()
      case .unknown: .notRead
      }
    }
  }

  /// What the queues of the legacy interface are like, which is not read.
  static func legacyQueues(at citation: Driver.Citation) -> Self {
    Self(
      "legacy-queues", on: .legacy, "Every queue that the driver sets up has a size.",
      else: "a queue is not as it should be after a reset", at: citation, needs: .legacyRegisters
    ) { _ in .notRead }
  }
}

extension Driver.Answer {
  static func require(_ holds: Bool, _ first: UInt64, _ second: UInt64) -> Self {
    holds ? .passes : .fails(at: nil, first, second)
  }
}
