import PCIAccess
import VirtioConformance
import VirtioPCI

/// Which functions are asked for.
///
/// The filters (`-s`, `-d`, `-t`) hold for all of them; of the devices named any one is enough. There may
/// be thousands, so that a function finds those that name it in a sorted table: the few of most runs
/// would pay more for a hash table.
struct Selection {
  private let slot: AddressPattern?
  private let id: IDPattern?
  /// In the order of the numbers.
  private let types: [DeviceType]
  /// The type that all functions are taken for; nil where their IDs say it.
  let assumedType: DeviceType?
  private let readsDumps: Bool
  private var devices: [Named]
  /// Of `devices` those named by address, in the order of the keys, and the shapes that these have.
  private let patterns: [(key: UInt64, index: Int)]
  private let shapes: [PatternShape]
  /// Of `devices` those named by one of the kernel's names, in the order of the bytes.
  private let names: [(name: String, index: Int)]
  /// Whether an error may hide any function, or one of which the name is not known.
  private var mayHideAny = false
  private var mayHideNames = false

  /// A device that was named, and what became of it.
  private struct Named {
    let operand: DeviceOperand
    var outcome = Outcome.unseen
  }

  private enum Outcome {
    case unseen
    /// An error may hide it.
    case overlooked
    /// It is there, but of another kind.
    case notVirtio(Identity)
    case found
  }

  /// `devices` are those named, by address or name.
  init(_ arguments: Arguments, devices operands: [DeviceOperand]) {
    slot = arguments.slot
    id = arguments.id
    types = arguments.types.sorted { $0.rawValue < $1.rawValue }
    assumedType = arguments.assumedType
    readsDumps = !arguments.dumps.isEmpty
    devices = operands.filter { $0.path == nil }.map { Named(operand: $0) }
    var patterns: [(key: UInt64, index: Int)] = []
    var shapes: [PatternShape] = []
    var names: [(name: String, index: Int)] = []
    for (index, device) in devices.enumerated() {
      switch device.operand {
      case .address(let pattern):
        let shape = PatternShape(pattern)
        patterns.append((shape.key(of: pattern), index))
        if !shapes.contains(where: { $0.fields == shape.fields }) { shapes.append(shape) }
      case .name(let name): names.append((name, index))
      case .path: break
      }
    }
    patterns.sort { $0.key < $1.key }
    names.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    self.patterns = patterns
    self.shapes = shapes
    self.names = names
  }

  private var hasFilters: Bool { slot != nil || id != nil || !types.isEmpty }

  /// Whether anything but "all that there are" is asked for.
  var isRestricted: Bool { hasFilters || !devices.isEmpty }

  /// The functions asked for, when each is named by its whole address.
  var addresses: [Address]? {
    guard !devices.isEmpty else { return slot?.exact.map { [$0] } }
    var addresses: [Address] = []
    for device in devices {
      guard let address = device.operand.pattern?.exact else { return nil }
      if matchesSlot(address) { addresses.append(address) }
    }
    return addresses
  }

  /// Whether a function at `address` can be among them, before anything is read of it; `isNamed` when
  /// a path names it. One without an address is in no slot but any.
  func admits(_ address: Address?, isNamed: Bool = false) -> Bool {
    let isInSlot = address.map(matchesSlot) ?? slot?.matchesAll ?? true
    guard isInSlot, !isNamed, !devices.isEmpty else { return isInSlot }
    return address != nil && needsNames || !named(at: address).isEmpty
  }

  /// Which of `devices` a function at `address` is by its address.
  private func named(at address: Address?) -> [Int] {
    shapes.compactMap { shape in
      guard let key = shape.key(of: address) else { return nil }
      let place = patterns.end { $0.key < key }
      return place < patterns.count && patterns[place].key == key ? patterns[place].index : nil
    }
  }

  /// Which of `devices` is named so.
  private func named(_ name: String) -> Int? {
    let place = names.end { $0.name.utf8.lexicographicallyPrecedes(name.utf8) }
    return place < names.count && names[place].name.isExactly(name) ? names[place].index : nil
  }

  private func matchesSlot(_ address: Address) -> Bool { slot?.matches(address) ?? true }

  /// Whether its IDs pass the filters.
  func admits(_ identity: Identity) -> Bool {
    guard id?.matches(identity) ?? true else { return false }
    guard !types.isEmpty else { return true }
    guard let type = assumedType ?? DeviceType(identity: identity) else { return false }
    let place = types.end { $0.rawValue < type.rawValue }
    return place < types.count && types[place] == type
  }

  /// Whether it is a virtio function, or is to be taken for one.
  func takes(_ identity: Identity) -> Bool { identity.isVirtio || assumedType != nil }

  /// Whether names of the kernel have to be known to tell.
  var needsNames: Bool { !names.isEmpty }

  /// Whether it is among the functions asked for; remembers which of the devices named it is.
  mutating func selects(_ address: Address?, _ kernel: KernelFacts) -> Bool {
    guard !devices.isEmpty else { return true }
    var claimed = named(at: address)
    if needsNames {
      let kernel = kernel.kernel
      claimed += (kernel.drivers + kernel.devices + kernel.nodes).compactMap { named($0) }
    }
    for index in claimed { devices[index].outcome = .found }
    return !claimed.isEmpty
  }

  /// Remembers that the function at `address` is no virtio function.
  mutating func passOver(_ address: Address?, _ identity: Identity) {
    guard address != nil else { return }
    for index in named(at: address) where devices[index].operand.meansOneSlot {
      switch devices[index].outcome {
      case .unseen, .overlooked: devices[index].outcome = .notVirtio(identity)
      case .notVirtio, .found: break
      }
    }
  }

  /// Remembers that an error hides what is at `address`, or, where that is nil, anything.
  mutating func overlook(_ address: Address?) {
    // A dump has no names to hide.
    mayHideNames = mayHideNames || !readsDumps
    guard let address else {
      mayHideAny = true
      return
    }
    for index in named(at: address) {
      if case .unseen = devices[index].outcome { devices[index].outcome = .overlooked }
    }
  }

  /// Why a device that was named is not shown: another one was found in its place, or none.
  func reason(_ other: Identity?) -> String {
    if let other {
      guard other.hasIDs else { return other.summary }
      return "not a virtio function, but \(other.summary)"
    }
    return "no such virtio function" + (hasFilters ? " among those that -s, -d and -t select" : "")
  }

  /// The same, with what a name may have been meant for, which `tree` may know.
  private func reason(_ operand: DeviceOperand, in tree: SysfsTree) -> String {
    guard case .name(let name) = operand, !hasFilters else { return reason(nil) }
    if readsDumps { return reason(nil) + "; a dump holds no names, so select by address or --type" }
    switch tree.kind(ofNode: name) {
    case .partition(let disk)?: return "is a partition: name its disk, \(disk)"
    case .interface?: return "is a network interface, but not of a virtio function on PCI"
    case .disk?: return "is a disk, but not of a virtio function on PCI"
    case nil: break
    }
    if let type = DeviceType(key: name.lowercased())?.key {
      return reason(nil) + "; \(type) is a device type, which -t \(type) selects"
    }
    if name == "help" { return reason(nil) + "; --help shows the options" }
    return reason(nil)
      + (SysfsTree.destination(of: name) != nil ? "; a file is named by its path, ./\(name)" : "")
  }

  /// Whether one of the kernel's names was not found.
  var missesName: Bool {
    names.contains { if case .unseen = devices[$0.index].outcome { true } else { false } }
  }

  /// The devices named that were not found, each with the reason; but for those that an error may
  /// hide.
  func missing(in tree: SysfsTree) -> [(device: DeviceOperand, reason: String)] {
    devices.compactMap { device in
      switch device.outcome {
      case .unseen:
        (device.operand.isName ? mayHideNames : mayHideAny)
          ? nil : (device.operand, reason(device.operand, in: tree))
      case .notVirtio(let identity): (device.operand, reason(identity))
      case .overlooked, .found: nil
      }
    }
  }
}

/// Which fields a pattern has: with it, an address has the key of the pattern that it matches.
private struct PatternShape {
  /// Which fields, a bit each.
  let fields: UInt64
  /// The bits of those fields in a key.
  private let mask: UInt64

  init(_ pattern: AddressPattern) {
    var fields: UInt64 = 0
    if pattern.domain != nil { fields |= 1 }
    if pattern.bus != nil { fields |= 2 }
    if pattern.slot != nil { fields |= 4 }
    if pattern.function != nil { fields |= 8 }
    self.fields = fields
    mask = Self.pack(
      fields & 1 == 0 ? 0 : .max, fields & 2 == 0 ? 0 : .max, fields & 4 == 0 ? 0 : .max,
      fields & 8 == 0 ? 0 : .max)
  }

  /// One without an address matches but the pattern without fields; nil for any other.
  func key(of address: Address?) -> UInt64? {
    guard let address else { return fields == 0 ? 0 : nil }
    let packed = Self.pack(address.domain, address.bus, address.device, address.function)
    return packed & mask | fields
  }

  func key(of pattern: AddressPattern) -> UInt64 {
    Self.pack(pattern.domain ?? 0, pattern.bus ?? 0, pattern.slot ?? 0, pattern.function ?? 0)
      | fields
  }

  /// The low byte is left to the shape.
  private static func pack(_ domain: UInt32, _ bus: UInt8, _ slot: UInt8, _ function: UInt8)
    -> UInt64
  {
    UInt64(domain) << 32 | UInt64(bus) << 24 | UInt64(slot) << 16 | UInt64(function) << 8
  }
}

extension Array {
  /// Where in a sorted array the elements end that are before what is looked for.
  fileprivate func end(ofThose isBefore: (Element) -> Bool) -> Int {
    var (start, end) = (0, count)
    while start < end {
      let middle = (start + end) / 2
      if isBefore(self[middle]) { start = middle + 1 } else { end = middle }
    }
    return start
  }
}

extension AddressPattern {
  /// Whether every function matches.
  fileprivate var matchesAll: Bool { domain == nil && bus == nil && slot == nil && function == nil }
}
