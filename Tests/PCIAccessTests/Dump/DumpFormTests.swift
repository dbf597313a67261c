import Foundation
import TestSupport
import Testing
import VirtioPCI

@testable import PCIAccess

@Suite("Dumps as people have them", .timeLimit(.minutes(5)))
struct DumpFormTests {
  /// What stands around the lines of one and the same dump.
  struct Around: CustomTestStringConvertible {
    let name: String
    var before = ""
    var after = ""
    let line: @Sendable (String) -> String

    var testDescription: String { name }

    init(
      _ name: String, before: String = "", after: String = "",
      line: @escaping @Sendable (String) -> String = { $0 }
    ) {
      (self.name, self.before, self.after, self.line) = (name, before, after, line)
    }
  }

  @Test(
    "lspci may be quoted, indented, logged, and stand among other text",
    arguments: [
      Around("mail") { "> \($0)" }, Around("mail, twice quoted") { "> > \($0)" },
      Around("mail without blanks") { ">\($0)" }, Around("Markdown") { "    \($0)" },
      Around("Markdown that quotes a mail") { "  > > \($0)" },
      Around("Markdown that quotes a log") { "    [    5.123456] \($0)" },
      Around("mail that quotes a log") { "> > [    5.123456] \($0)" },
      Around("a serial console") { "[    5.123456] \($0)\r\r" },
      Around("a terminal program") { "[2026-11-27 18:35:19] \($0)" },
      Around("a list in Markdown") { $0.isEmpty ? "" : "      \($0)" },
      Around("fences", before: "Here it is:\n```\n", after: "```\nThanks\n"),
      Around("prose", before: "Hello,\n\nthe list at 12:34:56 was:\n", after: "\n-- \nme, 10:30\n"),
      Around("a prompt", before: "$ lspci -xxx\n", after: "$ exit\n"),
      Around("prose that follows at once", after: "And that is all.\n"),
      Around("journal") { "Nov 27 18:35:19 host kernel: \($0)" },
      Around("journal, monotonic") { "[    5.123456] host kernel: \($0)" },
      Around("dmesg") { "[    5.123456] \($0)" }, Around("dmesg -r") { "<6>[    5.123456] \($0)" },
      Around("dmesg -T") { "[Fri Nov 27 18:35:19 2026] \($0)" },
      Around("dmesg with callers") { "[    5.123456][    T0] \($0)" },
      Around("dmesg --time-format iso") { "2026-11-27T18:35:19,000000+00:00 \($0)" },
    ])
  func lspci(around: Around) throws {
    let plain = String(decoding: try fixture("firecracker-host.txt"), as: UTF8.self)
    let lines = plain.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let text =
      around.before + lines.map(around.line).joined(separator: "\n") + "\n" + around.after
    #expect(results(of: text) == results(of: plain))
  }

  @Test("a log with pci=earlydump is read in both forms", arguments: logs)
  func earlydump(log: String) {
    #expect(results(of: log) == ["0000:00:03.0 256 \(Self.sum)"])
  }

  @Test("a log with pci=earlydump may be quoted and indented", arguments: logs)
  func earlydumpAround(log: String) {
    let lines = log.split(separator: "\n", omittingEmptySubsequences: false)
    for margin in ["> ", "> > ", "    ", " "] {
      #expect(
        results(of: lines.map { margin + $0 }.joined(separator: "\n"))
          == ["0000:00:03.0 256 \(Self.sum)"], "\(margin)")
    }
  }

  static let sum = (0..<256).reduce(0, +)

  /// Linux since 4.16, and before, where each line of the message may be one of the log.
  private static let logs = [
    log("[    0.000000] ", "pci 0000:00:03.0: config space:", digits: 8),
    log("", "pci 0000:00:03.0: config space:", digits: 8),
    log("kernel: ", "pci 0000:00:03.0: config space:", digits: 8),
    log("[    0.000000] ", "pci 0000:00:03.0 config space:", digits: 2, indent: "  "),
    log("", "pci 0000:00:03.0 config space:", digits: 2, indent: "  "),
    log("[    0.000000] ", "pci 0000:00:03.0: config space:", digits: 8)
      .replacing(
        "[    0.000000] 00000040", with: "[    0.000000] ACPI: fb0: a\n\n[    0.1] 00000040"),
    log("", "pci 0000:00:03.0 config space:", digits: 2, indent: "  ")
      .replacing(" e0: e0 e1", with: " e0: e0\n[    0.000000]  e1"),
    log("[    0.000000] ", "pci 0000:00:03.0: config space:", digits: 8)
      + "[    0.000000] e820: update\n[    1.000000] 00000000: 01 02\n[    1.0] 00000010: 03\n",
    log("[    0.0] ", "pcieport 0000:00:03.0: config space:", digits: 8),
    log("", "pci 0000:00:03.0: config space:", digits: 8)
      .replacing("\n00000010", with: "\n\n  PCI_COMMAND = 0x0107\nIt is on\n\n00000010"),
    // What a mail program makes of lines that are too long for it.
    log("[    0.0] ", "pci 0000:00:03.0: config space:", digits: 8).replacing(" 0d", with: "\n0d")
      .replacing(" 1d", with: " \n1d"),
    separate("[    0.000000] "), separate(""), separate("Nov 27 18:35:19 host kernel: "),
  ]

  private static func log(
    _ prefix: String, _ header: String, digits: Int, indent: String = ""
  ) -> String {
    var text = "[    0.000000] Linux version 6.12\n[    0.000000] \(header)\n"
    for offset in stride(from: 0, to: 256, by: 16) {
      let bytes = (offset..<offset + 16).map { " \(Hex(UInt8($0)).bare)" }.joined()
      text += "\(prefix)\(indent)\(Hex(UInt64(offset), digits: digits).bare):\(bytes)\n"
    }
    return text
  }

  /// Linux 4.9 to 4.15, which do not continue a line without KERN_CONT.
  private static func separate(_ prefix: String) -> String {
    var text = "\(prefix)pci 0000:00:03.0 config space:\n"
    for byte in UInt8.min...UInt8.max {
      if byte % 16 == 0 { text += "\(prefix)\n\(prefix)  \(Hex(byte).bare):\n" }
      text += "\(prefix) \(Hex(byte).bare)\n"
    }
    return text + "\(prefix)\n\(prefix)e820: update\n"
  }

  @Test("what hexdump -C and xxd write may be indented, with lines left out")
  func indentedHexdump() throws {
    for name in ["socket.hexdump", "socket.xxd-a", "socket.od", "socket.od-x"] {
      let plain = String(decoding: try fixture(name), as: UTF8.self)
      for margin in ["    ", "> ", ">     "] {
        let lines = plain.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(
          results(of: lines.map { margin + $0 }.joined(separator: "\n")) == results(of: plain),
          "\(name) behind \(margin)")
      }
    }
  }

  @Test("what pci -i of the UEFI Shell writes is read", arguments: [256, 4096])
  func uefi(count: Int) {
    var text = "  PCI Segment 00 Bus 00 Device 03 Func 01 [EFI 0000030100]\n\n"
    for offset in stride(from: 0, to: count, by: 16) {
      if offset == 256 { text += "\n  Start dumping PCIex extended configuration space.\n\n" }
      let bytes = (offset..<offset + 16).map {
        Hex(UInt8(truncatingIfNeeded: $0)).bare.uppercased()
      }
      let line = bytes[..<8].joined(separator: " ") + "-" + bytes[8...].joined(separator: " ")
      text += "  \(Hex(UInt32(offset)).bare.uppercased()): \(line)  *................*\n"
    }
    let sum = count / 256 * Self.sum
    #expect(results(of: text + "\nShell> \n") == ["0000:00:03.1 \(count) \(sum)"])
  }

  @Test(
    "the fixtures of each form are recognised as their own",
    arguments: [
      ("earlydump.txt", ["0000:00:04.0", "0000:00:1c.0"]),
      ("earlydump-printk.txt", ["0000:00:03.0", "0000:01:00.0"]),
      ("uefi-shell.txt", ["0000:00:03.0"]),
      ("indented.txt", ["0000:00:03.0", "0000:00:04.0", "0000:00:05.0", "0000:00:06.0"]),
    ])
  func fixtures(name: String, addresses: [String]) throws {
    let found = results(of: String(decoding: try fixture(name), as: UTF8.self))
    #expect(found.map { String($0.prefix(12)) } == addresses)
  }

  @Test(
    "a line within a function that cannot be read is an error, behind a margin too",
    arguments: [
      ("    00:04.0 x\n    00: f4 1a\n    02: zz\n", 3, "not a byte of two hex digits at column 9"),
      ("> 00:04.0 x\n> 00: f4 1a\n> 02: zz\n", 3, "not a byte of two hex digits at column 7"),
      (
        "[    0.0] 00:04.0 x\n[    0.0] 00: f4 1a\n[    0.0] 02: zz\n", 3,
        "not a byte of two hex digits at column 15"
      ),
      (
        "[    0.0] pci 0000:00:04.0: config space:\n[    0.0] 00000000: f4 1a\n[    0.0] 00000002: z\n",
        3, "not a byte of two hex digits at column 21"
      ),
      ("00:04.0 x\n00: f4 1a\nText\n", 3, "neither a function's header nor bytes"),
      ("    00: f4\n\n    00: f4\n", 3, "bytes without a function's header above them"),
    ] as [(String, Int, String)])
  func malformed(text: String, line: Int, message: String) {
    #expect(results(of: text).contains { $0.hasPrefix("line \(line): \(message)") })
  }

  @Test("what looks like bytes in the details of lspci -v, or elsewhere in a log, is passed over")
  func details() {
    let bytes = (0..<4).map { line in
      "\(line)0:" + (0..<16).map { " \(Hex(UInt8(line * 16 + $0)).bare)" }.joined() + "\n"
    }
    let sum = (0..<64).reduce(0, +)
    #expect(
      results(of: "00:04.0 x\n\t40: ff\n\tbad: 00\n\(bytes.joined())\t40: 00\n")
        == ["0000:00:04.0 64 \(sum)"])
    #expect(results(of: "[    1.0] 00000000: 01 02\n").first?.contains("no config space") == true)
  }

  @Test("files of other kinds hold no function", arguments: others)
  func otherFiles(text: String) {
    #expect(results(of: text).allSatisfy { $0.hasPrefix("line") })
  }

  @Test("none of the files of this package and of the system is taken for a dump")
  func filesHere() throws {
    var count = 0
    let folders =
      ["Sources", "man", "completions"].map { "\(Fixtures.package)/\($0)" } + [
        "/usr/include", "/usr/share/doc", "/usr/share/perl", "/var/log",
      ]
    for folder in folders {
      let names = FileManager.default.enumerator(atPath: folder).map { Array($0.prefix(400)) } ?? []
      for case let name as String in names {
        let path = "\(folder)/\(name)"
        guard let content = FileManager.default.contents(atPath: path), content.count < 1 << 18,
          case .text = DumpContent(of: Array(content.prefix(64)).span)
        else { continue }
        count += 1
        let found = results(of: String(decoding: content, as: UTF8.self))
        #expect(found.allSatisfy { $0.hasPrefix("line") }, "\(path)")
      }
    }
    #expect(count > 200)
  }

  private static let others = [
    "From: me\nTo: you\nDate: Fri, 27 Nov 2026 18:35:19 +0000\n\n> 10: yes\n> 00:04.0 is the socket\n",
    "#include <stdio.h>\nint main(void)\n{\n  switch (x) {\n    case 0: f4;\n  }\n}\n",
    "[    0.000000] e820: BIOS-e820: [mem 0x0]\n[    0.0] efi: mem00: [Boot]\n[    0.1] fb0: EFI\n",
    "18:35:19 up 55 min\n00:00 01:00 02:00\n", "a: b\nc: d\n0: 1\n1: 2\n",
    "| 00: | 01: |\n|----|----|\n", "2026-11-27T18:35:19Z 00: error\n",
  ]

  private func fixture(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(filePath: "\(Fixtures.folder)/dumps/\(name)")))
  }

  /// The address, the number of bytes and their sum of each function, or what is wrong.
  private func results(of text: String) -> [String] {
    guard let file = try? TemporaryFile(Array(text.utf8)) else { return [] }
    let source = DumpSource(path: file.path)
    var results: [String] = []
    while true {
      do throws(AccessError) {
        guard let function = try source.next() else { return results }
        let bytes = try function.readConfig(at: 0, count: 4096)
        let sum = bytes.reduce(0) { $0 + Int($1) }
        results.append("\(function.address.map { "\($0)" } ?? "-") \(bytes.count) \(sum)")
      } catch {
        guard case .malformed(let line, let message) = error.reason else { return results }
        results.append("line \(line): \(message)")
      }
    }
  }
}
