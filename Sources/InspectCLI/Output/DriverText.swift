import VirtioConformance
import VirtioPCI

/// What drivers do with a function, in lines: those that do not use it first, each with its reason, then
/// those that do.
struct DriverText {
  let entries: [DriverEntry]

  struct Line {
    let text: String
    let style: Style
  }

  /// So many drivers that do the same are named.
  private static let named = 3

  /// Drivers that do the same are in one line.
  var summaries: [Line] {
    var lines = refusals
    for outcome in [DriverVerdict.Outcome.modern, .legacy] {
      append(outcome, as: outcome.rawValue, .plain, to: &lines)
    }
    return lines + withoutDriver + unpredicted
  }

  /// A line each, with what is ignored, and how much was not checked.
  func details(of function: Function) -> [Line] {
    let driven = entries.filter { $0.verdict.outcome.isDriven }
    return refusals + driven.map { Line(text: $0.detail(of: function), style: .plain) }
      + withoutDriver + unpredicted
  }

  private var refusals: [Line] {
    entries.filter { $0.verdict.outcome.isRefusal }
      .map { Line(text: "\($0.driver.name) \($0.sentence)", style: Style($0)) }
  }

  /// The systems that have no driver for this type of device.
  private var withoutDriver: [Line] {
    var lines: [Line] = []
    append(.noDriver, as: "no driver", .faint, to: &lines, named: .max)
    return lines
  }

  /// Those of which nothing can be said, since the capability list was not read.
  private var unpredicted: [Line] {
    var lines: [Line] = []
    append(.unknown, as: "unknown", .faint, to: &lines)
    return lines
  }

  /// One line for those of which `outcome` is the verdict, unless there is none: `Linux, OVMF and 5
  /// more: modern`.
  private func append(
    _ outcome: DriverVerdict.Outcome, as word: String, _ style: Style, to lines: inout [Line],
    named: Int = Self.named
  ) {
    let count = entries.count { $0.verdict.outcome == outcome }
    guard count > 0 else { return }
    // One name takes no more room than `and 1 more`.
    var rest = count - 1 > named ? named : count
    var text = ""
    for entry in entries where rest > 0 && entry.verdict.outcome == outcome {
      if !text.isEmpty { text += ", " }
      text += entry.driver.name
      rest -= 1
    }
    if count - 1 > named { text += " and \(count - named) more" }
    text += ": "
    text += word
    lines.append(Line(text: text, style: style))
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

extension DriverEntry {
  /// `Linux: modern; ignored: the MTU of 60 is below 68; 7 steps not checked (--probe)`.
  fileprivate func detail(of function: Function) -> String {
    var text = "\(driver.name): \(verdict.outcome.rawValue)"
    for reason in ignored { text += "; ignored: \(reason)" }
    let count = driver.unchecked(in: verdict).count
    guard count > 0 else { return text }
    text += "; \(count) step\(count == 1 ? "" : "s") not checked"
    let options = driver.missing(in: verdict, on: function).options
    return options.isEmpty ? text : text + " (\(options.joined(separator: ", ")))"
  }
}

extension Driver.Needs {
  /// The options that read it.
  fileprivate var options: [String] {
    let rows: [(needs: Self, option: String)] = [
      ([.msix, .interrupt, .header], "--check"),
      ([.status, .common, .deviceConfig], "--registers"),
      ([.offered, .queues], "--probe"),
    ]
    return rows.filter { !isDisjoint(with: $0.needs) }.map(\.option)
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
