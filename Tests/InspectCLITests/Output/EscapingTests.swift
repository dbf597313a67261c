import Testing

@testable import InspectCLI

@Suite("Escaping")
struct EscapingTests {
  @Test(
    "what a terminal would obey or hide is made visible",
    arguments: [
      ("a\nb\r\tc", #"a\nb\r\tc"#), ("\r\n", #"\r\n"#),
      ("\u{1b}[31m", #"\u{1b}[31m"#), ("\u{0}", #"\u{0}"#), ("\u{7f}", #"\u{7f}"#),
      ("\u{9b}2J", #"\u{9b}2J"#), ("\u{85}", #"\u{85}"#),
      ("a\u{202e}b", #"a\u{202e}b"#), ("\u{2066}x\u{2069}", #"\u{2066}x\u{2069}"#),
      ("\u{200b}", #"\u{200b}"#), ("\u{200f}", #"\u{200f}"#), ("\u{61c}", #"\u{61c}"#),
      ("\u{feff}", #"\u{feff}"#), ("\u{ad}", #"\u{ad}"#), ("\u{e0041}", #"\u{e0041}"#),
      ("\u{2028}\u{2029}", #"\u{2028}\u{2029}"#), ("\u{fffd}", #"\u{fffd}"#),
      ("e\u{301}\u{1b}", "e\u{301}\\u{1b}"),
      ("\u{3164}\u{115f}\u{ffa0}", #"\u{3164}\u{115f}\u{ffa0}"#), ("\u{34f}", #"\u{34f}"#),
      ("\u{2800}\u{fe0f}", #"\u{2800}\u{fe0f}"#), ("\u{a0}\u{3000}", #"\u{a0}\u{3000}"#),
      ("\u{e000}\u{10fffd}", #"\u{e000}\u{10fffd}"#), ("\u{378}\u{fffe}", #"\u{378}\u{fffe}"#),
    ])
  func made(text: String, visible: String) {
    #expect(escaped(text).utf8.elementsEqual(visible.utf8))
    #expect(escaped(escaped(text)) == escaped(text))
  }

  @Test(
    "no text begins a command of a CI system, whatever line it comes first in",
    arguments: [
      ("::error::x", #":\u{3a}error::x"#), ("a ::x", #"a :\u{3a}x"#), ("  ::", #"  :\u{3a}"#),
      (":::", #":\u{3a}:"#), ("##[group]", #"#\u{23}[group]"#),
      ("a##vso[task]", #"a#\u{23}vso[task]"#), ("###[", #"#\u{23}\u{23}["#),
      ("a\u{a0}::x", #"a\u{a0}::x"#),
    ])
  func commands(text: String, harmless: String) {
    #expect(escaped(text) == harmless)
    #expect(escaped(harmless) == harmless)
  }

  @Test(
    "readable text stays",
    arguments: [
      "", "eth0 ~", #"C:\n"#, "größe", "磁盘", "🙂", "a::b", "0000:00:04.0", ": :", "#1 #[a]",
    ])
  func kept(text: String) {
    #expect(escaped(text) == text)
  }

  @Test("no ASCII or C1 control character is left over")
  func complete() {
    let all = String(
      String.UnicodeScalarView((0...0x9F).compactMap { Unicode.Scalar($0 as UInt32) }))
    #expect(escaped(all).unicodeScalars.allSatisfy { (0x20...0x7E).contains($0.value) })
  }
}
