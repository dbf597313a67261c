import Testing

@testable import VirtioConformance
@testable import VirtioPCI

/// Something that was not read after all.
struct Oblivion: Sendable, CustomTestStringConvertible {
  var testDescription: String
  var forget: @Sendable (inout Function) -> Void

  init(_ name: String, _ forget: @escaping @Sendable (inout Function) -> Void) {
    testDescription = name
    self.forget = forget
  }

  static let all: [Oblivion] = [
    Oblivion("BARs") {
      $0.implementedBARs = nil
      $0.barsAreComplete = false
      $0.kernel.bars = nil
    },
    Oblivion("sizes of BARs") { function in
      function.barsAreComplete = false
      function.kernel.bars = nil
      function.implementedBARs = function.bars.map {
        BAR(index: $0.index, space: $0.space, address: $0.address, size: nil)
      }
    },
    Oblivion("what the kernel made of the BARs") { $0.kernel.bars = nil },
    Oblivion("the header type") { $0.headerType = nil },
    Oblivion("the interrupt") {
      $0.interruptPin = nil
      $0.kernel.irq = nil
    },
    Oblivion("registers") { $0.registers = nil },
    Oblivion("queues") {
      $0.registers?.queues = []
      $0.registers?.queuesAreComplete = false
    },
    Oblivion("what is offered") { $0.registers?.offered = nil },
    Oblivion("the device configuration") { $0.registers?.device = nil },
    Oblivion("MSI-X") { function in
      for index in function.pciCapabilities.indices { function.pciCapabilities[index].msix = nil }
    },
    Oblivion("the list") {
      $0.capabilities = []
      $0.pciCapabilities = []
      $0.listEnd = nil
    },
    Oblivion("the end of the list") { function in
      function.capabilities.removeLast(min(2, function.capabilities.count))
      function.pciCapabilities.removeLast(min(2, function.pciCapabilities.count))
      function.listEnd = .truncated(position: 0xF0)
    },
  ]
}

@Suite("Knowing less")
struct KnowingLessTests {
  @Test("never makes a refusal out of nothing, and never hides one", arguments: Oblivion.all)
  func oneThing(_ oblivion: Oblivion) throws {
    for function in try Self.functions() {
      var less = function
      oblivion.forget(&less)
      for driver in Driver.all { Self.compare(driver, function, less) }
    }
  }

  @Test("of two things is no different", arguments: Oblivion.all.indices)
  func twoThings(_ index: Int) throws {
    let first = Oblivion.all[index]
    for function in try LinuxZooTests.observations.map({ try $0.make().function() }) {
      for second in Oblivion.all[..<index] {
        var less = function
        first.forget(&less)
        second.forget(&less)
        for driver in Driver.all { Self.compare(driver, function, less) }
      }
    }
  }

  /// Sound and broken ones, with both interfaces and with one.
  private static func functions() throws -> [Function] {
    var functions = try LinuxTests.defects.map { try $0.function() }
    functions += try LinuxZooTests.observations.map { try $0.make().function() }
    // What stops a modern function may leave the legacy interface of a transitional one.
    functions += try LinuxTests.defects.map { defect in
      var specimen = Specimen.transitional(.rng, id: 0x1005)
      if case .modern = defect.base { defect.damage(&specimen) }
      return try specimen.function()
    }
    return functions
  }

  private static func compare(_ driver: Driver, _ function: Function, _ less: Function) {
    let (full, partial) = (driver.prediction(for: function), driver.prediction(for: less))
    if partial.outcome.isDriven || partial.outcome == .unknown {
      // The step that stops the driver was not checked, or one that leads to it.
      guard let stop = full.stop else { return }
      let steps = [stop.step] + driver.steps.indices.filter { driver.steps[$0].leadsOn }
      guard partial.outcome != .unknown, !steps.contains(where: partial.unchecked.contains) else {
        return
      }
      Issue.record("\(driver.key) passes \(driver.steps[stop.step].key) unchecked")
    } else {
      #expect(!full.outcome.isDriven)
      guard let stop = partial.stop else { return }
      guard case .fails = driver.steps[stop.step].answer(on: function) else {
        Issue.record("\(driver.key) stops at \(driver.steps[stop.step].key) for nothing")
        return
      }
    }
  }
}

extension Driver.Step {
  fileprivate func answer(on function: Function) -> Driver.Answer {
    judge(choice?.result(in: function) ?? .none, function)
  }

  /// Whether it decides which way the driver takes, or which BARs there are.
  fileprivate var leadsOn: Bool { effect == .leavesModern || needs == .header }
}
