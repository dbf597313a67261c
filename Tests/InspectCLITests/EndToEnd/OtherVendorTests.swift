import TestSupport
import Testing

@Suite("Virtio structures under another vendor's IDs")
struct OtherVendorTests {
  private static let dump = "\(Fixtures.folder)/dumps/other-vendor.txt"

  @Test(
    "--as takes what is named for a virtio function of the type",
    arguments: [["-s", "42:"], ["-d", "1dd8:"], ["-d", "1dd8:100b", "-t", "net"], ["42:00.3"]])
  func named(selection: [String]) throws {
    let outcome = try BuiltProgram.run(
      ["-F", Self.dump, "--as", "net", "--noheadings", "-o", "TYPE,INTERFACE,ID,CAPABILITIES"]
        + selection)
    #expect(outcome.output == "net  modern  1dd8:100b  common notify isr device\n")
    #expect(outcome.error == "")
    #expect(outcome.status == 0)
  }

  @Test("its structures are judged, and its IDs are not")
  func judged() throws {
    let check = ["-F", Self.dump, "42:00.3", "--as", "net", "--check", "--drivers", "none"]
    let sound = try BuiltProgram.run(check)
    #expect(!sound.output.contains("pci-device-id"))
    #expect(!sound.output.contains("transitional"))
    #expect(sound.output.contains("pci-cfg"))
  }

  @Test("other selections still hold")
  func selected() throws {
    let outcome = try BuiltProgram.run(
      ["-F", Self.dump, "--as", "net", "-d", "1dd8:", "-t", "blk"])
    #expect(outcome.error == "virtio-pci-inspect: no virtio function matches\n")
    #expect(outcome.status == 3)
  }

  @Test(
    "a vendor that is known for it is named where --as is missing",
    arguments: [[], ["42:00.3"]] as [[String]])
  func hint(device: [String]) throws {
    let outcome = try BuiltProgram.run(["-F", Self.dump] + device)
    #expect(
      outcome.error.contains(
        "1dd8:100b of AMD Pensando, which may have virtio structures: --as TYPE shows them"))
    #expect(outcome.status == 3)
  }
}
