import TestSupport
import Testing

@testable import VirtioConformance
@testable import VirtioPCI

@Suite("Table of rules")
struct RuleTableTests {
  private static func known() throws -> [Spec] { try Spec("conformance-rules").array }

  @Test("every rule of the specification's table is there, once, and no other")
  func complete() throws {
    let ids = Rule.all.map(\.id)
    #expect(Set(ids).count == ids.count)
    #expect(Set(ids) == Set(try Self.known().compactMap { $0["id"].string }))
  }

  @Test("level, basis, section and subject are those of the table")
  func facts() throws {
    for row in try Self.known() {
      let rule = try #require(Rule.all.first { $0.id == row["id"].string })
      #expect(rule.level.rawValue == row["level"].string, "\(rule.id)")
      #expect(rule.basis.rawValue == row["basis"].string, "\(rule.id)")
      #expect(rule.section == row["section"].string, "\(rule.id)")
      #expect(rule.subject.rawValue == row["subject"].string, "\(rule.id)")
    }
  }

  @Test("rules apply to the functions that the table says")
  func scopes() throws {
    for row in try Self.known() {
      let rule = try #require(Rule.all.first { $0.id == row["id"].string })
      switch rule.scope {
      case .everyFunction, .withCapabilities:
        #expect(row["applies_to"].string == "all", "\(rule.id)")
      case .modern: #expect(row["applies_to"].string == "modern", "\(rule.id)")
      case .transitional: #expect(row["applies_to"].string == "transitional", "\(rule.id)")
      case .types(let types):
        #expect(
          Set(types.compactMap(\.key)) == Set(row["applies_to"].strings), "\(rule.id)")
      }
    }
  }

  @Test("each says in a sentence what it demands")
  func sentences() {
    for rule in Rule.all {
      #expect(rule.demand.hasSuffix("."), "\(rule.id)")
      switch rule.check {
      case .undecidable(let reason): #expect(!reason.isEmpty && !reason.hasSuffix("."))
      case .findings: #expect(rule.example?.isEmpty == false, "\(rule.id)")
      }
    }
  }

  @Test("an error is a requirement, or something that a known driver minds")
  func errors() {
    for rule in Rule.all where rule.severity == .error {
      #expect(
        rule.level == .must && rule.basis == .normative || rule.consequence != nil
          || rule.id == "cap-bar-defined", "\(rule.id)")
    }
  }

  @Test("a rule with an input that was not read does not hold")
  func inputs() {
    let nothing = Function(
      identity: Identity(
        vendorID: 0x1AF4, deviceID: 0x1041, revision: 1, classCode: 0x020000,
        subsystemVendorID: 0x1AF4, subsystemID: 0x1100))
    for outcome in Rule.outcomes(in: nothing) {
      switch outcome.verdict {
      case .held: #expect(outcome.rule.needs.isEmpty, "\(outcome.rule.id)")
      case .broken(let findings): Issue.record("\(outcome.rule.id): \(findings)")
      case .notChecked(let reason): #expect(!reason.isEmpty)
      case .notApplicable: break
      }
    }
  }

  @Test("the family is the first word")
  func family() {
    #expect(Rule.all.first { $0.id == "cap-len-base" }?.family == "cap")
  }
}
