import PCIAccess
import TestSupport
import Testing
import VirtioConformance
import VirtioPCI

@testable import InspectCLI

@Suite("Driven functions")
struct DrivenFunctionTests {
  /// Every virtio function of a source, read as far as nothing has to be written.
  private static func functions(of source: any DeviceSource) throws -> [Function] {
    var source = source
    var functions: [Function] = []
    while let function = try source.next() {
      let identity = try function.identity()
      guard identity.isVirtio else { continue }
      let kernel = try function.kernelFacts([.status, .features])
      functions.append(
        Inspector(plan: .check) { _ in }
          .inspect(function, identity: identity, kernel: kernel).function)
    }
    return functions
  }

  @Test(
    "are predicted to be driven, through the interface that the kernel shows",
    arguments: ["firecracker", "legacy-pc", "q35", "sriov", "transitional-pc"])
  func kernel(tree: String) throws {
    let source = SysfsSource(
      tree: SysfsTree(root: "\(Fixtures.folder)/sysfs/\(tree)"), where: { _ in true })
    let driven = try Self.functions(of: source).filter {
      $0.kernel.virtio?.status?.contains(.driverOK) == true
    }
    #expect(!driven.isEmpty)
    for function in driven {
      let verdict = Driver.linux.prediction(for: function)
      let isModern = try #require(function.kernel.virtio?.features).contains(.version1)
      #expect(verdict.outcome == (isModern ? .modern : .legacy))
      #expect(Driver.linux.verdict(on: function).outcome == verdict.outcome)
    }
  }

  @Test(
    "are predicted to be driven from their config space alone",
    arguments: ["all-q35.txt", "firecracker-host.txt", "legacy-pc.txt", "transitional-pc.txt"])
  func dump(name: String) throws {
    let functions = try Self.functions(of: DumpSource(path: "\(Fixtures.folder)/dumps/\(name)"))
    #expect(!functions.isEmpty)
    for function in functions {
      #expect(Driver.linux.prediction(for: function).outcome.isDriven)
    }
  }
}
