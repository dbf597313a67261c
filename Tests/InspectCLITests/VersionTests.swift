import Foundation
import TestSupport
import Testing

@testable import InspectCLI

@Suite("Version")
struct VersionTests {
  @Test(
    "--version says whether libpci was built in",
    arguments: [(true, "with libpci"), (false, "without libpci")])
  func text(libpci: Bool, words: String) {
    #expect(
      Version.text(libpci: libpci) == "virtio-pci-inspect \(Version.number) (\(words))\n")
  }

  @Test("what the program says of itself is so")
  func built() throws {
    let outcome = try BuiltProgram.run(["--version"])
    #expect(outcome.output == Version.text)
    #expect(outcome.status == 0)
    let tree = try SysfsFixture()
    let access = try BuiltProgram.run(["-A", "libpci", "--sysfs", tree.root])
    #expect(access.error.contains("built without it") == !Version.libpci)
  }

  @Test(
    "it says so too where /proc is not mounted",
    .enabled("needs root, to unmount it, and no sanitizer, which reads it") {
      geteuid() == 0 && Tool("unshare") != nil
        && ProcessInfo.processInfo.environment["ASAN_OPTIONS"] == nil
    })
  func withoutProc() throws {
    let outcome = try BuiltProgram.run(
      ["--version"], by: #"exec unshare -m sh -c 'umount -l /proc && exec "$0" "$@"' "$0" "$@""#)
    #expect(outcome.output == Version.text)
    #expect(outcome.error == "")
  }

  @Test("the number is of three parts, the date is one")
  func form() {
    #expect(Version.number.wholeMatch(of: #/\d+\.\d+\.\d+/#) != nil)
    #expect(Version.date.wholeMatch(of: #/\d{4}-\d\d-\d\d/#) != nil)
  }
}
