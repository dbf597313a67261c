import Testing

@testable import PCIAccess

@Suite("Privilege")
struct PrivilegeTests {
  static let initialMap = "         0          0 4294967295\n"

  @Test(
    "what a process may read is told from its status and user namespace",
    arguments: [
      ("0", "000001ffffffffff", initialMap, .complete),
      ("1000", "0000000000200000", initialMap, .complete),
      ("1000", "0000000000000000", initialMap, .user),
      ("65534", "000001ffffdfffff", initialMap, .user),
      ("0", "00000000a80425fb", initialMap, .rootWithoutCapability),
      ("0", "0000000000000000", initialMap, .rootWithoutCapability),
      ("0", "000001ffffffffff", "         0       1000          1\n", .userNamespace),
      ("0", "00000000a80425fb", "         0     100000      65536\n", .userNamespace),
      ("1000", "0000000000000000", "         0     100000      65536\n", .user),
    ] as [(String, String, String, Privilege)])
  func parsed(user: String, capabilities: String, map: String, expected: Privilege) {
    let status =
      "Name:\tx\nUid:\t1\t\(user)\t1\t1\nCapPrm:\t0\nCapEff:\t\(capabilities)\nSeccomp:\t0\n"
    #expect(Privilege(status: Array(status.utf8), uidMap: Array(map.utf8)) == expected)
  }

  @Test(
    "a status that says nothing is no answer",
    arguments: ["", "\n", "Uid:\t0\t0\t0\t0\n", "CapEff:\t0\n", "CapEff:\tx\nUid:\t0\t0\t0\t0\n"])
  func malformed(status: String) {
    #expect(Privilege(status: Array(status.utf8), uidMap: Array(Self.initialMap.utf8)) == nil)
  }

  @Test("this process has an answer")
  func current() {
    #expect(Privilege.current() != nil)
  }
}
