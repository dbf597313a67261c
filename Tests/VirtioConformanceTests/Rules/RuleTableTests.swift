import TestSupport
import Testing

@testable import VirtioConformance
@testable import VirtioPCI

@Suite("Table of rules")
struct RuleTableTests {
  private static func known() throws -> [Spec] { try Spec("conformance-rules").array }

  @Test("every rule of the specification's table is there, once, and no other")
  func complete() throws {
    let ids = Rule.known.map(\.id)
    #expect(Set(ids).count == ids.count)
    #expect(Set(ids) == Set(try Self.known().compactMap { $0["id"].string }))
  }

  @Test("level, basis, section and subject are those of the table")
  func facts() throws {
    for row in try Self.known() {
      let rule = try #require(Rule.known.first { $0.id == row["id"].string })
      #expect(rule.level?.rawValue == row["level"].string, "\(rule.id)")
      #expect(rule.basis.rawValue == row["basis"].string, "\(rule.id)")
      #expect(rule.section == row["section"].string, "\(rule.id)")
      #expect(rule.subject?.rawValue == row["subject"].string, "\(rule.id)")
    }
  }

  @Test("rules apply to the functions that the table says")
  func scopes() throws {
    for row in try Self.known() {
      let rule = try #require(Rule.known.first { $0.id == row["id"].string })
      if rule.obstacle != nil { continue }
      switch rule.scope {
      case .everyFunction, .withCapabilities:
        #expect(row["applies_to"].string == "all", "\(rule.id)")
      case .modern: #expect(row["applies_to"].string == "modern", "\(rule.id)")
      case .transitional: #expect(row["applies_to"].string == "transitional", "\(rule.id)")
      case .type(let type):
        #expect([type.key] == row["applies_to"].strings, "\(rule.id)")
      case .configured:
        let types = DeviceType.defined.filter { type in
          var function = Function(
            identity: Identity(
              vendorID: 0x1AF4, deviceID: 0x1040 + type.rawValue, revision: 1, classCode: 0,
              subsystemVendorID: 0x1AF4, subsystemID: 0x1100))
          function.type = type
          return rule.scope.contains(function)
        }
        #expect(
          Set(types.compactMap(\.key)) == Set(row["applies_to"].strings), "\(rule.id)")
      }
    }
  }

  @Test("demands and examples are those of the table, where it has any")
  func texts() throws {
    var compared = 0
    for row in try Self.known() {
      let rule = try #require(Rule.known.first { $0.id == row["id"].string })
      if let demand = row["rule"].string {
        #expect(rule.demand == demand)
        compared += 1
      }
      if rule.obstacle == nil,
        let example = row["example_violation"].string
      {
        #expect(rule.example == example, "\(rule.id)")
      }
    }
    #expect(compared > 230)
  }

  @Test("each says in a sentence what it demands, and what breaks it or why nothing can tell")
  func sentences() {
    for rule in Rule.known {
      #expect(rule.demand.hasSuffix("."), "\(rule.id)")
      if let obstacle = rule.obstacle {
        #expect(!obstacle.isEmpty && !obstacle.hasSuffix(".") && rule.example == nil)
      } else {
        #expect(rule.example?.isEmpty == false, "\(rule.id)")
      }
    }
    #expect(Rule.all.allSatisfy { $0.obstacle == nil })
    #expect(Rule.uncheckable.allSatisfy { $0.obstacle != nil })
  }

  @Test("what is made from a bound says it as a person would")
  func bounds() throws {
    let rules = Dictionary(uniqueKeysWithValues: Rule.all.map { ($0.id, $0) })
    let texts = [
      "net-mtu-range": ("With VIRTIO_NET_F_MTU offered mtu is 68 to 65535.", "mtu 67"),
      "net-mtu-1280": ("With VIRTIO_NET_F_MTU offered mtu is at least 1280.", "mtu 1279"),
      "net-duplex-values": (
        "With VIRTIO_NET_F_SPEED_DUPLEX negotiated duplex is 0, 1 or 255.", "duplex 2"
      ),
      "net-status-bits": (
        "With VIRTIO_NET_F_STATUS offered status has no bits beyond 0x3.", "status 0x4"
      ),
      "scsi-max-channel": ("max_channel is 0.", "max_channel 1"),
      "scsi-max-target": ("max_target is 0 to 255.", "max_target 256"),
      "mem-block-size": ("block_size is a power of two of at least 1.", "block_size 3"),
      "iommu-page-mask": ("page_size_mask is not 0.", "page_size_mask 0"),
      "spi-nbits-reserved": (
        "tx_nbits_supported and rx_nbits_supported each has no bits beyond 0x7.",
        "tx_nbits_supported 0x8"
      ),
      "feature-net-hash-tunnel-requires": (
        "VIRTIO_NET_F_HASH_TUNNEL requires CTRL_VQ and one of HASH_REPORT / RSS.",
        "bit 51 set, bit 17 clear"
      ),
    ]
    for (id, (demand, example)) in texts {
      #expect(rules[id]?.demand == demand)
      #expect(rules[id]?.example == example)
    }
  }

  @Test("an error is a broken normative MUST or a state, and nothing else is")
  func errors() {
    for rule in Rule.all {
      let isStrict = rule.level == .must && rule.basis == .normative
      let isLenient = rule.leniency.map { $0.condition == nil } ?? false
      #expect(
        (rule.severity == .error) == (rule.kind == .state || isStrict && !isLenient), "\(rule.id)")
      #expect((rule.kind == .violation) == isStrict, "\(rule.id)")
      #expect((rule.kind == .state) == (rule.level == nil && rule.subject == nil), "\(rule.id)")
    }
  }

  @Test("what weighs less than level and basis say has a reason in a clause")
  func leniency() {
    for rule in Rule.known {
      guard let leniency = rule.leniency else { continue }
      let texts = [leniency.reason] + (leniency.condition.map { [$0] } ?? [])
      for text in texts { #expect(!text.isEmpty && !text.hasSuffix("."), "\(rule.id)") }
      #expect(leniency.severity < Severity(of: rule.level, rule.basis), "\(rule.id)")
    }
  }

  @Test("no rule speaks of a driver by its name")
  func drivers() {
    let names = ["Linux", "Windows", "DPDK", "OVMF", "rcore", "BSD", "SeaBIOS", "QEMU"]
    for rule in Rule.known {
      let texts = [rule.demand, rule.example, rule.obstacle, rule.leniency?.reason]
      for text in texts.compactMap(\.self) {
        #expect(!names.contains { text.contains($0) }, "\(rule.id): \(text)")
      }
    }
  }

  @Test("a rule with an input that was not read does not hold")
  func inputs() {
    let nothing = Function(
      identity: Identity(
        vendorID: 0x1AF4, deviceID: 0x1041, revision: 1, classCode: 0x020000,
        subsystemVendorID: 0x1AF4, subsystemID: 0x1100))
    for outcome in Outcome.all(in: nothing) {
      switch outcome.verdict {
      case .held: #expect(outcome.rule.needs.isEmpty, "\(outcome.rule.id)")
      case .broken: Issue.record("\(outcome.rule.id): \(outcome.problems)")
      case .notChecked(let input): #expect(outcome.rule.needs.contains(input))
      case .notApplicable: break
      }
    }
  }

  @Test("tables have names of their own, and between them every rule that can be checked")
  func tables() {
    let names = Rule.tables.map(\.name)
    #expect(Set(names).count == names.count)
    #expect(Rule.tables.allSatisfy { !$0.rules.isEmpty })
    #expect(Rule.tables.flatMap { $0.rules.map(\.id) } == Rule.all.map(\.id))
  }
}
