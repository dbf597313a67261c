internal import SystemPackage

/// Why the kernel shows this process no more than the first 64 bytes of config space: it asks for
/// CAP_SYS_ADMIN in the initial user namespace.
public enum Privilege: Hashable, Sendable {
  /// The process has it: what was hidden was hidden for another reason.
  case complete
  /// Not root.
  case user
  /// Root without CAP_SYS_ADMIN, as in most containers.
  case rootWithoutCapability
  /// Root of a user namespace of its own.
  case userNamespace

  /// What this process has, from procfs; nil where there is none.
  public static func current() -> Privilege? {
    guard let status = try? File.contents(of: "/proc/self/status"),
      let map = try? File.contents(of: "/proc/self/uid_map")
    else { return nil }
    return Privilege(status: status, uidMap: map)
  }

  init?(status: [UInt8], uidMap: [UInt8]) {
    var fields: [String: ArraySlice<UInt8>] = [:]
    for line in status.split(separator: UInt8(ascii: "\n")) {
      guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { continue }
      fields[String(decoding: line[..<colon], as: UTF8.self)] = line[(colon + 1)...]
    }
    let blank: (UInt8) -> Bool = { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    guard let effective = fields["CapEff"]?.drop(while: blank),
      let capabilities = UInt64(prefixedHex: Array("0x".utf8) + effective),
      let user = fields["Uid"]?.split(whereSeparator: blank).dropFirst().first
    else { return nil }
    let identityMap = ["0", "0", "4294967295"].map { Array($0.utf8)[...] }
    let map = uidMap.droppingLastNewline.split(whereSeparator: blank)
    let isInitial = map == identityMap
    let isRoot = user.elementsEqual("0".utf8)
    switch (capabilities & 1 << 21 != 0, isInitial, isRoot) {
    case (true, true, _): self = .complete
    case (_, false, true): self = .userNamespace
    case (_, _, true): self = .rootWithoutCapability
    default: self = .user
    }
  }
}
