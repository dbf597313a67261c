import Testing

@testable import InspectCLI
@testable import VirtioConformance
@testable import VirtioPCI

@Suite("Cases of a check")
struct CheckCasesTests {
  private static let suite = "0000:00:04.0"

  private static func rule(_ id: String) throws -> Rule {
    try #require(Rule.all.first { $0.id == id })
  }

  private static func cases(
    _ verdicts: KeyValuePairs<String, Verdict>, isStrict: Bool = false
  ) throws -> [ReportCase] {
    let outcomes = try verdicts.map { RuleOutcome(rule: try rule($0.key), verdict: $0.value) }
    return ReportCase.cases(outcomes, suite: suite, isStrict: isStrict)
  }

  @Test("a family is a case, in the order of its first rule")
  func families() throws {
    let cases = try Self.cases([
      "cap-len-base": .held, "pci-config-capability-list": .held, "cap-len-notify": .held,
    ])
    #expect(cases.map(\.name) == ["cap", "pci"])
    #expect(cases.allSatisfy { $0.outcome == .passed && $0.suite == Self.suite })
  }

  @Test("a finding fails its family, with a line that says where, what and why")
  func failure() throws {
    let cases = try Self.cases([
      "cap-len-base": .broken([Finding(at: 0x84, "cap_len 12 is shorter than 16")]),
      "cap-len-notify": .held,
    ])
    #expect(
      cases.map(\.outcome) == [
        .failed(["error cap-len-base at 0x84: cap_len 12 is shorter than 16 (VIRTIO 1.4 §4.1.4.2)"])
      ])
  }

  @Test("warnings fail only where they are to, and are then told beside the errors")
  func warnings() throws {
    let verdicts: KeyValuePairs<String, Verdict> = [
      "cap-structures-disjoint": .broken([Finding("overlap")])
    ]
    #expect(try Self.cases(verdicts).map(\.outcome) == [.passed])
    #expect(
      try Self.cases(verdicts, isStrict: true).map(\.outcome) == [
        .failed(["warning cap-structures-disjoint: overlap (VIRTIO 1.4 §4.1.4)"])
      ])
  }

  @Test("what was not checked is a skipped case of its own, which counts rules of one reason")
  func skipped() throws {
    let cases = try Self.cases([
      "cap-len-base": .held, "cap-len-notify": .notChecked("needs this"),
      "cap-bar-defined": .notChecked("needs that"), "cap-bar-assigned": .notChecked("needs this"),
      "pci-config-capability-list": .notChecked("needs this"),
    ])
    #expect(cases.map(\.name) == ["cap", "cap, not checked", "pci, not checked"])
    #expect(
      cases.map(\.outcome) == [
        .passed, .skipped("2 rules: needs this; cap-bar-defined: needs that"),
        .skipped("pci-config-capability-list: needs this"),
      ])
  }

  @Test("rules about other functions are no case")
  func notApplicable() throws {
    #expect(try Self.cases(["cap-len-base": .notApplicable]) == [])
  }
}
