import PCIAccess
import Platform

/// The program: from its arguments to its exit status.
public enum Program {
  /// Runs with `commandLine`, the program's name first.
  public static func run(_ commandLine: [String]) -> Int32 {
    StandardStreams.prepare()
    return status(commandLine).rawValue
  }

  private static func status(_ commandLine: [String]) -> ExitStatus {
    do throws(UsageError) {
      let words = Array(commandLine.dropFirst())
      if let broken = words.first(where: \.isRepaired) { throw .notUTF8(broken) }
      let arguments = try Parser.parse(words)
      if let text = text(for: arguments) { return print(text) }
      return try inspect(arguments)
    } catch {
      Diagnostic.print("\(error)")
      return .usage
    }
  }

  /// What is printed in place of an inspection; nil where one is asked for.
  static func text(for arguments: Arguments) -> String? {
    switch arguments.action {
    case .help: Help.text()
    case .version: Version.text
    case .schema(let topic): JSONSchema.text(of: topic)
    case .listRules: RuleText.list(showsHeadings: arguments.showsHeadings)
    case .explain(let topic): topic.text
    case .list(let kind): Candidate.table(kind, for: arguments)
    case .complete(let kind): kind.map { Candidate.lines($0, for: arguments) } ?? ""
    case .inspect: nil
    }
  }

  /// Looks until all is well or the time is over; the last look is the one that counts.
  private static func inspect(_ arguments: Arguments) throws(UsageError) -> ExitStatus {
    if let decode = arguments.decode { return print(decode, for: arguments) }
    let standards = try Standards(arguments)
    let output: StandardOutput =
      arguments.isQuiet ? .discarding() : arguments.wait == nil ? StandardOutput() : .keeping()
    let surroundings = Surroundings.inherited
    var watch = ChangeWatch(milliseconds: arguments.wait ?? 0)
    var run = try Run(arguments, standards, to: output, in: surroundings)
    while run.look() != .success, run.mayChange, watch.wait() {
      run = try Run(arguments, standards, to: output, in: surroundings)
    }
    return run.finish()
  }

  private static func print(
    _ decoded: DecodedFeatures, for arguments: Arguments
  ) -> ExitStatus {
    var output = StandardOutput()
    if arguments.json {
      var writer = JSONWriter(compact: false)
      decoded.write(to: &writer)
      writer.endOfText()
      writer.drain(to: &output)
    } else {
      let painter = Painter(isOn: arguments.color.isOn ?? Surroundings.inherited.showsColor)
      let view = FeaturesView(painter: painter, showsHeadings: arguments.showsHeadings)
      output.write { view.append(decoded, to: &$0) }
    }
    return output.finish()
  }

  private static func print(_ text: String) -> ExitStatus {
    var output = StandardOutput()
    output.write { $0 += text.utf8 }
    return output.finish()
  }
}

extension Topic {
  fileprivate var text: String {
    rule.map(RuleText.explanation) ?? driver.map(DriverText.explanation) ?? ""
  }
}

extension String {
  /// Whether it was not UTF-8: it then comes with U+FFFD for what was none, and would name another
  /// file.
  fileprivate var isRepaired: Bool {
    utf8.contains(0xEF) && unicodeScalars.contains("\u{FFFD}")
  }
}
