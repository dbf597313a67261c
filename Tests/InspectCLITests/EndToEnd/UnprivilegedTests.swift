import Foundation
import TestSupport
import Testing
import VirtioConformance

@Suite("Without privilege")
struct UnprivilegedTests {
  private static let isRoot = getuid() == 0

  @Test(
    "a config file that may not be read leaves the function in the list, and is told",
    .enabled(if: isRoot && Tool("setpriv") != nil && !BuiltProgram.countsLines))
  func refused() throws {
    let tree = try SysfsFixture()
    try tree.add("0000:00:03.0", virtio: .init("virtio2", driver: "virtio_net"))
    try tree.add("0000:00:04.0")
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: tree.root)
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o600], ofItemAtPath: tree.function("0000:00:03.0", "config"))
    try withReachableProgram { script in
      let outcome = try BuiltProgram.run(
        ["--sysfs", tree.root, "--noheadings", "-o", "ADDRESS,DRIVER,CAPABILITIES"], by: script)
      #expect(
        outcome.output == """
          0000:00:03.0  virtio_net  ?
          0000:00:04.0  -           common isr device notify pci

          """)
      #expect(
        outcome.error
          == "virtio-pci-inspect: \(tree.function("0000:00:03.0", "config")): Permission denied\n")
      #expect(outcome.status == 4)
    }
  }

  @Test(
    "what a saved tree lacks is told the same to everybody",
    .enabled(if: isRoot && Tool("setpriv") != nil && !BuiltProgram.countsLines))
  func saved() throws {
    let tree = try SysfsFixture()
    try tree.add("0000:00:03.0", ConfigSpace(size: 64).pointing(at: 0x40))
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: tree.root)
    let root = try BuiltProgram.run(["--sysfs", tree.root, "-J"])
    try withReachableProgram { script in
      let nobody = try BuiltProgram.run(["--sysfs", tree.root, "-J"], by: script)
      #expect(nobody.output == root.output)
      #expect(nobody.error == root.error)
    }
    #expect(root.error.contains("only the first 64 bytes of its config space were saved"))
  }

  @Test(
    "this machine's functions are listed with driver and status, and the cure is named",
    .enabled(
      if: isRoot && Tool("setpriv") != nil && hasVirtio && !BuiltProgram.countsLines))
  func live() throws {
    let all = try BuiltProgram.run(["-o", "ADDRESS,TYPE,DRIVER,STATUS,FEATURES,BARS"])
    try withReachableProgram { script in
      let same = try BuiltProgram.run(
        ["-o", "ADDRESS,TYPE,DRIVER,STATUS,FEATURES,BARS"], by: script)
      #expect(same.output == all.output)
      #expect(same.status == 0)
      let json = try BuiltProgram.run(["-J"], by: script)
      #expect(json.status == 4)
      #expect(json.output.contains(#""config_bytes": 64,"#))
      #expect(json.error.contains("run as root"))
    }
  }

  private static let hasVirtio: Bool = {
    let devices = try? FileManager.default.contentsOfDirectory(atPath: "/sys/bus/virtio/devices")
    let functions = try? FileManager.default.contentsOfDirectory(atPath: "/sys/bus/pci/devices")
    return devices?.isEmpty == false && functions?.isEmpty == false
  }()

  /// Calls `body` with a script that runs a copy of the program as nobody, who may not reach the
  /// build folder of somebody else.
  private func withReachableProgram(_ body: (String) throws -> Void) throws {
    try withScratchFolder { folder in
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder)
      let copy = "\(folder)/virtio-pci-inspect"
      try FileManager.default.copyItem(atPath: BuiltProgram.path, toPath: copy)
      try body(#"exec setpriv --reuid 65534 --regid 65534 --clear-groups "\#(copy)" "$@""#)
    }
  }
}
