import Foundation
import TestSupport
import Testing

/// What the program does to the machine that it runs on: `strace` tells.
///
/// On a machine without virtio functions the counts are of none.
@Suite(
  "Only what is needed is read, and nothing written",
  .enabled(if: Tool("strace") != nil && !BuiltProgram.countsLines))
struct LiveTests {
  /// The system calls of a run that cannot tell a tree from a device's sysfs, and so has to take it
  /// for one.
  private func trace(_ arguments: [String]) throws -> [String] {
    try withScratchFolder { folder in
      let outcome = try BuiltProgram.run(
        arguments,
        by: #"""
          strace -qq -y -e inject=fstatfs:error=EIO -o "$TRACE" "$0" "$@" >/dev/null; cat "$TRACE"
          """#,
        environment: ["TRACE": "\(folder)/trace"])
      return outcome.output.split(separator: "\n").map { String($0) }
    }
  }

  /// The reads of `config` files: function, offset, count.
  private func configReads(_ lines: [String]) -> [(path: String, offset: Int, count: Int)] {
    lines.compactMap { line in
      guard
        let match = line.firstMatch(
          of: #/^pread64\(\d+<([^>]*/config)>, .*, (\d+), (\d+)\) = \d+$/#),
        let count = Int(match.2), let offset = Int(match.3)
      else { return nil }
      return (String(match.1), offset, count)
    }
  }

  /// Every way to look that does not ask for registers; a capture goes to `DIR`, and what is
  /// expected stands in `FILE`.
  static let modes: [[String]] = [
    [], ["*.*"], ["-v"], ["-v", "*.*"], ["-J"], ["--jsonl"], ["-o", "ADDRESS"],
    ["-o", "MSIX,BARS,FEATURES,NUMA"], ["--check"], ["--check", "--strict", "-v", "*.*"],
    ["--check", "--report", "tap"], ["--capture", "DIR"], ["-J", "--capture", "DIR"],
    ["--expect", "FILE"], ["--expect", "FILE", "--check", "--wait", "0"],
    ["-A", "libpci"], ["-A", "libpci", "-v", "*.*"], ["-A", "libpci", "--check", "-J"],
  ]

  @Test(
    "nothing of a device is written, mapped, or read with a side effect",
    arguments: ["/sys"] + ["firecracker", "q35"].map { "\(Fixtures.folder)/sysfs/\($0)" }, modes)
  func harmless(tree: String, mode: [String]) throws {
    let expectation = try TemporaryFile("{}".utf8)
    try withScratchFolder { folder in
      let words = mode.map { $0 == "DIR" ? folder : $0 == "FILE" ? expectation.path : $0 }
      let lines = try trace(["--sysfs", tree] + words)
      #expect(lines.contains { $0.hasPrefix("write(1<") || $0.hasPrefix("write(2<") })
      for line in lines where line.contains(tree == "/sys" ? "/sys/" : tree) {
        #expect(!line.contains("O_WRONLY") && !line.contains("O_RDWR") && !line.contains("O_CREAT"))
        #expect(!line.contains("/resource0") && !line.contains("/rom"))
        let changing = [
          "write", "pwrite", "mmap", "ioctl", "unlink", "rename", "mkdir", "symlink", "chmod",
          "truncate", "utime", "mknod", "link(",
        ]
        #expect(!changing.contains { line.hasPrefix($0) })
      }
      let writes = lines.filter { $0.hasPrefix("write") || $0.hasPrefix("pwrite") }
      #expect(
        writes.allSatisfy {
          $0.hasPrefix("write(1<") || $0.hasPrefix("write(2<") || $0.contains(folder)
        })
      for name in ["iopl", "ioperm", "/dev/mem", "/dev/port"] {
        #expect(!lines.contains { $0.contains(name) })
      }
      for (path, reads) in Dictionary(grouping: configReads(lines), by: \.path) {
        for window in try windowData(of: path) {
          #expect(!reads.contains { ($0.offset..<$0.offset + $0.count).overlaps(window) })
        }
      }
    }
  }

  /// Where `pci_cfg_data` is in the config space at `path`.
  private func windowData(of path: String) throws -> [Range<Int>] {
    try expectedReads(of: path, showsMSIX: false)
      .filter { try $0.count == 12 && byte($0.lowerBound - 1, of: path) == 5 }
      .map { $0.upperBound..<$0.upperBound + 4 }
  }

  private func byte(_ offset: Int, of path: String) throws -> Int {
    let file = try #require(FileHandle(forReadingAtPath: path))
    try file.seek(toOffset: UInt64(offset))
    return Int(try #require(file.read(upToCount: 1)?.first))
  }

  @Test(
    "of config space are read two dwords and each structure, once",
    arguments: ["/sys"] + ["firecracker", "q35"].map { "\(Fixtures.folder)/sysfs/\($0)" },
    [([], false), (["-v"], true), (["-J"], true), (["-o", "CAPABILITIES"], false)])
  func plan(tree: String, mode: (options: [String], showsMSIX: Bool)) throws {
    let reads = configReads(try trace(["--sysfs", tree] + mode.options))
    #expect(tree == "/sys" || !reads.isEmpty)
    for (path, reads) in Dictionary(grouping: reads, by: \.path) {
      let expected = try expectedReads(of: path, showsMSIX: mode.showsMSIX)
      #expect(reads.map { $0.offset..<$0.offset + $0.count } == expected)
    }
  }

  @Test("columns that need no config space read none of modern functions")
  func noConfig() throws {
    let reads = configReads(
      try trace(["--sysfs", "\(Fixtures.folder)/sysfs/firecracker", "-o", "ADDRESS,TYPE,DRIVER"]))
    #expect(reads.isEmpty)
  }

  @Test(
    "completion reads no config space at all",
    arguments: ["/sys"] + ["firecracker", "q35"].map { "\(Fixtures.folder)/sysfs/\($0)" },
    ["devices", "addresses", "ids"])
  func completion(tree: String, kind: String) throws {
    let lines = try trace(["--sysfs", tree, "--complete", kind])
    #expect(tree == "/sys" || lines.contains { $0.contains("/uevent") })
    #expect(!lines.contains { $0.contains("/config") })
  }

  /// What may be read of the config space at `path`. Of the window there are 16 bytes: the data
  /// after them would make the device read its BAR.
  private func expectedReads(of path: String, showsMSIX: Bool) throws -> [Range<Int>] {
    func byte(_ offset: Int) throws -> Int { try self.byte(offset, of: path) }
    var expected = [4..<8]
    guard try byte(6) & 0x10 != 0 else { return expected }
    expected.append(0x34..<0x38)
    var position = try byte(0x34)
    while position >= 0x40 {
      expected.append(position..<position + 4)
      let length =
        switch (try byte(position), try byte(position + 3)) {
        case (9, 2): 20
        case (9, 8): 24
        case (9, 9): try byte(position + 2)
        case (9, _): 16
        case (0x11, _): showsMSIX ? 12 : 4
        default: 4
        }
      if length > 4 { expected.append(position + 4..<position + length) }
      position = try byte(position + 1)
    }
    return expected
  }
}
