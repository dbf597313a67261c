/// Reads a command line by the table of options, the way of GNU programs: options and operands
/// mix, `--` ends the options, short ones bundle, and long ones may be shortened.
struct Parser {
  private let options: [Option]
  private var words: ArraySlice<String>
  private var arguments = Arguments()
  /// The options that take one value, by their long names, and the value of each.
  private var given: [String] = []
  private var values: [String] = []

  /// What `words`, the command line without the name of the program, ask for.
  static func parse(
    _ words: [String], options: [Option] = Option.table
  ) throws(UsageError) -> Arguments {
    var parser = Parser(options: options, words: words[...])
    try parser.run()
    parser.arguments.devices = DeviceOperand.withoutDuplicates(parser.arguments.devices)
    if parser.arguments.action == .inspect { try parser.arguments.validate() }
    return parser.arguments
  }

  private init(options: [Option], words: ArraySlice<String>) {
    self.options = options
    self.words = words
  }

  /// Whether an option such as `--help` has settled what to do.
  private var isDone: Bool { arguments.action != .inspect }

  // Everything below looks at UTF-8, not at characters: a hyphen before a combining accent is no
  // character of its own, yet still the hyphen of an option.
  private mutating func run() throws(UsageError) {
    var takesOptions = true
    while !isDone, let word = words.popFirst() {
      if !takesOptions || word.utf8.first != Self.hyphen || word.utf8.count == 1 {
        try operand(word)
      } else if word.utf8.dropFirst().first != Self.hyphen {
        try shortOptions(word)
      } else if word.utf8.count == 2 {
        takesOptions = false
      } else {
        try longOption(word)
      }
    }
  }

  private static let hyphen = UInt8(ascii: "-")

  private mutating func operand(_ word: String) throws(UsageError) {
    let device: DeviceOperand
    do { device = try DeviceOperand(parsing: word) } catch { throw .invalidDevice(word, error) }
    arguments.devices.append(device)
  }

  /// `--NAME` or `--NAME=VALUE`.
  private mutating func longOption(_ word: String) throws(UsageError) {
    let equals = word.utf8.firstIndex(of: UInt8(ascii: "="))
    let option = try option(named: word[..<(equals ?? word.endIndex)])
    let value = equals.map { String(word[word.utf8.index(after: $0)...]) }
    switch option.action {
    case .flag(let apply):
      guard value == nil else { throw .unexpectedValue(option: "--\(option.long)") }
      apply(&arguments)
    case .value(_, let apply):
      try applyValue(value, of: option, as: "--\(option.long)", apply)
    case .optional(_, let apply):
      do { try apply(value, &arguments) } catch {
        throw .invalidValue(option: "--\(option.long)", value: value ?? "", error)
      }
    }
  }

  /// The option that `name`, with its two hyphens, means: the exact one, or the only one that
  /// begins so.
  private func option(named name: Substring) throws(UsageError) -> Option {
    let letters = name.utf8.dropFirst(2)
    if let exact = options.first(where: { $0.long.utf8.elementsEqual(letters) }) { return exact }
    let candidates =
      letters.isEmpty
      ? [] : options.filter { !$0.isHidden && $0.long.utf8.starts(with: letters) }
    guard let first = candidates.first else {
      throw .unknownOption(String(name), suggestion: nearest(to: letters))
    }
    guard candidates.count == 1 else {
      throw .ambiguousOption(String(name), candidates: candidates.map { "--\($0.long)" })
    }
    return first
  }

  /// `-abc`, where the first letter that takes a value takes what follows it, or the next word.
  private mutating func shortOptions(_ word: String) throws(UsageError) {
    var letters = word.unicodeScalars.dropFirst()
    while !isDone, let letter = letters.popFirst() {
      guard let option = options.first(where: { $0.short == letter }) else {
        let letters = word.utf8.dropFirst()
        let long = options.first { !$0.isHidden && $0.long.utf8.elementsEqual(letters) }
        throw .unknownOption("-\(letter)", suggestion: long.map { "--\($0.long)" })
      }
      switch option.action {
      case .flag(let apply):
        apply(&arguments)
      // They have no letter.
      case .optional: break
      case .value(_, let apply):
        let attached = letters.isEmpty ? nil : String(letters)
        return try applyValue(attached, of: option, as: "-\(letter)", apply)
      }
    }
  }

  /// Applies the value that belongs to an option: the one attached to it, else the next word.
  private mutating func applyValue(
    _ attached: String?, of option: Option, as name: String, _ apply: Option.ValueSetter
  ) throws(UsageError) {
    guard let text = attached ?? words.popFirst() else {
      throw .missingValue(option: name, synopsis: option.synopsis)
    }
    if text == "help", let kind = option.value?.kind.candidates, kind.isTable {
      arguments.action = .list(kind)
      return
    }
    if !option.traits.contains(.repeatable) {
      if let index = given.firstIndex(of: option.long), values[index] != text {
        throw .repeated(option: name, values[index], text)
      }
      given.append(option.long)
      values.append(text)
    }
    do { try apply(text, &arguments) } catch {
      throw .invalidValue(option: name, value: text, error)
    }
  }

  /// The long option that `name` probably should be.
  private func nearest(to name: Substring.UTF8View) -> String? {
    let distances = options.filter { !$0.isHidden }.map {
      (option: $0, distance: editDistance(name, $0.long.utf8))
    }
    guard let nearest = distances.min(by: { $0.distance < $1.distance }),
      nearest.distance <= 2, nearest.distance * 2 <= name.count
    else { return nil }
    return "--\(nearest.option.long)"
  }
}

/// How many bytes have to be inserted, left out or replaced to make the one from the other.
func editDistance(
  _ left: some Collection<UInt8>, _ right: some Collection<UInt8>
) -> Int {
  var distances = Array(0...right.count)
  for (row, byte) in left.enumerated() {
    var diagonal = row
    distances[0] = row + 1
    for (column, other) in right.enumerated() {
      let replaced = diagonal + (byte == other ? 0 : 1)
      diagonal = distances[column + 1]
      distances[column + 1] = min(replaced, diagonal + 1, distances[column] + 1)
    }
  }
  return distances[right.count]
}
