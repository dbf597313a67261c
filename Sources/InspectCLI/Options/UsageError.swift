import VirtioPCI

/// Why the command line cannot be obeyed.
enum UsageError: Error, Hashable, Sendable {
  /// Options are as they were typed, with their hyphens.
  case unknownOption(String, suggestion: String?)
  case ambiguousOption(String, candidates: [String])
  case missingValue(option: String, synopsis: String)
  case unexpectedValue(option: String)
  case invalidValue(option: String, value: String, ValueError)
  case invalidDevice(String, ValueError)
  /// An option that takes one value, and two of them.
  case repeated(option: String, String, String)
  case exclusive(String, String)
  case requires(String, String)
  /// An option that has no effect where another is given, and why or what does instead.
  case pointless(String, with: String, hint: String)
  /// Something beside `--decode` that it does not take.
  case onlyDecodes
  /// A saved config space, and an option that needs the device itself.
  case savedConfig(String, String)
  /// An argument that is no text.
  case notUTF8(String)
  /// The file of an expectation, and what is wrong with it.
  case expectation(String, String)
}

/// Why the value of an option, or a DEVICE, is refused.
enum ValueError: Error, Hashable, Sendable {
  case empty
  case emptyItem
  case pattern(PatternError)
  case notOneOf([String])
  case notAssignment
  case notTypeAndFeatures
  case notFeatures
  /// A name that is in no table of such things.
  case unknown(String, String, known: [String])
  case unknownRule(String, similar: [String])
  case dumpMethod
  case notSeconds
  case standardInput
  /// IDs where a device is to be named.
  case ids(String)
  /// A word that is given beside others and excludes them.
  case alone(String)
}

extension UsageError: CustomStringConvertible {
  var description: String { escaped(sentence) }

  private var sentence: String {
    switch self {
    case .unknownOption(let option, suggestion: nil):
      "unknown option \(option); try --help"
    case .unknownOption(let option, let suggestion?):
      "unknown option \(option); try \(suggestion), or --help"
    case .ambiguousOption(let option, let candidates):
      "\(option) is ambiguous: \(alternatives(candidates))"
    case .missingValue(let option, let synopsis):
      "\(option) needs a value: \(synopsis)"
    case .unexpectedValue(let option):
      "\(option) takes no value"
    case .invalidValue(let option, let value, let error):
      "\(option) \(quoted(value)): \(error)"
    case .invalidDevice(let device, let error):
      "\(quoted(device)): \(error)"
    case .repeated(let option, let first, let second):
      "\(option) is given twice, with \(quoted(first)) and with \(quoted(second))"
    case .exclusive(let first, let second):
      "\(first) and \(second) exclude each other"
    case .requires(let option, let other):
      "\(option) has no effect without \(other)"
    case .pointless(let option, let other, let hint):
      "\(option) has no effect with \(other); \(hint)"
    case .onlyDecodes:
      "--decode reads no device: only --json, --noheadings and --color go with it"
    case .savedConfig(let path, let option):
      "\(quoted(path)) is saved config space, and \(option) needs a device"
    case .notUTF8(let argument):
      "\(quoted(argument)) is not UTF-8; name a file by a link to it, or from its folder"
    case .expectation(let path, let message):
      "--expect \(quoted(path)): \(message)"
    }
  }

  private func quoted(_ text: String) -> String {
    text.isEmpty || text.utf8.contains(UInt8(ascii: " ")) ? "'\(text)'" : text
  }
}

extension ValueError: CustomStringConvertible {
  var description: String {
    switch self {
    case .empty: "is empty"
    case .emptyItem: "has an empty item between its commas"
    case .pattern(let error): "\(error)"
    case .notOneOf(let words): "is not \(alternatives(words))"
    case .notTypeAndFeatures: "is not of the form TYPE=FEATURES"
    case .notFeatures:
      "is not 64 or 128 characters of 0 and 1, a hexadecimal number of up to 128 bits, or up to four"
        + " of 32 bits with commas between them"
    case .notAssignment:
      "is not of the form PARAMETER=VALUE; lspci -O help lists the parameters"
    case .unknown(let thing, let name, let known):
      "no \(thing) \(name)"
        + (nearest(name, among: known).map { "; did you mean \($0)?" } ?? "") + " (help lists them)"
    case .unknownRule(let name, let similar):
      "no rule or driver \(name); try \(alternatives(similar)), or --list-rules"
    case .dumpMethod: "is not offered; read a dump with -F FILE"
    case .notSeconds: "is not a number of seconds from 0 to \(WaitTime.longest)"
    case .ids(let text): "is not an address; functions with these IDs: -d \(text)"
    case .alone(let word): "\(word) stands alone"
    case .standardInput: "is not a device; -F - reads a dump from standard input"
    }
  }
}

/// Of these the one that `name` probably should be; nil where none is near.
private func nearest(_ name: String, among known: [String]) -> String? {
  let name = name.lowercased().utf8.prefix(64)
  // `ethernet` is none of them, `nett` is net.
  let near = known.map { (word: $0, distance: editDistance(name, $0.lowercased().utf8)) }
  guard let nearest = near.min(by: { $0.distance < $1.distance }),
    nearest.distance <= 2, nearest.distance * 2 <= name.count
  else { return nil }
  return nearest.word
}

/// `a, b or c`.
private func alternatives(_ words: [String]) -> String {
  guard let last = words.last, words.count > 1 else { return words.joined() }
  return words.dropLast().joined(separator: ", ") + " or " + last
}
