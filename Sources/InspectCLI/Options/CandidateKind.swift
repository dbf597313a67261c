/// What the completions of a shell ask the program for, with `--complete`.
enum CandidateKind: String, CaseIterable, Hashable, Sendable {
  /// All that a DEVICE can be called, paths aside.
  case devices
  case addresses, ids, types, columns, access, topics, drivers, rules
  /// All that a shell has to know of the options.
  case options

  /// Whether they are always the same, so that `help` in place of one lists them.
  var isTable: Bool {
    switch self {
    case .types, .columns, .access, .topics, .drivers, .rules: true
    case .devices, .addresses, .ids, .options: false
    }
  }
}

extension Option.Kind {
  /// What to ask for where the program knows the values.
  var candidates: CandidateKind? {
    switch self {
    case .address: .addresses
    case .id: .ids
    case .deviceType: .types
    case .column: .columns
    case .accessMethod: .access
    case .topic: .topics
    case .driver: .drivers
    case .rule: .rules
    case .text, .file, .directory, .words: nil
    }
  }
}
