import Foundation
import FoundationXML
import TestSupport
import Testing

@testable import InspectCLI

@Suite("Report")
struct ReportTests {
  static let hostile = "a#b\\c\n\u{1b}[2J\u{0}\u{85}\u{fffe}<&\">'%é: -]]>"
  static let cases = [
    ReportCase(suite: "0000:00:01.0", name: "cap", []),
    ReportCase(suite: "0000:00:01.0", name: "queue", outcome: .skipped("no # registers")),
    ReportCase(suite: "0000:00:02.0", name: hostile, [hostile, "second"]),
  ]

  /// Perl's parser, long at version 13, which has the same syntax, refuses the number 14.
  @Test("TAP is what its parser understands")
  func tap() throws {
    let perl = try #require(Tool("perl"))
    let file = try TemporaryFile(ReportFormat.tap.text(Self.cases).utf8)
    let script = #"""
      no warnings; use TAP::Parser; binmode STDOUT, ':utf8'; my $p = TAP::Parser->new({exec =>
        ['sed', '1s/14/13/', $ARGV[0]]});
      while (my $r = $p->next) {
        printf "%s %s %s\n", $r->is_actual_ok ? "ok" : "not ok", $r->description,
          $r->directive . " " . $r->explanation if $r->is_test;
      }
      printf "%d %d %d %d\n", $p->tests_planned, $p->tests_run, scalar $p->parse_errors, $p->failed;
      """#
    let outcome = try perl.run(["-e", script, file.path])
    #expect(
      outcome.output == ##"""
        ok - 0000:00:01.0: cap  \##n\##
        ok - 0000:00:01.0: queue SKIP no \# registers
        not ok - 0000:00:02.0: a\#b\\c\\n\\u{1b}[2J\\u{0}\\u{85}\\u{fffe}<&">'%é: -]]>  \##n\##
        3 3 0 3

        """##)
  }

  @Test("a failure in TAP has its reasons in a block of YAML")
  func tapReasons() {
    let text = ReportFormat.tap.text([ReportCase(suite: "a", name: "b", ["x \"y\"", "#\n"])])
    #expect(
      text == #"""
        TAP version 14
        not ok 1 - a: b
          ---
          message: |
            x "y"
            #\n
          ...
        1..1

        """#)
  }

  @Test("JUnit is XML that says the same")
  func junit() throws {
    final class Reader: NSObject, XMLParserDelegate {
      var elements: [String] = []
      var text = ""

      func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
        qualifiedName: String?, attributes: [String: String]
      ) {
        let pairs = attributes.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        elements.append(([name] + pairs).joined(separator: " "))
      }

      func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }
    }
    let parser = XMLParser(data: Data(ReportFormat.junit.text(Self.cases).utf8))
    let reader = Reader()
    parser.delegate = reader
    #expect(parser.parse())
    let visible = #"a#b\c\n\u{1b}[2J\u{0}\u{85}\u{fffe}<&">'%é: -]]>"#
    #expect(
      reader.elements == [
        "testsuites name=virtio-pci-inspect",
        "testsuite errors=0 failures=0 name=0000:00:01.0 skipped=1 tests=2",
        "testcase classname=0000:00:01.0 name=cap",
        "testcase classname=0000:00:01.0 name=queue",
        "skipped message=no # registers",
        "testsuite errors=0 failures=1 name=0000:00:02.0 skipped=0 tests=1",
        "testcase classname=0000:00:02.0 name=\(visible)",
        "failure message=\(visible)",
      ])
    #expect(reader.text.contains("\(visible)\nsecond"))
  }

  @Test("xmllint finds nothing wrong", .enabled(if: Tool("xmllint") != nil))
  func xmllint() throws {
    let file = try TemporaryFile(ReportFormat.junit.text(Self.cases).utf8)
    let outcome = try #require(Tool("xmllint")).run(["--noout", file.path])
    #expect(outcome.output == "")
    #expect(outcome.status == 0)
  }

  @Test("an annotation is one line, in which no part of the message is a command")
  func annotation() {
    let item = ReportCase(suite: "0000:00:01.0", name: "a,b%", ["50%\n::warning::x", "y"])
    #expect(
      Annotation.text(item) == #"""
        ::error title=0000%3A00%3A01.0%3A a%2Cb%25::50%25\n::warning::x
        ::error title=0000%3A00%3A01.0%3A a%2Cb%25::y

        """#)
  }

  @Test("no cases are a report as well")
  func empty() {
    #expect(ReportFormat.tap.text([]) == "TAP version 14\n1..0\n")
    #expect(
      ReportFormat.junit.text([]).hasSuffix(
        "<testsuites name=\"virtio-pci-inspect\">\n</testsuites>\n"))
  }
}
