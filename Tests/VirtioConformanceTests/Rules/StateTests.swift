import TestSupport
import Testing

@testable import VirtioConformance
@testable import VirtioPCI

/// States in which nothing is violated, and in which a function does not work.
@Suite("States")
struct StateTests {
  private func problems(
    _ type: DeviceType = .net, _ change: (inout HealthyFunction) -> Void
  ) throws -> [Problem] {
    var function = HealthyFunction(type)
    change(&function)
    return Outcome.all(in: try function.state()).flatMap(\.problems)
  }

  /// What the state of a function makes of it, alone.
  static let states: [(rule: String, change: @Sendable (inout HealthyFunction) -> Void)] = [
    ("status-failed", { $0.status = 0x8F }),
    ("status-needs-reset", { $0.status = 0x4F }),
    ("command-bus-master", { $0.edit = { $0.command = [.io, .memory] } }),
    ("command-decoding", { $0.edit = { $0.command = [.io, .busMaster] } }),
    (
      "common-registers-not-all-ones",
      {
        $0.edit = { function in
          (function.registers, function.registersAreAllOnes) = (nil, true)
          function.kernel.virtio?.status = DeviceStatus(rawValue: 0xFF)
        }
      }
    ),
    (
      "common-registers-not-all-ones",
      {
        $0.edit = { function in
          function.registers = nil
          function.kernel.virtio?.status = DeviceStatus(rawValue: 0xFF)
        }
      }
    ),
    ("common-registers-not-all-zero", { $0.edit = { $0.readZeros() } }),
  ]

  @Test("a state is one error, and nothing else is found", arguments: states.indices)
  func alone(index: Int) throws {
    let (rule, change) = Self.states[index]
    let problems = try problems { change(&$0) }
    #expect(problems.map(\.rule.id) == [rule])
    #expect(problems.map(\.kind) == [.state])
    #expect(problems.map(\.severity) == [.error])
  }

  @Test("what answers zeros is one state, also where the kernel reads a status of 0")
  func zeroStatus() throws {
    let found = try problems { function in
      function.edit = { state in
        state.readZeros()
        state.kernel.virtio?.status = []
      }
    }
    #expect(found.map(\.rule.id) == ["common-registers-not-all-zero"])
    let unread = try problems { function in
      function.edit = { state in
        state.registers = nil
        state.kernel.virtio?.status = []
        state.kernel.virtio?.driver = nil
      }
    }
    #expect(unread.map(\.rule.id) == ["status-zero-while-bound"])
  }

  @Test("a function that answers zeros is judged by what the kernel says of its status")
  func zeros() throws {
    var function = HealthyFunction(.net)
    function.edit = { $0.readZeros() }
    let state = try function.state()
    #expect(state.status == DeviceStatus(rawValue: 0x0F))
    #expect(state.registersAreAllZero)
    for outcome in Outcome.all(in: state) where outcome.rule.needs.contains(.queues) {
      switch outcome.verdict {
      case .notChecked, .notApplicable: break
      case .held, .broken: Issue.record("\(outcome.rule.id): \(outcome.verdict)")
      }
    }
  }

  @Test("a driver that hands the function to another program may leave it idle")
  func idle() throws {
    let problems = try problems { function in
      function.edit = { state in
        state.kernel = Function.Kernel(driver: "a-driver-of-its-own")
        state.command = []
        state.registers = nil
      }
    }
    #expect(problems.allSatisfy { $0.rule.id == "cap-bar-assigned" && $0.severity == .note })
  }

  @Test("a legacy function without decoding of its BAR 0 does not work either", arguments: [0, 5])
  func legacy(command: UInt16) throws {
    var function = Function(
      identity: Identity(
        vendorID: 0x1AF4, deviceID: 0x1000, revision: 0, classCode: 0x020000,
        subsystemVendorID: 0x1AF4, subsystemID: 1))
    function.listEnd = .absent
    function.implementedBARs = [BAR(index: 0, space: .io, address: 0xC000, size: 0x20)]
    function.barsAreComplete = true
    function.command = Command(rawValue: command)
    function.kernel = Function.Kernel(
      driver: "virtio-pci",
      virtio: Function.VirtioDevice(
        name: "virtio0", driver: "virtio_net", status: DeviceStatus(rawValue: 7)))
    let errors = Rule.decodingProblems(in: function).map(\.message)
    #expect(
      errors
        == (command == 5
          ? []
          : [
            "DRIVER_OK is set, and bus mastering is off in the command register: no DMA is possible",
            "a driver is at work, and I/O decoding is off in the command register",
          ]))
  }

  @Test("a queue that is being reset, or a device that is suspending, violates nothing")
  func oneLook() throws {
    let resetting = try problems { $0.queue[0x3A] = [1, 0] }
    #expect(resetting.map(\.severity) == [.note])
    #expect(resetting.map(\.kind) == [.recommendation])
    let suspending = try problems { $0.status = 0x1F }
    #expect(suspending.map(\.severity) == [.note])
  }

  @Test(
    "a feature without what it requires is one finding: the device's, or else the driver's",
    arguments: [
      ([7], [7], "feature-net-guest-tso4-requires"),
      ([1, 7], [7], "feature-dependency-closed-negotiated"),
    ] as [([Int], [Int], String)])
  func brokenPair(offered: [Int], negotiated: [Int], rule: String) throws {
    let found = try problems { function in
      function.offered.subtract([1, 7].filter { !offered.contains($0) })
      function.negotiated.subtract([1, 7].filter { !negotiated.contains($0) })
    }
    .filter { $0.message.contains("GUEST_TSO4") }
    #expect(found.map(\.rule.id) == [rule])
    #expect(found.map(\.rule.subject) == [rule.hasSuffix("negotiated") ? .driver : .device])
  }

  /// One broken thing, and the rule that alone says so.
  static let single:
    [(type: DeviceType, rule: String, change: @Sendable (inout HealthyFunction) -> Void)] = [
      (.net, "net-mtu-range", { $0.set("mtu", 60) }),
      (.net, "num-queues-fits-type", { $0.common[0x12] = [1, 0] }),
      (
        .fs, "shm-region-not-control",
        { function in
          function.capabilities[0xA4] = .sharedMemory(offset: 0x2000, length: 0x1000)
        }
      ),
      (.net, "status-sequence-driver", { $0.status = 0x0A }),
    ]

  @Test("one broken thing is one finding", arguments: single.indices)
  func once(index: Int) throws {
    let (type, rule, change) = Self.single[index]
    // With queues gone the others lie beyond num_queues.
    let problems = try problems(type) { change(&$0) }
      .filter { $0.rule.id != "queue-size-zero-beyond-num-queues" }
    #expect(problems.map(\.rule.id) == [rule])
  }

  @Test("persistent memory without an address is found before a driver negotiates")
  func unnegotiatedAddress() throws {
    let found = try problems(.pmem) { function in
      function.status = 0
      function.remove(Feature.PMEM.shmemRegion)
    }
    #expect(found.contains { $0.rule.id == "pmem-address" })
  }

  @Test("a BAR 0 that is visibly memory is no legacy interface, whether all BARs are known or not")
  func visibleMemory() throws {
    let found = try problems { function in
      function.device = 0x1000
      function.revision = 0
      function.subsystem = 1
      function.edit = { $0.barsAreComplete = false }
    }
    #expect(found.map(\.rule.id) == ["transitional-legacy-bar0-io"])
  }

  @Test("a block driver may accept CONFIG_WCE without FLUSH")
  func cacheMode() throws {
    let found = try problems(.blk) { $0.negotiated.remove(Feature.Blk.flush.bit) }
    #expect(!found.contains { $0.rule.id == "feature-dependency-closed-negotiated" })
  }

  @Test("a queue size is judged before a driver negotiates where no packed ring is offered")
  func unnegotiatedQueueSize() throws {
    func verdict(isPackedOffered: Bool) throws -> Verdict {
      var function = HealthyFunction(.net)
      function.status = 0
      function.queue[0x18] = [100, 0]
      if !isPackedOffered { function.remove(.ringPacked) }
      let rule = try #require(Rule.all.first { $0.id == "queue-size-power-of-two" })
      return rule.verdict(on: try function.state())
    }
    #expect(try verdict(isPackedOffered: false) == .broken(.error))
    #expect(try verdict(isPackedOffered: true) == .notChecked(.ringLayout))
  }

  @Test("a capability that is there and does not count is named where one is missing")
  func unusable() throws {
    let messages = try problems { $0.capabilities[0x40] = .common(bar: 6) }.map(\.message)
    #expect(
      messages.contains("there is no usable common capability: the one at 0x40 names BAR 6"))
  }
}
