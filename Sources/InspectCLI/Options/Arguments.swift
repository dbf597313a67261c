import VirtioPCI

/// What the command line asks for.
struct Arguments: Hashable, Sendable {
  /// What to do. Anything but `inspect` ends the parsing: what follows is not looked at.
  enum Action: Hashable, Sendable {
    case inspect, help, version
  }

  var action = Action.inspect
  /// What was named, each once, in the order given.
  var devices: [DeviceOperand] = []

  var slot: AddressPattern?
  var id: IDPattern?
  /// Any of these; any at all when there is none.
  var types: [DeviceType] = []

  var access: AccessMethod?
  var libpciParameters: [LibPCIParameter] = []
  var dumps: [DumpFile] = []
  /// Another root than `/sys`.
  var sysfs: String?

  var json = false
  var jsonLines = false
  var columns: ColumnChoice?
  var showsHeadings = true
  var verbosity = 0
  var hex = false
  var color = ColorChoice.auto

  /// Whether the table with a row a function was asked for rather than each in full.
  var asksForList: Bool { devices.isEmpty || columns != nil }
}

/// How config space is read.
enum AccessMethod: Hashable, Sendable {
  case sysfs
  /// nil leaves the choice of the method to libpci.
  case libpci(method: String?)

  init(parsing text: String) throws(ValueError) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    switch (parts[0], parts.dropFirst().first) {
    case ("sysfs", nil): self = .sysfs
    case ("libpci", nil): self = .libpci(method: nil)
    case ("libpci", "dump"?): throw .dumpMethod
    case ("libpci", let method?) where !method.isEmpty: self = .libpci(method: String(method))
    default: throw .notOneOf(["sysfs", "libpci", "libpci:NAME"])
    }
  }
}

/// A parameter of libpci, as lspci's `-O`.
struct LibPCIParameter: Hashable, Sendable {
  var name: String
  var value: String

  init(parsing text: String) throws(ValueError) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty else { throw .notAssignment }
    (name, value) = (String(parts[0]), String(parts[1]))
  }
}

/// Where saved config space is read from.
enum DumpFile: Hashable, Sendable {
  case standardInput
  case path(String)

  init(parsing text: String) throws(ValueError) {
    guard !text.isEmpty else { throw .empty }
    self = text == "-" ? .standardInput : .path(text)
  }
}

/// The columns of the list table.
struct ColumnChoice: Hashable, Sendable {
  /// Of columns of `Column.all`.
  let names: [String]

  /// The names of columns; after a `+` they are added to the default ones.
  init(parsing text: String) throws(ValueError) {
    let adds = text.utf8.first == UInt8(ascii: "+")
    var names = adds ? Column.defaults.map { $0.name } : []
    for name in try items(of: adds ? text[...].dropFirst() : text[...]) {
      guard let column = Column.named(name) else {
        throw .unknown("column", name, known: Column.all.map { $0.name })
      }
      names.append(column.name)
    }
    self.names = names
  }

  var columns: [Column] { names.compactMap { Column.named($0) } }
}

extension DeviceType {
  /// A key (`net`) or a number.
  init(parsing text: String) throws(ValueError) {
    if let type = DeviceType(key: text.lowercased()) {
      self = type
    } else if let number = UInt16(text) {
      self.init(rawValue: number)
    } else {
      throw .unknown("device type", text, known: DeviceType.defined.compactMap { $0.key })
    }
  }
}

enum ColorChoice: String, CaseIterable, Hashable, Sendable {
  case auto, always, never

  static let words = allCases.map { $0.rawValue }

  init(parsing text: String) throws(ValueError) {
    guard let choice = Self(rawValue: text) else { throw .notOneOf(Self.words) }
    self = choice
  }
}

/// The parts between the commas.
func items(of text: Substring) throws(ValueError) -> [String] {
  guard !text.isEmpty else { throw .empty }
  let items = text.split(separator: ",", omittingEmptySubsequences: false).map { String($0) }
  guard !items.contains("") else { throw .emptyItem }
  return items
}
