import PCIAccess
import VirtioConformance
import VirtioPCI

/// Which functions are asked for.
///
/// The filters (`-s`, `-d`, `-t`) hold for all of them; of the devices named any one is enough. There
/// may be thousands of both, so that a function finds those that name it in a table.
struct Selection {
  private let slot: AddressPattern?
  private let id: IDPattern?
  private let types: Set<DeviceType>
  private let readsDumps: Bool
  private var devices: [Named]
  /// Of `devices` those named by address, and which fields their patterns have.
  private var patterns: [PatternKey: Int] = [:]
  private var shapes: [PatternShape] = []
  /// Of `devices` those named by one of the kernel's names.
  private var names: [ExactText: Int] = [:]
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

  init(_ arguments: Arguments) {
    slot = arguments.slot
    id = arguments.id
    types = Set(arguments.types)
    readsDumps = !arguments.dumps.isEmpty
    devices = arguments.devices.filter { !$0.isPath }.map { Named(operand: $0) }
    var shapes: Set<PatternShape> = []
    for (index, device) in devices.enumerated() {
      switch device.operand {
      case .address(let pattern):
        patterns[PatternKey(pattern)] = index
        shapes.insert(PatternShape(pattern))
      case .name(let name): names[ExactText(name)] = index
      case .path: break
      }
    }
    self.shapes = Array(shapes)
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
  func mayMatch(_ address: Address?, isNamed: Bool = false) -> Bool {
    let isInSlot = address.map(matchesSlot) ?? slot?.matchesAll ?? true
    guard isInSlot, !isNamed, !devices.isEmpty else { return isInSlot }
    return address != nil && needsNames || !named(at: address).isEmpty
  }

  /// Which of `devices` a function at `address` is by its address.
  private func named(at address: Address?) -> [Int] {
    shapes.compactMap { patterns[PatternKey(address, $0)] }
  }

  private func matchesSlot(_ address: Address) -> Bool { slot?.matches(address) ?? true }

  /// Whether its IDs pass the filters.
  func matches(_ identity: Identity) -> Bool {
    guard id?.matches(identity) ?? true else { return false }
    return types.isEmpty || DeviceType(identity: identity).map(types.contains) ?? false
  }

  /// Whether names of the kernel have to be known to tell.
  var needsNames: Bool { !names.isEmpty }

  /// Whether it is among the functions asked for; remembers which of the devices named it is.
  mutating func claims(_ address: Address?, _ kernel: KernelFacts) -> Bool {
    guard !devices.isEmpty else { return true }
    var claimed = named(at: address)
    if needsNames {
      let virtio = kernel.virtio
      let known = [kernel.driver, virtio?.name, virtio?.driver].compactMap(\.self)
      claimed += (known + (virtio?.nodes ?? [])).compactMap { names[ExactText($0)] }
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
      return "not a virtio function, but \(Hex(other.vendorID).bare):\(Hex(other.deviceID).bare)"
    }
    return "no such virtio function" + (hasFilters ? " among those that -s, -d and -t select" : "")
  }

  /// The same, with what a name may have been meant for.
  private func reason(_ operand: DeviceOperand) -> String {
    guard case .name(let name) = operand, !hasFilters else { return reason(nil) }
    if readsDumps { return reason(nil) + "; a dump holds no names, so select by address or --type" }
    return reason(nil)
      + (SysfsTree.destination(of: name) != nil ? "; a file is named by its path, ./\(name)" : "")
  }

  /// Whether one of the kernel's names was not found.
  var missesName: Bool {
    names.values.contains { if case .unseen = devices[$0].outcome { true } else { false } }
  }

  /// The devices named that were not found, each with the reason; but for those that an error may
  /// hide.
  var missing: [(device: DeviceOperand, reason: String)] {
    devices.compactMap { device in
      switch device.outcome {
      case .unseen:
        (device.operand.isName ? mayHideNames : mayHideAny)
          ? nil : (device.operand, reason(device.operand))
      case .notVirtio(let identity): (device.operand, reason(identity))
      case .overlooked, .found: nil
      }
    }
  }
}

/// Which fields a pattern has.
private struct PatternShape: Hashable {
  let domain, bus, slot, function: Bool

  init(_ pattern: AddressPattern) {
    domain = pattern.domain != nil
    bus = pattern.bus != nil
    slot = pattern.slot != nil
    function = pattern.function != nil
  }
}

/// The fields of a pattern: the same as those of any address that matches it.
private struct PatternKey: Hashable {
  let domain: UInt32?
  let bus, slot, function: UInt8?

  init(_ pattern: AddressPattern) {
    domain = pattern.domain
    bus = pattern.bus
    slot = pattern.slot
    function = pattern.function
  }

  /// What `address` has in the fields of `shape`.
  init(_ address: Address?, _ shape: PatternShape) {
    domain = shape.domain ? address?.domain : nil
    bus = shape.bus ? address?.bus : nil
    slot = shape.slot ? address?.device : nil
    function = shape.function ? address?.function : nil
  }
}

extension AddressPattern {
  /// Whether every function matches.
  fileprivate var matchesAll: Bool { domain == nil && bus == nil && slot == nil && function == nil }
}

extension DeviceOperand {
  var pattern: AddressPattern? {
    if case .address(let pattern) = self { pattern } else { nil }
  }

  var isName: Bool {
    if case .name = self { true } else { false }
  }

  var isPath: Bool {
    if case .path = self { true } else { false }
  }

  /// Whether it means one function on each bus rather than a set of functions.
  fileprivate var meansOneSlot: Bool { pattern?.slot != nil && pattern?.function != nil }
}
