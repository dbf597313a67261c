import VirtioPCI

@testable import PCIAccess

extension FuzzTarget {
  /// What a file is, by its content; and config space in the form of every tool that prints bytes.
  static let content = FuzzTarget(name: "content") { input in
    try checkDetection(input)
    let config = Array(input.prefix(ConfigHeader.extendedSize))
    guard config.count >= ConfigHeader.size else { return }
    for form in Form.all {
      let harvest = try Harvest(dump: form.text(of: config))
      try require(harvest.errors.isEmpty, "\(form.name): \(harvest.errors)")
      try require(
        harvest.functions == [.init(address: nil, bytes: config)],
        "\(form.name) reads back otherwise")
    }
  }

  /// A raw file is the same for both who read it, and text is refused as one.
  private static func checkDetection(_ input: [UInt8]) throws {
    let folder = ScratchFolder()
    try folder.write(input, to: "file")
    let raw = try Harvest(RawSource(path: "\(folder.path)/file"))
    let dump = try Harvest(DumpSource(path: "\(folder.path)/file"))
    switch DumpContent(of: input.span) {
    case .raw:
      try require(raw.functions == dump.functions && raw.errors == dump.errors, "raw twice")
      try require(raw.functions.count + raw.errors.count == 1, "a raw file of several")
    case .empty, .text, .utf16:
      try require(raw.functions.isEmpty && raw.errors.count == 1, "text as a raw file")
    }
  }

  /// How a tool prints bytes.
  private struct Form: Sendable {
    let name: String
    /// An offset, as it begins a line.
    let offset: @Sendable (Int) -> String
    /// The bytes of a line, with what separates them and what comes after them.
    let line: @Sendable (ArraySlice<UInt8>) -> String
    /// Whether lines that are the same become a `*`.
    var squeezes = true
    /// Whether a last line has the offset alone.
    var hasEnd = true

    static let all = [
      Form(
        name: "hexdump -C", offset: { padded($0, 16, 8) },
        line: { line in
          "  \(line.map { padded(Int($0), 16, 2) }.joined(separator: " "))  |\(printable(line))|"
        }),
      Form(name: "od -tx1", offset: { padded($0, 8, 7) }, line: spaced),
      Form(
        name: "od -Ax -tx1z", offset: { padded($0, 16, 6) },
        line: { line in
          "\(spaced(line))  >\(printable(line))<"
        }),
      // With a star, its decimal offsets may be octal ones.
      Form(name: "od -v -Ad -tx1", offset: { padded($0, 10, 7) }, line: spaced, squeezes: false),
      Form(
        name: "xxd -g1", offset: { padded($0, 16, 8) + ":" },
        line: { line in
          "\(spaced(line))  \(printable(line))"
        }, squeezes: false, hasEnd: false),
    ]

    func text(of bytes: [UInt8]) -> [UInt8] {
      var text = ""
      var last: ArraySlice<UInt8>?
      var isStarred = false
      for start in stride(from: 0, to: bytes.count, by: 16) {
        let line = bytes[start..<min(start + 16, bytes.count)]
        if squeezes, let last, line.elementsEqual(last) {
          if !isStarred { text += "*\n" }
          isStarred = true
          continue
        }
        (last, isStarred) = (line, false)
        text += "\(offset(start))\(self.line(line))\n"
      }
      if hasEnd { text += "\(offset(bytes.count))\n" }
      return Array(text.utf8)
    }

    @Sendable private static func spaced(_ line: ArraySlice<UInt8>) -> String {
      line.map { " " + padded(Int($0), 16, 2) }.joined()
    }

    private static func printable(_ line: ArraySlice<UInt8>) -> String {
      String(
        decoding: line.map { (0x20...0x7E).contains($0) ? $0 : UInt8(ascii: ".") }, as: UTF8.self)
    }

    private static func padded(_ value: Int, _ radix: Int, _ digits: Int) -> String {
      let text = String(value, radix: radix)
      return String(repeating: "0", count: digits - text.utf8.count) + text
    }
  }
}
