import Foundation
import TestSupport
import Testing
import VirtioPCI

@testable import PCIAccess

@Suite("Dumps", .timeLimit(.minutes(10)))
struct DumpSourceTests {
  // MARK: What is accepted

  @Test("the bytes of lspci -xxxx are those of the config files")
  func lspci() throws {
    let results = try read("firecracker-host.txt").map { try $0.get() }
    #expect(results.map(\.address) == (0...5).map { Address("0000:00:0\($0).0") })
    #expect(results.map(\.bytes.count) == [4096, 256, 256, 256, 256, 256])
    #expect(try results[0].bytes == fixture("bridge.config"))
    #expect(try results[4].bytes == fixture("socket.config"))
  }

  @Test(
    "every function of a capture is read",
    arguments: [("all-q35.txt", 60), ("legacy-pc.txt", 16), ("transitional-pc.txt", 18)])
  func captures(name: String, count: Int) throws {
    let content = try fixture(name)
    let results = results(of: content)
    #expect(results.count == count)
    #expect(results.allSatisfy { (try? $0.get()) != nil })
    #expect(lspciText(results.compactMap { try? $0.get() }) == withoutNames(content))
  }

  @Test(
    "a function is the same in every form",
    arguments: [
      "config", "hexdump", "hexdump-v", "od", "od-d", "od-x", "xxd", "xxd-a", "xxd-g1", "xxd-g4",
    ], ["bridge", "socket"])
  func forms(form: String, name: String) throws {
    let expected = [Saved(address: nil, bytes: try fixture("\(name).config"))]
    #expect(try read("\(name).\(form)").map { try $0.get() } == expected)
  }

  @Test(
    "blanks at the end of lines mean nothing", arguments: [" ", "   ", "\t", " \t", "\u{20}\r"],
    ["firecracker-host.txt", "socket.hexdump", "socket.od", "bridge.xxd", "socket.xxd-g1"])
  func blanks(blanks: String, name: String) throws {
    let text = String(decoding: try fixture(name), as: UTF8.self)
    #expect(results(of: text.replacing("\n", with: "\(blanks)\n").utf8) == (try read(name)))
  }

  @Test(
    "the text beside the bytes may have lost spaces or have more of them",
    arguments: ["  a b ", "  a b", "  a b  ", "  a b \t", "        a b ", "    a b", "", " "])
  func textColumn(column: String) {
    let lines = "\(hex(64))40: 61 20 62 20\(column)\n"
    #expect(summary("00:04.0 x\n\(lines)") == ["0000:00:04.0 68"])
  }

  @Test(
    "a text that is not that of the bytes is found out, with blanks around it too",
    arguments: ["  a c ", "  ab", "   b a", "  a b x", "  x a b"])
  func wrongTextColumn(column: String) {
    #expect(
      summary("00:04.0 x\n\(hex(64))40: 61 20 62 20\(column)\n") == [
        "0000:00:04.0 64", "line 6: its text column does not match its bytes\(Self.ignored)",
      ])
  }

  @Test(
    "all chunk sizes give the same", arguments: [1, 7, 16, 53],
    ["legacy-pc.txt", "socket.hexdump", "socket.od-d", "bridge.xxd-a", "socket.config"])
  func chunks(size: Int, name: String) throws {
    let content = try fixture(name)
    let whole = try read(name)
    #expect(!whole.isEmpty)
    #expect(results(of: content, chunkSize: size) == whole)
  }

  @Test("what lspci -vvv says between header and bytes is passed over")
  func verbose() {
    let text = "00:04.0 Mass storage\n\tSubsystem: 1af4\n \t40: ff\n\(hex(64))"
    #expect(summary(text) == ["0000:00:04.0 64"])
  }

  @Test(
    "spellings of a dump that mean the same",
    arguments: [
      "00:04.0 x\n\(hex(64))\n", "00:04.0\n\(hex(64))", "0:04.0 x\n\(hex(64))",
      "0000:00:04.0 x\n\(hex(64))", "00000000:00:04.0 x\n\(hex(64))",
      "00:04.0 x\n\(hex(64).dropLast())", "\n\n00:04.0 x\n\(hex(64))\n\n\n",
      "00:04.0 x\n\(hex(64).uppercased())", "\u{FEFF}00:04.0 x\n\(hex(64))",
      "00:04.0 x\n\(hex(64))".replacing("\n", with: "\r\n"),
      "00:04.0 \(String(repeating: "long ", count: 1000))\n\(hex(64))",
      "00:04.0 x\n\(hex(64))".replacing("\n", with: "  \n"),
      "00:04.0 x\n\(hex(64))".replacing("\n", with: " \n"),
      "00:04.0 x\n\(hex(64))".replacing("\n", with: "\t\n"),
      "00:04.0 x\n\(hex(64))".replacing("\n", with: " \r\n"),
      "00:04.0 na\u{EF}ve\n\(hex(64))",
    ])
  func spellings(text: String) {
    let expected = Saved(address: Address("00:04.0"), bytes: (0..<64).map { UInt8($0) })
    #expect(results(of: Array(text.utf8)) == [.success(expected)])
  }

  @Test(
    "domains have up to 32 bits", arguments: ["0000", "c82d", "10000", "ffffffff"])
  func domains(domain: String) {
    #expect(summary("\(domain):00:04.0 x\n\(hex(64))") == ["\(domain):00:04.0 64"])
  }

  @Test("a function that is there twice is shown twice")
  func duplicates() {
    let text = "00:04.0 a\n\(hex(64))\n00:04.0 b\n\(hex(128))"
    #expect(summary(text) == ["0000:00:04.0 64", "0000:00:04.0 128"])
  }

  @Test("a function without an address may stand before those with one")
  func headless() {
    #expect(summary("\(hex(64))\n00:04.0 b\n\(hex(64))") == ["- 64", "0000:00:04.0 64"])
  }

  @Test("a pipe is read like a file, as standard input would be")
  func pipe() throws {
    let folder = try TemporaryFile([])
    let path = folder.path + ".fifo"
    try #require(mkfifo(path, 0o600) == 0)
    defer { unlink(path) }
    let content = try fixture("legacy-pc.txt")
    Thread.detachNewThread {
      let file = FileHandle(forWritingAtPath: path)
      file?.write(Data(content))
      try? file?.close()
    }
    #expect(drain(DumpSource(path: path)) == results(of: content))
  }

  // MARK: What is refused

  static let ignored = "; bytes are ignored up to the next header"

  @Test(
    "a bad line is reported, and no other function suffers",
    arguments: [
      // A bad header: the bytes below it belong to nobody.
      ("00:04.8 x\n\(hex(64))", ["line +1: 00:04.8 is not a PCI address\(ignored)"]),
      ("00:04.9 x\n\(hex(64))", ["line +1: 00:04.9 is not a PCI address\(ignored)"]),
      ("00:20.0 x\n\(hex(64))", ["line +1: 00:20.0 is not a PCI address\(ignored)"]),
      ("100:04.0 x\n\(hex(64))", ["line +1: 100:04.0 is not a PCI address\(ignored)"]),
      ("123456789:00:04.0 x\n", ["line +1: 123456789:00:04.0 is not a PCI address\(ignored)"]),
      ("00:04.g x\n\(hex(64))", ["line +1: neither a function's header nor bytes\(ignored)"]),
      ("Text.\n\(hex(64))", ["line +1: neither a function's header nor bytes\(ignored)"]),
      ("\u{85}\n", ["line +1: neither a function's header nor bytes\(ignored)"]),
      ("00:04.0\0 x\n\(hex(64))", ["line +1: a NUL byte\(ignored)"]),
      ("\t\0\n", ["line +1: a NUL byte\(ignored)"]),
      // A bad line of bytes: those before it are kept.
      ("80: 00 1\n90: 00\n", ["line +1: not a byte of two hex digits at column 8\(ignored)"]),
      ("80: 00 0g\n", ["line +1: not a byte of two hex digits at column 8\(ignored)"]),
      ("80: 00 \0\n", ["line +1: a NUL byte\(ignored)"]),
      ("80:\n", ["line +1: an offset without bytes\(ignored)"]),
      ("80: 00  11\n", ["line +1: its text column does not match its bytes\(ignored)"]),
      (
        "80: 20 61 20 20  a  \n",
        ["line +1: its text column does not match its bytes\(ignored)"]
      ),
      ("90: 00\n", ["line +1: offset 0x90 where 0x80 was expected\(ignored)"]),
      ("00: 00\n", ["line +1: offset 0x0 where 0x80 was expected\(ignored)"]),
      ("f0000000: 00\n", ["line +1: offset 0xf0000000 where 0x80 was expected\(ignored)"]),
      ("fffffff0: 00\n", ["line +1: offset 0xfffffff0 where 0x80 was expected\(ignored)"]),
      (
        "fffffffffffffff: 00\n",
        ["line +1: offset 0xfffffffffffffff where 0x80 was expected\(ignored)"]
      ),
      (
        "ffffffffffffffff: 00\n", ["line +1: neither a function's header nor bytes\(ignored)"]
      ),
      ("00000080 0000\n", ["line +1: words instead of bytes: use hexdump -C or od -tx1\(ignored)"]),
      // Each bad line is accounted for, also among bytes that are ignored.
      (
        "80: 0\n90: 00\na0: x\n",
        [
          "line +1: not a byte of two hex digits at column 5\(ignored)",
          "line +3: not a byte of two hex digits at column 5\(ignored)",
        ]
      ),
      (
        "80: 0\n90: 00\na0: x\nb0: 00\nText.\n",
        [
          "line +1: not a byte of two hex digits at column 5\(ignored)",
          "line +3: not a byte of two hex digits at column 5; line +5 cannot be read either"
            + ignored,
        ]
      ),
      (
        "Text.\nMore.\n\n\(hex(64))\n\n\0\n00:04.8 x\n\(hex(64))",
        [
          "line +1: neither a function's header nor bytes\(ignored)",
          "line +2: neither a function's header nor bytes; 3 more lines up to line +11 cannot be"
            + " read either\(ignored)",
        ]
      ),
      ("\n80: 00\n90: 00\n", ["line +2: bytes without a function's header above them\(ignored)"]),
      ("*\n", ["line +1: `*` without an offset below it"]),
      ("*\n*\n", ["line +2: `*` without bytes above it\(ignored)"]),
      ("\n*\n", ["line +2: `*` without bytes above it\(ignored)"]),
      (
        "*\n81: 00\n",
        ["line +2: offset 0x81 where 0x80 and a multiple of 16 was expected\(ignored)"]
      ),
      ("*\n80: 00\n", ["line +2: offset 0x80 where one above 0x80 was expected\(ignored)"]),
      (
        "*\n1010: 00\n",
        ["line +2: offset 0x1010 is beyond the 4096 bytes of config space\(ignored)"]
      ),
      (
        "\(String(repeating: "x", count: 70000))\n\(hex(64))",
        ["line +1: longer than 65536 bytes\(ignored)"]
      ),
      // A function that is not whole.
      (
        "00:04.1 x\n",
        ["line +1: has no bytes of config space: save it with lspci -xxx"]
      ),
      ("00:04.1 x\n\(hex(48))", ["line +1: has only 48 bytes of config space, 64 are needed"]),
      (
        "00:04.1 x\n\(hex(32))80: 00\n",
        [
          "line +1: has only 32 bytes of config space, 64 are needed",
          "line +4: offset 0x80 where 0x20 was expected\(ignored)",
        ]
      ),
    ] as [(String, [String])])
  func badLines(text: String, expected: [String]) {
    let before = "00:01.0 x\n\(hex(128))"
    let after = "00:1f.7 x\n\(hex(256))"
    // `+1` is the first line of `text`: the one after the nine of `before`.
    let found = summary(before + text + after).map { line in
      line.replacing(#/line (\d+)/#) { "line +\((Int($0.1) ?? 0) - 9)" }
    }
    #expect(found == ["0000:00:01.0 128"] + expected + ["0000:00:1f.7 256"])
    for size in [1, 7, 16] {
      #expect(
        results(of: Array((before + text + after).utf8), chunkSize: size)
          == results(of: Array((before + text + after).utf8)))
    }
  }

  @Test("more than 4096 bytes are refused, and 4096 are kept")
  func tooMuch() {
    #expect(summary("00:01.0 x\n\(hex(4096))") == ["0000:00:01.0 4096"])
    #expect(
      summary("00:01.0 x\n\(hex(4112))00:02.0 x\n\(hex(64))") == [
        "0000:00:01.0 4096", "line 258: more than 4096 bytes of config space\(Self.ignored)",
        "0000:00:02.0 64",
      ])
    let line = "40:" + String(repeating: " 00", count: 4097)
    #expect(
      summary("00:01.0 x\n\(hex(64))\(line)\n") == [
        "0000:00:01.0 64", "line 6: more than 4096 bytes\(Self.ignored)",
      ])
  }

  @Test("a text in which nothing is config space is told what is, once")
  func nothing() {
    let forms =
      "no config space found: expected the output of lspci -x, -xxx or -xxxx, a kernel log with"
      + " pci=earlydump, pci -i of the UEFI Shell, hexdump -C, xxd or od -tx1, or a raw config file"
    #expect(summary("root:x:0:0\nbin:x:1:1\n") == ["line 1: \(forms)"])
    #expect(summary("\n\nSomething\nelse\n") == ["line 3: \(forms)"])
    #expect(summary("\n\n") == ["line 1: \(forms)"])
    #expect(summary(" f4 1a 41 10\n") == ["line 1: \(forms)"])
  }

  @Test("text within a function, and what follows it, is two messages", arguments: ["", "\n"])
  func garbage(space: String) {
    let garbage = String(repeating: "junk\n\(space)", count: 100_000)
    let isSpaced = !space.isEmpty
    #expect(
      summary("00:04.0 x\n\(hex(80))\(garbage)\n00:05.0 x\n\(hex(64))") == [
        "0000:00:04.0 80", "line 7: neither a function's header nor bytes\(Self.ignored)",
      ]
        // Below a blank line it is text between functions.
        + (isSpaced
          ? []
          : [
            "line 8: neither a function's header nor bytes; 99998 more lines up to line 100006"
              + " cannot be read either\(Self.ignored)"
          ]) + ["0000:00:05.0 64"])
  }

  @Test("bytes below text belong to nobody, and are told")
  func bytesBelowText() {
    #expect(
      summary("a\n00: x\nb\nc\n\n\(hex(64))") == [
        "line 2: not a byte of two hex digits at column 5\(Self.ignored)",
        "line 3: neither a function's header nor bytes; 2 more lines up to line 6 cannot be read"
          + " either\(Self.ignored)",
      ])
  }

  @Test("a file has at most one function without an address")
  func secondHeadless() {
    let ignored = "bytes without a function's header above them\(Self.ignored)"
    #expect(summary("\(hex(64))\n\(hex(64))") == ["- 64", "line 6: \(ignored)"])
    #expect(summary("10: 00\n") == ["line 1: offset 0x10 where 0x0 was expected\(Self.ignored)"])
  }

  @Test(
    "of a file without lines the size is checked",
    arguments: [
      (0, "is empty"), (1, "has only 1 bytes of config space, 64 are needed"),
      (63, "has only 63 bytes of config space, 64 are needed"), (64, nil), (65, nil), (4096, nil),
      (4097, "has more than 4096 bytes of config space"),
      (100_000, "has more than 4096 bytes of config space"),
    ])
  func rawSizes(count: Int, problem: String?) {
    let content = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    #expect(results(of: content).map(describe) == [problem ?? "- \(count)"])
  }

  @Test("UTF-16 is named and refused", arguments: [[0xFF, 0xFE], [0xFE, 0xFF]] as [[UInt8]])
  func utf16(mark: [UInt8]) {
    #expect(
      results(of: mark + [0x30, 0, 0x30, 0]).map(describe) == [
        "line 1: UTF-16 text: convert it to UTF-8 (iconv -f UTF-16)"
      ])
  }

  @Test(
    "a strange byte in the first line does not make a dump a raw config file",
    arguments: [
      (0x00, "line 1: a NUL byte\(ignored)"), (0x07, "0000:00:04.0 64"), (0xE4, "0000:00:04.0 64"),
      (0xFF, "0000:00:04.0 64"),
    ] as [(UInt8, String)])
  func strangeFirstLine(byte: UInt8, expected: String) {
    let content = Array("00:04.0 ".utf8) + [byte] + Array("\n\(hex(64))".utf8)
    #expect(results(of: content).map(describe) == [expected])
  }

  @Test("words that xxd -e swapped are found out by the text beside them")
  func littleEndian() {
    let line = "00000000: 10531af4 00100406 ffff0001 00000000  ..S.............\n"
    #expect(
      summary(line) == ["line 1: its text column does not match its bytes\(Self.ignored)"])
  }

  @Test("what cannot be opened or read keeps the system's reason")
  func systemErrors() throws {
    let file = try TemporaryFile([])
    for (path, errno) in [(file.path + "/x", ENOTDIR), (file.path + "x", ENOENT), ("/", EISDIR)] {
      let results = drain(DumpSource(path: path))
      guard case .failure(let error) = results.first, case .system(let found) = error.reason else {
        Issue.record("no error for \(path)")
        continue
      }
      #expect(found.rawValue == errno)
      #expect(error.subject == path)
      #expect(results.count == 1)
    }
  }

  @Test("an error carries the file's name and, where it is known, the function")
  func subject() throws {
    let file = try TemporaryFile("00:04.0 x\n".utf8)
    let source = DumpSource(path: file.path)
    let error = #expect(throws: AccessError.self) { try source.next() }
    #expect(error?.subject == file.path)
    #expect(error?.address == Address("00:04.0"))
    #expect(try source.next() == nil)
    #expect(InputBuffer.name(of: "-") == "standard input")
  }

  @Test("a function of a dump decodes, and knows nothing of a kernel")
  func function() throws {
    let file = try TemporaryFile(fixture("socket.xxd"))
    let function = try #require(try DumpSource(path: file.path).next())
    #expect(function.file == file.path)
    #expect(!function.isLive)
    #expect(try function.identity().deviceID == 0x1053)
    #expect(try function.bars().map(\.address) == [0x40_0018_0000])
    #expect(try function.readConfig(at: 0x40, count: 4) == [0x09, 0x50, 0x10, 0x01])
    #expect(try function.readConfig(at: 0xFE, count: 4) == [0, 0])
    #expect(try function.readConfig(at: 0x100, count: 4) == [])
    #expect(try function.kernelFacts([]) == KernelFacts())
  }

  // MARK: Damage

  @Test(
    "a prefix that ends with a line invents nothing",
    arguments: ["firecracker-host.txt", "socket.hexdump", "socket.od", "socket.xxd-a"])
  func prefixes(name: String) throws {
    let content = Array(try fixture(name).suffix(5000))
    let whole = results(of: content).compactMap { try? $0.get() }
    for end in content.indices where content[end] == UInt8(ascii: "\n") {
      let found = results(of: Array(content[...end])).compactMap { try? $0.get() }
      #expect(found.count <= whole.count)
      for (part, function) in zip(found, whole) {
        #expect(part.address == function.address)
        #expect(function.bytes.starts(with: part.bytes))
      }
    }
  }

  @Test(
    "the lines that lspci writes are read as all others are",
    arguments: [" ", "0", "1", "f", "F", "g", ":", "\n"])
  func exactLines(character: String) {
    for damaged in [0x10, 0x100] {
      for position in 0..<51 {
        let lines = (0...0x11).map { line -> [UInt8] in
          var text = Array("\(Hex(UInt64(line * 16), digits: 2).bare):".utf8)
          for index in 0..<16 { text += " \(Hex(UInt8(line * 14 + index)).bare)".utf8 }
          guard line * 16 == damaged else { return text }
          text.replaceSubrange(position...position, with: character.utf8)
          return text
        }
        let header = Array("00:03.0 Class".utf8)
        // No exact line has a carriage return.
        let other = results(of: ([header] + lines).joined(separator: "\r\n".utf8))
        #expect(results(of: ([header] + lines).joined(separator: "\n".utf8)) == other)
        #expect(other.isEmpty == false)
      }
    }
  }

  @Test("nothing but a blank stands between two bytes", arguments: ["!", "0", "-"])
  func separators(character: String) {
    let text = hex(64).replacing("1e 1f", with: "1e\(character)1f")
    #expect(summary("00:04.0 x\n\(text)").contains { $0.contains("not a byte of two hex digits") })
  }

  @Test(
    "any prefix and any damage end in results",
    arguments: ["legacy-pc.txt", "socket.hexdump", "socket.od-d", "socket.xxd", "socket.config"])
  func damage(name: String) throws {
    let content = Array(try fixture(name).prefix(700))
    for count in content.indices { #expect(!results(of: content.prefix(count)).isEmpty) }
    var random = SplitMix(state: 42)
    for _ in 0..<300 {
      var damaged = content
      for _ in 0..<Int.random(in: 1...8, using: &random) {
        damaged[.random(in: damaged.indices, using: &random)] = .random(in: 0...255, using: &random)
      }
      let results = results(of: damaged)
      #expect(!results.isEmpty)
      #expect(results.allSatisfy { 64...4096 ~= ((try? $0.get())?.bytes.count ?? 64) })
    }
  }
}

/// What the tests look at of a function.
private struct Saved: Hashable {
  var address: Address?
  var bytes: [UInt8]
}

private typealias Outcome = Result<Saved, AccessError>

private func fixture(_ name: String) throws -> [UInt8] {
  Array(try Data(contentsOf: URL(filePath: "\(Fixtures.folder)/dumps/\(name)")))
}

private func read(_ name: String) throws -> [Outcome] {
  drain(DumpSource(path: "\(Fixtures.folder)/dumps/\(name)"))
}

private func drain(_ source: DumpSource) -> [Outcome] {
  var results: [Outcome] = []
  while true {
    do throws(AccessError) {
      guard let function = try source.next() else { return results }
      let bytes = try function.readConfig(at: 0, count: function.configSize)
      results.append(.success(Saved(address: function.address, bytes: bytes)))
    } catch {
      results.append(.failure(error))
    }
  }
}

/// The results of a file with this content; its name, which differs, is left out of the errors.
private func results(
  of content: some Sequence<UInt8>, chunkSize: Int = 1024
) -> [Outcome] {
  guard let file = try? TemporaryFile(content) else { return [] }
  return drain(DumpSource(path: file.path, chunkSize: chunkSize)).map { result in
    result.mapError { AccessError("", $0.reason, address: $0.address) }
  }
}

private func summary(_ text: String) -> [String] { results(of: text.utf8).map(describe) }

private func describe(_ result: Outcome) -> String {
  switch result {
  case .success(let saved): "\(saved.address.map { "\($0)" } ?? "-") \(saved.bytes.count)"
  case .failure(let error): "\(error)"
  }
}

/// `count` bytes 0, 1, 2, ... as `lspci` writes them.
private func hex(_ count: Int) -> String {
  hexLines((0..<count).map { UInt8(truncatingIfNeeded: $0) })
}

private func hexLines(_ bytes: [UInt8]) -> String {
  stride(from: 0, to: bytes.count, by: 16).map { offset in
    let line = bytes[offset..<offset + 16].map { String(format: "%02x", $0) }
    return String(format: "%02x: ", offset) + line.joined(separator: " ") + "\n"
  }.joined()
}

private func lspciText(_ functions: [Saved]) -> String {
  functions.map { "\($0.address.map { "\($0)" } ?? "-")\n\(hexLines($0.bytes))\n" }.joined()
}

/// A dump whose headers are addresses alone.
private func withoutNames(_ content: [UInt8]) -> String {
  String(decoding: content, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    .map { $0.contains(".") ? $0.prefix { $0 != " " } : $0 }.joined(separator: "\n")
}
