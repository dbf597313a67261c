import VirtioConformance
import VirtioPCI

/// What drivers do with a function, in lines: those that do not use it first, each with its reason, then
/// those that do.
struct DriverText {
  let entries: [DriverEntry]
  /// A line each, with what is ignored and what was not checked.
  let isVerbose: Bool

  struct Line {
    let text: String
    let style: Style
  }

  /// So many drivers that do the same are named.
  private static let named = 3

  var lines: [Line] {
    let others = entries.filter { !$0.verdict.outcome.isDriven }
    let driven = entries.filter { $0.verdict.outcome.isDriven }
    let lines = others.map { Line(text: "\($0.driver.name) \($0.sentence)", style: Style($0)) }
    if isVerbose { return lines + driven.map { Line(text: Self.full($0), style: .plain) } }
    return lines
      + [DriverVerdict.Outcome.modern, .legacy].compactMap { outcome in
        let names = driven.filter { $0.verdict.outcome == outcome }.map(\.driver.name)
        return names.isEmpty
          ? nil : Line(text: "\(Self.list(names)): \(outcome.rawValue)", style: .plain)
      }
  }

  /// `Linux: modern; ignores shared memory 0: its cap_len is 28; not checked: queue-size`.
  private static func full(_ entry: DriverEntry) -> String {
    var text = "\(entry.driver.name): \(entry.verdict.outcome.rawValue)"
    for reason in entry.ignored { text += "; ignores it that \(reason)" }
    let unchecked = entry.driver.unchecked(in: entry.verdict).map(\.key)
    if !unchecked.isEmpty { text += "; not checked: \(unchecked.joined(separator: ", "))" }
    return text
  }

  private static func list(_ names: [String]) -> String {
    let rest = names.count - named
    guard rest > 1 else { return names.joined(separator: ", ") }
    return names.prefix(named).joined(separator: ", ") + " and \(rest) more"
  }

  /// `all`, `none`, or which drivers use a function; nil where nothing is known of any.
  static func summary(of entries: [DriverEntry]) -> String? {
    let known = entries.filter { $0.verdict.outcome != .unknown }
    let driven = known.filter { $0.verdict.outcome.isDriven }.map(\.driver.key)
    let others = known.filter { !$0.verdict.outcome.isDriven }.map(\.driver.key)
    guard !known.isEmpty else { return nil }
    if others.isEmpty { return "all" }
    if driven.isEmpty { return "none" }
    return driven.count <= others.count
      ? driven.joined(separator: " ") : "all but \(others.joined(separator: " "))"
  }

  /// All about one driver, for `--explain`.
  static func explanation(of driver: Driver) -> String {
    var lines = [
      "\(driver.key)  \(driver.name)", "  \(driver.scope)", "",
      "  read from     \(driver.source.repository), \(driver.source.release)",
      "  held against  \(driver.source.heldAgainst ?? "nothing: it was only read")", "",
      "  Its steps, in order:",
    ]
    for step in driver.steps {
      lines += ["", "  \(step.heading)", "    \(step.demand)"] + step.more
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

extension Style {
  fileprivate init(_ entry: DriverEntry) {
    self = Defect(entry).map { Style($0.severity) } ?? .faint
  }
}

extension Driver.Step {
  fileprivate var heading: String {
    var text = "\(key): \(effect.text)"
    if let type { text += ", \(type.label) only" }
    if let interface { text += ", \(interface.rawValue) interface only" }
    if let since { text += ", since \(since)" }
    return text
  }

  fileprivate var more: [String] {
    var lines = ["    \(citation.file): \(citation.function)"]
    if let message { lines.append("    logs \"\(message)\"") }
    return lines
  }
}

extension Driver.Effect {
  /// What becomes of a function that fails the step.
  fileprivate var text: String {
    switch self {
    case .leavesModern: "tries the legacy interface"
    case .hasNoLegacy, .refuses: "refuses"
    case .isFatal: "hangs or crashes"
    case .hasNoDriver: "has no driver"
    case .ignores: "ignores"
    }
  }
}
