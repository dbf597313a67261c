private import CLinux
internal import SystemPackage

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// Why the kernel shows this process no more than the first 64 bytes of config space: it asks for
/// CAP_SYS_ADMIN in the initial user namespace.
package enum Privilege: Hashable, Sendable {
  /// The process has it: what was hidden was hidden for another reason.
  case complete
  /// Not root.
  case user
  /// Root without CAP_SYS_ADMIN, as in most containers.
  case rootWithoutCapability
  /// Root of a user namespace of its own.
  case userNamespace

  /// What this process has.
  package static var current: Privilege {
    Privilege(
      isRoot: geteuid() == 0, isAdministrator: is_administrator() > 0,
      isInitial: isInInitialNamespace)
  }

  package init(isRoot: Bool, isAdministrator: Bool, isInitial: Bool) {
    switch (isAdministrator, isInitial, isRoot) {
    case (true, true, _): self = .complete
    case (_, false, true): self = .userNamespace
    case (_, _, true): self = .rootWithoutCapability
    default: self = .user
    }
  }

  /// Whether this process is in the initial user namespace; also where there is no procfs to tell.
  private static var isInInitialNamespace: Bool {
    (try? File("/proc/self/uid_map").contents(atMost: 4096)).map(isInitial) ?? true
  }

  package static func isInitial(_ uidMap: [UInt8]) -> Bool {
    var rest = uidMap.droppingLastNewline[...]
    let fields = [rest.takeWord(), rest.takeWord(), rest.takeWord(), rest]
    return fields.elementsEqual(["0", "0", "4294967295", ""]) { $0.elementsEqual($1.utf8) }
  }
}
