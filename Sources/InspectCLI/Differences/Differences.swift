import PCIAccess
import VirtioConformance
import VirtioPCI

/// What differs between the functions of a snapshot, before, and those that were selected, after.
struct Differences {
  /// One value that differs; null where an element of a list is missing.
  struct Difference {
    /// The address of the function, before.
    let address: String
    /// `virtio.features`, `capabilities[position 112].length`.
    let path: String
    let before: JSONValue
    let after: JSONValue
  }

  /// A feature that was negotiated on one side and that the other does not offer: a migration would break.
  struct NotOffered {
    let address: String
    /// Where it is not offered.
    let side: Side
    let feature: JSONValue
  }

  enum Side: String, CaseIterable {
    case before, after
  }

  private(set) var differences: [Difference] = []
  private(set) var onlyBefore: [JSONValue] = []
  private(set) var onlyAfter: [JSONValue] = []
  private(set) var notOffered: [NotOffered] = []
  /// What one side alone knows, as a path, each once.
  private(set) var known: [(path: String, side: Side)] = []
  /// Whether there is more of it than a message should have.
  private(set) var hasMore = false

  let path: String
  private var before: [JSONValue?]
  /// The places of those with an address in `before`, the first last.
  private var places: [String: [Int]] = [:]
  private var unpaired: [JSONValue] = []
  /// Whether what the host places anew counts, too.
  private let isVerbose: Bool
  /// Whether only some functions were selected: the others of the snapshot do not count.
  private let isRestricted: Bool

  /// Nil where the snapshot could not be read at all.
  init?(from snapshot: Snapshot, for arguments: Arguments) {
    guard !snapshot.functions.isEmpty || snapshot.errors.isEmpty else { return nil }
    path = snapshot.path
    before = snapshot.functions
    isVerbose = arguments.isVerbose
    isRestricted =
      !arguments.devices.isEmpty || arguments.slot != nil || arguments.id != nil
      || !arguments.types.isEmpty
    for (index, function) in snapshot.functions.enumerated().reversed() {
      places[function.address, default: []].append(index)
    }
  }

  var isEmpty: Bool { count == 0 }

  var count: Int {
    differences.count + onlyBefore.count + onlyAfter.count + notOffered.count
  }

  /// How many there are; nil where there is none.
  var summary: String? {
    isEmpty ? nil : "\(path): \(count) difference\(count == 1 ? "" : "s")"
  }

  /// Compares a function with the one that has its address.
  mutating func add(_ inspection: Inspection) {
    let after = Snapshot.table.value(of: inspection)
    guard let index = places[after.address]?.popLast(), let match = before[index] else {
      unpaired.append(after)
      return
    }
    before[index] = nil
    compare(match, after)
  }

  /// Compares those that are left by type and order.
  mutating func finish() {
    var left: [JSONValue?: [Int]] = [:]
    for index in before.indices.reversed() {
      if let function = before[index] { left[function["type_id"], default: []].append(index) }
    }
    for after in unpaired {
      guard let index = left[after["type_id"]]?.popLast(), let match = before[index] else {
        onlyAfter.append(after)
        continue
      }
      before[index] = nil
      compare(match, after)
    }
    unpaired = []
    if !isRestricted { onlyBefore = before.compactMap(\.self) }
    before = []
  }

  private mutating func compare(_ before: JSONValue, _ after: JSONValue) {
    let shape = Snapshot.table.shape
    let address = before.address
    for key in shape.keys where counts(key.key, of: shape) {
      compare(before[key.key], after[key.key], key.type, address, key.key)
    }
    for side in Side.allCases {
      let (negotiating, offering) = side == .after ? (before, after) : (after, before)
      guard case .list(let features)? = negotiating["virtio"]?["features"],
        case .list(let offered)? = offering["registers"]?["offered_features"]
      else { continue }
      let bits = Set(offered.map { $0["bit"] })
      for feature in features where !bits.contains(feature["bit"]) {
        notOffered.append(NotOffered(address: address, side: side, feature: feature))
      }
    }
  }

  private mutating func compare(
    _ before: JSONValue?, _ after: JSONValue?, _ type: JSONType, _ address: String,
    _ path: String
  ) {
    let (before, after) = (before ?? .null, after ?? .null)
    switch (before, after, type.content) {
    case (.null, .null, _): return
    case (.null, _, _): note(path, .after)
    case (_, .null, _): note(path, .before)
    case (.list(let before), .list(let after), .list(let element)):
      compare(before, after, element, address, path)
    case (.object(let members), .object(let others), let content):
      let shapes = content.shapes
      guard let shape = shapes.first, shapes.count == 1 else {
        // One of several objects: the device configuration of a type.
        for member in members {
          compare(member.value, after[member.key], .any, address, "\(path).\(member.key)")
        }
        for member in others where before[member.key] == nil {
          compare(nil, member.value, .any, address, "\(path).\(member.key)")
        }
        return
      }
      for key in shape.keys where counts(key.key, of: shape) {
        compare(before[key.key], after[key.key], key.type, address, "\(path).\(key.key)")
      }
    default:
      guard before != after else { return }
      differences.append(
        Difference(address: address, path: path, before: before, after: after))
    }
  }

  /// Elements with a name by that, others by their value.
  private mutating func compare(
    _ before: [JSONValue], _ after: [JSONValue], _ element: JSONType, _ address: String,
    _ path: String
  ) {
    let identity = element.shapes.first?.identity ?? []
    var left: [ExactText: [JSONValue]] = [:]
    for value in after.reversed() {
      left[ExactText(value.name(by: identity)), default: []].append(value)
    }
    for value in before {
      let name = value.name(by: identity)
      if let match = left[ExactText(name)]?.popLast() {
        compare(value, match, element, address, "\(path)[\(name)]")
      } else {
        differences.append(
          Difference(address: address, path: path, before: value, after: .null))
      }
    }
    for value in after {
      guard let match = left[ExactText(value.name(by: identity))]?.popLast() else { continue }
      differences.append(Difference(address: address, path: path, before: .null, after: match))
    }
  }

  private mutating func note(_ path: String, _ side: Side) {
    guard !known.contains(where: { $0.side == side && $0.path.isExactly(path) }) else { return }
    guard known.count < Self.mostKnown else {
      hasMore = true
      return
    }
    known.append((path, side))
  }

  private static let mostKnown = 64

  /// Whether a key of an object says something of the function itself.
  private func counts(_ key: String, of shape: JSONShape) -> Bool {
    !Self.repeated.contains { $0 == (shape.name, key) }
      && (isVerbose || !Self.placed.contains { $0 == (shape.name, key) })
  }

  /// What other keys say as well, or what follows from the order of a list.
  private static let repeated: [(shape: String, key: String)] = [
    (Inspection.table.name, "type_id"), (Inspection.table.name, "type_name"),
    (Command.table.name, "value"), (DeviceStatus.table.name, "value"),
    (CapabilityEntry.table.name, "bytes"), (CapabilityEntry.table.name, "cap_next"),
    (CapabilityEntry.table.name, "cfg_type_value"), (PCICapabilityEntry.table.name, "name"),
  ]

  /// What the host gives a function anew each time.
  private static let placed: [(shape: String, key: String)] = [
    (VirtioEntry.table.name, "name"), (Function.VDPADevice.table.name, "name"),
    (Inspection.table.name, "numa_node"), (Inspection.table.name, "iommu_group"),
    (InterruptEntry.table.name, "irq"), (BAR.table.name, "address"),
    (CapabilityEntry.table.name, "address"), (RegistersEntry.Queue.table.name, "notify_address"),
    (RegistersEntry.Queue.table.name, "desc"), (RegistersEntry.Queue.table.name, "driver"),
    (RegistersEntry.Queue.table.name, "device"),
  ]
}

extension JSONValue {
  /// The address of a function, `-` for one without.
  var address: String { self["address"]?.text ?? "-" }
}
