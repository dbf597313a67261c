import VirtioPCI

/// The functions that were seen and are not virtio functions: what a message says where there is no
/// other.
struct Strangers {
  private var count = 0
  /// The IDs of the first kinds.
  private var kinds: [String] = []
  private var hasMoreKinds = false
  /// Those that have no IDs, with the reason.
  private var nameless: [String] = []
  private static let mostNamed = 6

  mutating func add(_ identity: Identity, at address: Address?) {
    count += 1
    guard identity.hasIDs else {
      guard nameless.count < Self.mostNamed else { return }
      nameless.append("\(address.map { "\($0)" } ?? "it") \(identity.summary)")
      return
    }
    let kind = identity.summary
    guard !kinds.contains(kind) else { return }
    if kinds.count < Self.mostNamed { kinds.append(kind) } else { hasMoreKinds = true }
  }

  /// What follows "no virtio function"; empty where nothing was seen.
  var summary: String {
    guard count > 0 else { return "" }
    var text = ", but \(count) other\(count == 1 ? "" : "s")"
    if !kinds.isEmpty {
      text += " (" + kinds.joined(separator: ", ") + (hasMoreKinds ? ", ..." : "") + ")"
    }
    return nameless.isEmpty ? text : text + ": " + nameless.joined(separator: ", ")
  }
}

/// A vendor of functions that have virtio structures under its own IDs.
struct VirtioVendor: Sendable {
  let id: UInt16
  let name: String

  /// Those of which Linux has a driver for such functions: `pds_vdpa` and `octep_vdpa`.
  static let all = [
    Self(id: 0x1DD8, name: "AMD Pensando"),
    Self(id: 0x177D, name: "Marvell Octeon"),
  ]
}

extension Identity {
  /// Whether vendor and device ID hold anything: all ones are no IDs.
  var hasIDs: Bool { vendorID != .max }

  /// What the function is by these registers: its IDs, or why it has none.
  var summary: String {
    guard !hasIDs else {
      let ids = "\(Hex(vendorID).bare):\(Hex(deviceID).bare)"
      guard let vendor = VirtioVendor.all.first(where: { $0.id == vendorID }) else { return ids }
      return "\(ids) of \(vendor.name), which may have virtio structures: --as TYPE shows them"
    }
    return classCode == 0xFF_FFFF
      ? "reads all ones (gone or powered down)"
      : "has no IDs in config space (a virtual function? lspci -nn shows its IDs)"
  }
}
