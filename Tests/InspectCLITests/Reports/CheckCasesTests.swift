import TestSupport
import Testing

@testable import InspectCLI
@testable import VirtioConformance
@testable import VirtioPCI

@Suite("Cases of a check")
struct CheckCasesTests {
  private static let suite = "0000:00:04.0"

  /// A function with a capability that is too short, and with structures on top of each other.
  private static let function: Function = {
    var function = Function(
      identity: Identity(
        vendorID: 0x1AF4, deviceID: 0x1041, revision: 1, classCode: 0, subsystemVendorID: 0x1AF4,
        subsystemID: 0x1100))
    let capabilities: [(UInt8, RawCapability)] = [
      (0x84, .virtio(1, capLen: 12)), (0x50, .isr(offset: 0)), (0x60, .device(offset: 0)),
    ]
    function.capabilities = capabilities.compactMap { Capability(position: $0, bytes: $1.bytes) }
    function.listEnd = .terminated
    return function
  }()

  private static func cases(
    _ verdicts: [String: Verdict], isStrict: Bool = false
  ) -> [ReportCase] {
    ReportCase.cases(
      Rule.all.map { verdicts[$0.id] ?? .notApplicable }, on: function, suite: suite,
      isStrict: isStrict)
  }

  @Test("a table is a case, by its name")
  func tables() throws {
    let cases = Self.cases([
      "cap-len-base": .held, "pci-device-id-valid": .held, "cap-len-notify": .held,
    ])
    #expect(cases.map(\.name) == ["identity", "capability list"])
    #expect(cases.allSatisfy { $0.outcome == .passed && $0.suite == Self.suite })
  }

  @Test("a finding fails its table, with a line that says where, what and why")
  func failure() throws {
    let cases = Self.cases([
      "cap-len-base": .broken(.error),
      "cap-len-notify": .held,
    ])
    #expect(
      cases.map(\.outcome) == [
        .failed(["error cap-len-base at 0x84: cap_len 12 is shorter than 16 (VIRTIO 1.4 §4.1.4.2)"])
      ])
  }

  @Test("warnings fail only where they are to, and are then told beside the errors")
  func warnings() throws {
    let verdicts: [String: Verdict] = ["cap-structures-disjoint": .broken(.warning)]
    #expect(Self.cases(verdicts).map(\.outcome) == [.passed])
    #expect(
      Self.cases(verdicts, isStrict: true).map(\.outcome) == [
        .failed([
          "warning cap-structures-disjoint at 0x60: the device structure (BAR 0 at 0x0 to 0xfff)"
            + " overlaps the isr structure (BAR 0 at 0x0 to 0x0) (VIRTIO 1.4 §4.1.4)"
        ])
      ])
  }

  @Test("what was not checked is a skipped case of its own, which counts rules of one reason")
  func skipped() throws {
    let cases = Self.cases([
      "cap-len-base": .held, "cap-len-notify": .notChecked(.capabilities),
      "cap-bar-defined": .notChecked(.bars), "cap-bar-assigned": .notChecked(.capabilities),
      "pci-config-capability-list": .notChecked(.capabilities),
    ])
    let (list, bars) = (Rule.Inputs.capabilities.reason, Rule.Inputs.bars.reason)
    #expect(
      cases.map(\.name) == ["capability list", "capability list, not checked", "BARs, not checked"])
    #expect(
      cases.map(\.outcome) == [
        .passed, .skipped("2 rules: \(list)"),
        .skipped("cap-bar-defined: \(bars); cap-bar-assigned: \(list)"),
      ])
  }

  @Test("rules about other functions are no case")
  func notApplicable() throws {
    #expect(Self.cases(["cap-len-base": .notApplicable]) == [])
  }
}
