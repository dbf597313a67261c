import TestSupport
import Testing

@testable import VirtioConformance
@testable import VirtioPCI

/// A row of the specification's table of rules that is about features.
struct FeatureDemand: Sendable, CustomTestStringConvertible {
  var rule: String
  var type: DeviceType
  var view: String
  var feature: String?
  var allOf: [String]
  var anyOf: [String]
  var noneOf: [String]
  var acceptIfOffered: [String]
  /// The value that `zoned.model` has to have.
  var zonedModel: Int?

  var testDescription: String { rule }
}

/// The features' demands of each other, as the specification's table has them.
@Suite("Feature dependencies")
struct FeatureDependencyTests {
  static let rows: [FeatureDemand] = ((try? Spec("conformance-rules").array) ?? []).compactMap {
    row in
    let demand = row["expr"]
    guard !demand.dictionary.isEmpty, let rule = row["id"].string,
      let type = row["applies_to"].strings.first.flatMap(DeviceType.init(key:))
    else { return nil }
    return FeatureDemand(
      rule: rule, type: type, view: row["feature_view"].string ?? "", feature: demand["if"].string,
      allOf: demand["all_of"].strings, anyOf: demand["any_of"].strings,
      noneOf: demand["none_of"].strings, acceptIfOffered: demand["accept_if_offered"].strings,
      zonedModel: demand["if_field"]["zoned.model"].int)
  }

  /// The verdict on a device that offers and a driver that accepted just these.
  private func verdict(
    _ row: FeatureDemand, offered: [String]?, negotiated: [String]?
  ) throws -> Verdict {
    var function = HealthyFunction(row.type)
    if let model = row.zonedModel { function.set("zoned.model", UInt64(model)) }
    function.offered = try bits(offered ?? [], row.type)
    // Offered, too: else its configuration would not be read.
    if row.zonedModel != nil { function.offered.formUnion(try bits(negotiated ?? [], row.type)) }
    function.negotiated = try bits(negotiated ?? [], row.type)
    function.edit = { state in
      if offered == nil, row.zonedModel == nil { state.registers?.offered = nil }
      if negotiated == nil { state.kernel.virtio?.features = nil }
    }
    let rule = try #require(Rule.all.first { $0.id == row.rule })
    let state = try function.state()
    return rule.verdict(on: state)
  }

  private func bits(_ names: [String], _ type: DeviceType) throws -> Set<Int> {
    Set(try names.map { try #require(Feature.named($0, for: type)?.bit, "\($0)") })
  }

  private func isBroken(_ verdict: Verdict) -> Bool {
    if case .broken = verdict { true } else { false }
  }

  private func isHeld(_ verdict: Verdict) -> Bool {
    if case .held = verdict { true } else { false }
  }

  @Test("what is demanded together holds, and each part that lacks is found", arguments: rows)
  func demands(row: FeatureDemand) throws {
    let own = row.feature.map { [$0] } ?? []
    guard row.acceptIfOffered.isEmpty else {
      for name in row.acceptIfOffered {
        #expect(isBroken(try verdict(row, offered: [name], negotiated: [])))
      }
      #expect(
        isHeld(
          try verdict(row, offered: row.acceptIfOffered, negotiated: row.acceptIfOffered)))
      return
    }
    let any = row.anyOf.prefix(1)
    var sets: [(features: [String], isBroken: Bool)] = [
      (own + row.allOf + any, false), (own + row.allOf + any + row.noneOf, !row.noneOf.isEmpty),
    ]
    sets += row.allOf.map { name in
      (own + row.allOf.filter { $0 != name } + any, true)
    }
    if !row.anyOf.isEmpty { sets.append((own + row.allOf, true)) }
    if row.feature != nil { sets.append(([], false)) }
    for (features, isBroken) in sets {
      let verdict =
        row.view == "negotiated"
        ? try verdict(row, offered: nil, negotiated: features)
        : try verdict(row, offered: features, negotiated: nil)
      #expect(isBroken ? self.isBroken(verdict) : isHeld(verdict), "\(features): \(verdict)")
    }
  }

  @Test(
    "what was negotiated can break a demand on both sets, and cannot show that it holds",
    arguments: rows.filter { $0.view == "either" && $0.feature != nil })
  func negotiatedOnly(row: FeatureDemand) throws {
    let own = row.feature.map { [$0] } ?? []
    #expect(isBroken(try verdict(row, offered: nil, negotiated: own)))
    guard case .notChecked = try verdict(row, offered: nil, negotiated: []) else {
      Issue.record("\(row.rule) is decided by the negotiated features alone")
      return
    }
  }
}
