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

  /// Whether this process is in the initial user namespace, as far as can be told.
  static var isInInitialNamespace: Bool {
    (try? File.contents(of: "/proc/self/uid_map")).map(isInitial) ?? false
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
  }

  private static func isInitial(_ uidMap: [UInt8]) -> Bool {
    let identity = ["0", "0", "4294967295"].map { Array($0.utf8)[...] }
    return uidMap.droppingLastNewline.split(whereSeparator: isBlank) == identity
  }

  init?(status: [UInt8], uidMap: [UInt8]) {
    var fields: [String: ArraySlice<UInt8>] = [:]
    for line in status.split(separator: UInt8(ascii: "\n")) {
      guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { continue }
      fields[String(decoding: line[..<colon], as: UTF8.self)] = line[(colon + 1)...]
    }
    guard let effective = fields["CapEff"]?.drop(while: Self.isBlank),
      let capabilities = UInt64(prefixedHex: Array("0x".utf8) + effective),
      let user = fields["Uid"]?.split(whereSeparator: Self.isBlank).dropFirst().first
    else { return nil }
    let isRoot = user.elementsEqual("0".utf8)
    switch (capabilities & 1 << 21 != 0, Self.isInitial(uidMap), isRoot) {
    case (true, true, _): self = .complete
    case (_, false, true): self = .userNamespace
    case (_, _, true): self = .rootWithoutCapability
    default: self = .user
    }
  }
}
