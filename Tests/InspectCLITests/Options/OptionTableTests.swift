import Testing

@testable import InspectCLI

@Suite("Option table")
struct OptionTableTests {
  @Test("no two options share a long name or a letter")
  func unique() {
    let letters = Option.table.compactMap { $0.short }
    #expect(Set(Option.table.map { $0.long }).count == Option.table.count)
    #expect(Set(letters).count == letters.count)
  }

  @Test("long names are lower-case words, letters are ASCII letters", arguments: Option.table)
  func spelling(option: Option) {
    #expect(option.long.utf8.count > 1)
    #expect(option.long.allSatisfy { ("a"..."z").contains($0) || $0 == "-" })
    #expect(!option.long.hasPrefix("-"))
    #expect(option.short?.properties.isAlphabetic != false && option.short?.isASCII != false)
  }

  @Test("a summary is one short line without a full stop", arguments: Option.table)
  func summary(option: Option) {
    #expect((1...52).contains(option.summary.count))
    #expect(!option.summary.hasSuffix("."))
    #expect(!option.summary.contains("\n"))
    #expect(option.summary.first?.isUppercase == false)
  }

  @Test("details are whole sentences", arguments: Option.table)
  func details(option: Option) {
    #expect(option.details.hasSuffix("."))
  }

  @Test("every group has an option", arguments: Option.Group.allCases)
  func groups(group: Option.Group) {
    #expect(Option.table.contains { $0.group == group })
  }

  @Test("every word that is offered for a value is taken", arguments: Option.table)
  func words(option: Option) throws {
    guard case .value(let value, _) = option.action, case .words(let words) = value.kind else {
      return
    }
    for word in words {
      var arguments = Arguments()
      if case .value(_, let apply) = option.action { try apply(word, &arguments) }
    }
    for topic in JSONSchema.Topic.words { _ = try Parser.parse(["--schema=\(topic)"]) }
  }

  @Test(
    "an option given twice adds exactly when it says that it is repeatable", arguments: Option.table
  )
  func repetition(option: Option) throws {
    var both = Arguments()
    var last = Arguments()
    switch option.action {
    case .flag(let apply):
      apply(&both)
      apply(&both)
      apply(&last)
    case .value(_, let apply):
      let pair = try Self.values(of: option)
      try apply(pair[0], &both)
      try apply(pair[1], &both)
      try apply(pair[1], &last)
    case .optional(_, let apply):
      try apply("diff", &both)
      try apply(nil, &both)
      try apply(nil, &last)
    }
    #expect((both != last) == option.traits.contains(.repeatable))
  }

  /// Two values that it takes.
  private static func values(of option: Option) throws -> [String] {
    let values = [
      "--slot": ["4", "5"], "--id": ["1af4:", ":1041"], "--type": ["net", "blk"],
      "--as": ["net", "blk"],
      "--access": ["sysfs", "libpci"], "--libpci-option": ["a=1", "b=2"], "--dump": ["a", "b"],
      "--sysfs": ["a", "b"], "--capture": ["a", "b"], "--output": ["TYPE", "NODES"],
      "--expect": ["a", "b"], "--wait": ["1", "2"], "--report": ["tap", "text"],
      "--color": ["never", "always"], "--explain": ["cap-len-base", "cap-isr-length"],
      "--complete": ["types", "columns"], "--drivers": ["linux", "all"],
      "--ignore": ["cap-len-base", "cap-isr-length"], "--decode": ["net=1", "net=2"],
      "--diff": ["a", "b"],
    ]
    return try #require(values["--\(option.long)"])
  }

  @Test("an option ends the parsing exactly when it says so", arguments: Option.table)
  func last(option: Option) throws {
    var arguments = Arguments()
    switch option.action {
    case .flag(let apply): apply(&arguments)
    case .value(_, let apply): try apply(Self.values(of: option)[0], &arguments)
    case .optional(_, let apply): try apply(nil, &arguments)
    }
    #expect((arguments.action != .inspect) == option.traits.contains(.last))
  }

  @Test("what a refusal names is an option")
  func refusals() {
    let pairs = Arguments.refused.compactMap(\.options)
    #expect(!pairs.isEmpty)
    for name in pairs.flatMap({ [$0.0, $0.1] }) {
      #expect(Option.table.contains { $0.long == name })
    }
  }
}
