import PCIAccess
import VirtioConformance
import VirtioPCI

/// One value that a shell can offer.
struct Candidate: Hashable {
  var name: String
  var meaning: String

  /// The values of a kind that there are now, for these arguments, in the order to show them in.
  static func all(_ kind: CandidateKind, for arguments: Arguments) -> [Candidate] {
    switch kind {
    case .devices: devices(functions(for: arguments))
    case .addresses: addresses(functions(for: arguments))
    case .ids: ids(functions(for: arguments))
    case .types:
      DeviceType.defined.filter { $0 != .invalid }.compactMap { type in
        type.key.map { Candidate(name: $0, meaning: type.name ?? "") }
      }
    case .columns: Column.all.map { Candidate(name: $0.name, meaning: $0.meaning) }
    case .access:
      AccessMethod.known.map { Candidate(name: "\($0.method)", meaning: $0.meaning) }
    case .topics: drivers + rules
    case .drivers:
      drivers + [
        Candidate(name: "all", meaning: "those that were held against the real driver"),
        Candidate(name: "none", meaning: "no driver"),
      ]
    case .rules:
      Driver.all.map { Candidate(name: $0.rule, meaning: "that \($0.name) refuses a function") }
        + rules
    case .options: []
    }
  }

  /// What `help` as the value of an option prints: a line for each value with what it means.
  static func table(_ kind: CandidateKind, for arguments: Arguments) -> String {
    var table = TextTable(
      ["VALUE", "MEANING"].map { TextTable.Column(heading: $0) },
      painter: Painter(isOn: false), showsHeadings: false)
    var text: [UInt8] = []
    for value in all(kind, for: arguments) {
      table.add([.init(text: value.name), .init(text: escaped(value.meaning))], to: &text)
    }
    table.finish(&text)
    return String(decoding: text, as: UTF8.self)
  }

  /// The lines that `--complete` prints: a name, a tab and what it means; of options, more.
  static func lines(_ kind: CandidateKind, for arguments: Arguments) -> String {
    if kind == .options { return OptionLines.text() }
    return all(kind, for: arguments).map {
      "\($0.name)\t\(escaped($0.meaning.shortened(to: longest)))\n"
    }.joined()
  }
}

extension Candidate {
  private static var drivers: [Candidate] {
    Driver.all.map { Candidate(name: $0.key, meaning: $0.scope) }
  }

  private static var rules: [Candidate] {
    Rule.known.map { Candidate(name: $0.id, meaning: $0.demand) }
  }

  /// The most functions whose names a shell is offered; a longer list is of no use there.
  private static let mostFunctions = 4096
  /// A longer name or meaning is no help.
  private static let longest = 256

  private static func functions(for arguments: Arguments) -> [FunctionNames] {
    guard arguments.dumps.isEmpty else {
      return arguments.dumps.compactMap(\.path).reduce(into: []) { names, path in
        names += DumpSource.functionNames(path: path, most: mostFunctions - names.count)
      }
    }
    return SysfsTree(root: arguments.sysfsRoot ?? "/sys").functionNames(most: mostFunctions)
  }

  private static func addresses(_ functions: [FunctionNames]) -> [Candidate] {
    functions.map { Candidate(name: $0.address.description, meaning: $0.summary) }
  }

  private static func ids(_ functions: [FunctionNames]) -> [Candidate] {
    grouped(functions.map { (name: $0.id, function: $0) }).map { name, functions in
      Candidate(name: name, meaning: functions[0].label)
    }
  }

  /// The addresses, and after them the names, the most particular first.
  private static func devices(_ functions: [FunctionNames]) -> [Candidate] {
    let kinds: [(Function.Kernel) -> [String]] = [\.devices, \.nodes, \.drivers]
    let names = kinds.map { names in
      functions.flatMap { function in names(function.kernel).map { (name: $0, function: function) }
      }
    }
    return addresses(functions)
      + grouped(names.joined()).filter { isOperand($0.name) }.map { name, functions in
        let meaning =
          functions.count == 1
          ? "\(functions[0].label) at \(functions[0].address)" : "\(functions.count) functions"
        return Candidate(name: name, meaning: meaning)
      }
  }

  /// Each name once, with all that it belongs to.
  private static func grouped(
    _ names: some Sequence<(name: String, function: FunctionNames)>
  ) -> [(name: String, functions: [FunctionNames])] {
    var groups: [(name: String, functions: [FunctionNames])] = []
    var places: [ExactText: Int] = [:]
    for (name, function) in names {
      if let place = places[ExactText(name)] {
        groups[place].functions.append(function)
      } else {
        places[ExactText(name)] = groups.count
        groups.append((name, [function]))
      }
    }
    return groups
  }

  /// Whether a DEVICE of this name would be taken as a name, and can be typed: one with a control
  /// character in it never reaches a terminal.
  private static func isOperand(_ name: String) -> Bool {
    guard case .name? = try? DeviceOperand(parsing: name) else { return false }
    return name.utf8.first != UInt8(ascii: "-") && name.utf8.count <= longest
      && escaped(name).isExactly(name)
  }
}

extension FunctionNames {
  fileprivate var label: String { type?.label ?? "virtio" }

  fileprivate var id: String { "\(Hex(vendorID).bare):\(Hex(deviceID).bare)" }

  /// `net, virtio2, eth0`.
  fileprivate var summary: String {
    ([label] + kernel.devices + kernel.nodes).joined(separator: ", ")
  }
}
