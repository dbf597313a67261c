import PCIAccess
import Platform
import VirtioPCI

/// A DEVICE of the command line.
enum DeviceOperand: Hashable, Sendable {
  case address(AddressPattern)
  /// A kernel name: of the virtio device, of a driver that is bound, or of what it made.
  case name(String)
  /// A sysfs device folder, or a saved raw `config` file.
  case path(String)

  /// A text with a `/` is a path. One that is a slot, or has a `:` or `.` and else only what an
  /// address is made of, is meant as an address, so that a slip in it is named; anything else is a
  /// name, for those hold `.` and `:` too (`eth0.100`).
  init(parsing text: String) throws(ValueError) {
    guard !text.isEmpty else { throw .empty }
    guard text != "-" else { throw .standardInput }
    if text.utf8.contains(UInt8(ascii: "/")) {
      self = .path(text)
    } else if Self.looksLikeAddress(text) {
      do throws(ValueError) {
        self = .address(try AddressPattern(parsing: text))
      } catch {
        guard Self.looksLikeIDs(text) else { throw error }
        throw .ids(text)
      }
    } else if let slot = try? AddressPattern(text) {
      self = .address(slot)
    } else {
      self = .name(text)
    }
  }

  /// Each once, in the order given: there may be thousands, and seldom are there two.
  static func withoutDuplicates(_ operands: [Self]) -> [Self] {
    guard operands.count > 1 else { return operands }
    let keys = operands.map { $0.key }
    let sorted = operands.indices.sorted { left, right in
      keys[left].isExactly(keys[right])
        ? left < right : keys[left].utf8.lexicographicallyPrecedes(keys[right].utf8)
    }
    var isFirst = Array(repeating: true, count: operands.count)
    for (previous, next) in zip(sorted, sorted.dropFirst()) {
      isFirst[next] = !keys[next].isExactly(keys[previous])
    }
    return operands.indices.filter { isFirst[$0] }.map { operands[$0] }
  }

  /// The same bytes for the same operand.
  private var key: String {
    switch self {
    case .address(let pattern): "a\(pattern)"
    case .name(let text): "n\(text)"
    case .path(let text): "p\(text)"
    }
  }

  static func == (left: Self, right: Self) -> Bool {
    switch (left, right) {
    case (.address(let left), .address(let right)): left == right
    case (.name(let left), .name(let right)), (.path(let left), .path(let right)):
      left.isExactly(right)
    default: false
    }
  }

  func hash(into hasher: inout Hasher) {
    switch self {
    case .address(let pattern): hasher.combine(pattern)
    case .name(let text), .path(let text): hasher.combine(text)
    }
  }

  /// Whether it is `1af4:1041` and the like, which is no address.
  private static func looksLikeIDs(_ text: String) -> Bool {
    let parts = text.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    return parts.count == 2
      && parts.allSatisfy { $0.count == 4 && $0.allSatisfy { $0.hexDigitValue != nil } }
  }

  private static func looksLikeAddress(_ text: String) -> Bool {
    var hasSeparator = false
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: ":"), UInt8(ascii: "."): hasSeparator = true
      case UInt8(ascii: "x"), UInt8(ascii: "X"), UInt8(ascii: "*"): break
      default: guard byte.hexDigitValue != nil else { return false }
      }
    }
    return hasSeparator
  }
}

extension DeviceOperand {
  var pattern: AddressPattern? {
    if case .address(let pattern) = self { pattern } else { nil }
  }

  var path: String? {
    if case .path(let path) = self { path } else { nil }
  }

  var isName: Bool {
    if case .name = self { true } else { false }
  }

  /// Whether it means one function on each bus rather than a set of functions.
  var meansOneSlot: Bool { pattern?.slot != nil && pattern?.function != nil }
}

extension DeviceOperand: CustomStringConvertible {
  var description: String {
    switch self {
    case .address(let pattern): pattern.description
    case .name(let name): name
    case .path(let path): path
    }
  }
}

extension [DeviceOperand] {
  /// The same, with each path to a function's folder in the sysfs in use replaced by its address,
  /// and one of several paths to the same place, so that a function is shown once however it is
  /// named.
  func resolvingFolders(in tree: SysfsTree) -> [DeviceOperand] {
    var destinations: Set<ExactText> = []
    var resolved: [DeviceOperand] = []
    for device in self {
      guard let path = device.path else {
        resolved.append(device)
        continue
      }
      if let address = tree.address(ofFolder: path) {
        resolved.append(.address(AddressPattern(address)))
        continue
      }
      if let place = SysfsTree.destination(of: path) {
        guard destinations.insert(ExactText(place)).inserted else { continue }
      }
      resolved.append(device)
    }
    return DeviceOperand.withoutDuplicates(resolved)
  }
}
