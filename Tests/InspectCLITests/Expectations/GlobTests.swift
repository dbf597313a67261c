import Testing

@testable import InspectCLI

@Suite("Glob")
struct GlobTests {
  @Test(
    "a pattern is for the whole string",
    arguments: [
      ("", "", true), ("", "a", false), ("a", "a", true), ("a", "ab", false), ("*", "", true),
      ("*", "abc", true), ("?", "é", true), ("?", "", false), ("virtio_*", "virtio_net", true),
      ("virtio_*", "vfio-pci", false), ("*_pci", "a_pc_pci", true), ("a*b*c", "aXbYbZc", true),
      ("a*b*c", "aXbYbZ", false), ("**a**", "a", true), ("a.c", "abc", false),
      ("[ab]", "a", false), ("\\*", "\\x", true),
    ])
  func matches(pattern: String, text: String, expected: Bool) {
    #expect(Glob(pattern).matches(text) == expected)
  }

  @Test("no pattern takes long", .timeLimit(.minutes(5)))
  func hostile() {
    let pattern = String(repeating: "a*", count: 1000) + "b"
    #expect(!Glob(pattern).matches(String(repeating: "a", count: 10_000)))
  }
}
