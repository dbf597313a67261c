import PCIAccess
import VirtioPCI

/// Which functions are asked for.
///
/// The filters (`-s`, `-d`, `-t`) hold for all of them; of the devices named any one is enough.
struct Selection {
  private let slot: AddressPattern?
  private let id: IDPattern?
  private let types: [DeviceType]
  private let readsDumps: Bool
  private var devices: [Named]

  /// A device that was named, and what became of it.
  private struct Named {
    let operand: DeviceOperand
    var outcome = Outcome.unseen
  }

  private enum Outcome {
    case unseen
    /// It is there, but of another kind.
    case notVirtio(Identity)
    case found
  }

  init(_ arguments: Arguments) {
    slot = arguments.slot
    id = arguments.id
    types = arguments.types
    readsDumps = !arguments.dumps.isEmpty
    devices = arguments.devices.filter { !$0.isPath }.map { Named(operand: $0) }
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
    guard let address else {
      return slot?.matchesAll ?? true
        && (isNamed || devices.isEmpty
          || devices.contains { $0.operand.pattern?.matchesAll ?? false })
    }
    return matchesSlot(address)
      && (isNamed || devices.isEmpty || devices.contains { $0.operand.mayMatch(address) })
  }

  private func matchesSlot(_ address: Address) -> Bool { slot?.matches(address) ?? true }

  /// Whether its IDs pass the filters.
  func matches(_ identity: Identity) -> Bool {
    guard id?.matches(identity) ?? true else { return false }
    return types.isEmpty || DeviceType(identity: identity).map(types.contains) ?? false
  }

  /// Whether names of the kernel have to be known to tell.
  var needsNames: Bool { devices.contains { $0.operand.isName } }

  /// Whether it is among the functions asked for; remembers which of the devices named it is.
  mutating func claims(_ address: Address?, _ kernel: KernelFacts) -> Bool {
    guard !devices.isEmpty else { return true }
    var isClaimed = false
    for index in devices.indices where devices[index].operand.matches(address, kernel) {
      devices[index].outcome = .found
      isClaimed = true
    }
    return isClaimed
  }

  /// Remembers that the function at `address` is no virtio function.
  mutating func passOver(_ address: Address?, _ identity: Identity) {
    for index in devices.indices where devices[index].operand.names(address) {
      guard case .unseen = devices[index].outcome else { continue }
      devices[index].outcome = .notVirtio(identity)
    }
  }

  /// Whether what an error hides may be the device. A dump has no names to hide.
  private func mayBe(_ operand: DeviceOperand, _ error: AccessError) -> Bool {
    !(operand.isName && readsDumps) && error.address.map(operand.mayMatch) ?? true
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
    devices.contains { if case .unseen = $0.outcome { $0.operand.isName } else { false } }
  }

  /// The devices named that were not found, each with the reason; but for those that may have been
  /// overlooked for one of the `errors`.
  func missing(besides errors: [AccessError]) -> [(device: DeviceOperand, reason: String)] {
    devices.compactMap { device in
      switch device.outcome {
      case .unseen where errors.contains { mayBe(device.operand, $0) }: nil
      case .unseen: (device.operand, reason(device.operand))
      case .notVirtio(let identity): (device.operand, reason(identity))
      case .found: nil
      }
    }
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

  /// Whether it means the one function at `address` rather than a set of functions.
  fileprivate func names(_ address: Address?) -> Bool {
    guard let address, let pattern, pattern.slot != nil, pattern.function != nil else {
      return false
    }
    return pattern.matches(address)
  }

  fileprivate func mayMatch(_ address: Address) -> Bool {
    pattern?.matches(address) ?? isName
  }

  fileprivate func matches(_ address: Address?, _ kernel: KernelFacts) -> Bool {
    switch self {
    case .address(let pattern): address.map(pattern.matches) ?? pattern.matchesAll
    case .name(let name):
      kernel.driver == name
        || kernel.virtio.map {
          $0.name == name || $0.driver == name || $0.nodes.contains(name)
        } ?? false
    case .path: false
    }
  }
}
