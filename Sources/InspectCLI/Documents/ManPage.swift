import VirtioPCI

/// The manual pages, as they stand in `man/`.
enum ManPage {
  /// virtio-pci-inspect(8): the program.
  static var program: String {
    var page = Roff(name: Version.name, section: 8, about: "System Administration")
    page.section("NAME")
    page.prose("\(Version.name) - show what virtio PCI devices present")
    page.section("SYNOPSIS")
    page.synopsis(Version.name, "[OPTION]... [DEVICE]...", variables: ["OPTION", "DEVICE"])
    page.section("DESCRIPTION")
    page.prose(Manual.description, variables: ["DEVICE"])
    for (form, meaning) in Help.deviceForms { page.item(Roff.bold(form), meaning) }
    page.prose(Manual.operands)
    page.section("OPTIONS")
    for group in Option.Group.allCases {
      page.subsection(group.rawValue)
      for option in Option.shown where option.group == group { page.option(option) }
    }
    page.section("OUTPUT")
    page.output()
    page.section("EXIT STATUS")
    for status in ExitStatus.allCases {
      page.item(Roff.bold("\(status.rawValue)"), status.meaning)
    }
    page.prose(Manual.statuses)
    page.section("ENVIRONMENT")
    for (name, meaning) in Manual.environment { page.item(Roff.bold(name), meaning) }
    page.section("FILES")
    page.prose(Manual.files, variables: ["DIR", "ADDRESS"])
    for (path, meaning) in Manual.paths { page.item(Roff.italic(path), meaning) }
    page.section("EXAMPLES")
    page.examples(Manual.examples)
    page.section("NOTES")
    for note in Manual.notes {
      page.subsection(note.heading)
      page.prose(note.text, variables: ["NAME"])
    }
    page.section("BUGS")
    page.prose(Manual.bugs)
    page.section("SEE ALSO")
    page.prose("\(Version.name).json(5), lspci(8), setpci(8), jq(1)")
    page.prose(Manual.specification)
    return page.text
  }
}

extension Roff {
  mutating func examples(_ examples: [Manual.Example]) {
    for example in examples {
      prose("\(example.purpose):")
      literal(example.command)
    }
  }

  fileprivate mutating func option(_ option: Option) {
    var names = [Self.bold("--\(option.long)")]
    if let letter = option.short { names.insert(Self.bold("-\(letter)"), at: 0) }
    var term = names.joined(separator: ", ")
    var variables: [Substring] = []
    if case .value(let value, _) = option.action {
      term += " " + Self.italic(value.placeholder)
      variables = value.placeholder.split { !$0.isLetter }
    }
    item(term, option.summary.sentence + "\n" + option.details, variables: variables)
  }

  fileprivate mutating func output() {
    subsection("The list")
    prose(Manual.list)
    columns(Column.defaults)
    prose("These are there for --output:")
    columns(
      Column.all.filter { column in
        !Column.defaults.contains { $0.name == column.name }
      })
    subsection("A function in full")
    prose(Manual.detail)
    for column in CapabilityRow.columns { item(Self.bold(column.heading), column.meaning) }
    prose("The types of virtio capabilities are:")
    for (type, meaning) in Manual.capabilityTypes { item(Self.bold(type.label), meaning) }
    subsection("The layout of BARs")
    prose(Manual.layout)
    for column in LayoutView.columns { item(Self.bold(column.heading), column.meaning) }
    subsection("Checks")
    prose(Manual.checks)
    subsection("JSON")
    prose("The output of --json and --jsonl is described in \(Version.name).json(5).")
  }

  private mutating func columns(_ columns: [Column]) {
    for column in columns { item(Self.bold(column.name), column.meaning) }
  }
}
