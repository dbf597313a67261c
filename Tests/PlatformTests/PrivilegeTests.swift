import Testing

@testable import Platform

@Suite("Privilege")
struct PrivilegeTests {
  @Test(
    "what a process may read is told from its user, its capability and its user namespace",
    arguments: [
      (true, true, true, .complete), (false, true, true, .complete),
      (false, false, true, .user), (false, false, false, .user), (false, true, false, .user),
      (true, false, true, .rootWithoutCapability),
      (true, true, false, .userNamespace), (true, false, false, .userNamespace),
    ] as [(Bool, Bool, Bool, Privilege)])
  func told(isRoot: Bool, isAdministrator: Bool, isInitial: Bool, expected: Privilege) {
    let privilege = Privilege(
      isRoot: isRoot, isAdministrator: isAdministrator, isInitial: isInitial)
    #expect(privilege == expected)
  }

  @Test(
    "the initial user namespace is that which maps every user to itself",
    arguments: [
      ("         0          0 4294967295\n", true), ("0 0 4294967295", true),
      ("         0       1000          1\n", false), ("         0     100000      65536\n", false),
      ("0 0 1000\n1001 1001 4294966294\n", false), ("", false),
    ])
  func initial(map: String, isInitial: Bool) {
    #expect(Privilege.isInitial(Array(map.utf8)) == isInitial)
  }
}
