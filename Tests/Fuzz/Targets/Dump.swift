import VirtioPCI

@testable import InspectCLI
@testable import PCIAccess

extension AccessError {
  fileprivate var line: Int? {
    if case .malformed(let line, _) = reason { line } else { nil }
  }
}

extension FuzzTarget {
  /// The text of a dump: what is wrong in it is named by its line, and what is right in it can be
  /// written and read again.
  static let dump = FuzzTarget(name: "dump") { input in
    let harvest = try Harvest(dump: input)
    let lines = input.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).count
    for error in harvest.errors {
      guard case .malformed(let line, let message) = error.reason else {
        throw Violation(description: "\(error)")
      }
      try require((0...lines).contains(line), "line \(line) of \(lines): \(message)")
      try requirePrintable(Array(escaped("\(error)").utf8))
    }
    for function in harvest.functions {
      try require(
        DumpFunction.sizes.contains(function.bytes.count), "\(function.bytes.count) bytes")
    }
    try require(
      harvest.functions.count + harvest.errors.count <= 2 * lines, "more results than lines")

    let pieces = try Harvest(dump: input, chunkSize: 7)
    try require(
      pieces.functions == harvest.functions
        && pieces.errors.map(\.reason) == harvest.errors.map(\.reason),
      "in small pieces the file is read otherwise")

    try checkQuoted(input, harvest)
    guard !harvest.functions.isEmpty else { return }
    let again = try Harvest(dump: lspciDump(harvest.functions))
    try require(again.errors.isEmpty, "\(again.errors)")
    try require(again.functions == harvest.functions, "it reads back otherwise")

    let addressed = harvest.functions.filter { $0.address != nil }
    guard !addressed.isEmpty else { return }
    for text in [earlyDump(addressed), uefiDump(addressed)] {
      let again = try Harvest(dump: text)
      try require(
        again.errors.isEmpty, "\(again.errors) in \(String(decoding: text, as: UTF8.self))")
      try require(again.functions == addressed, "another form reads back otherwise")
    }
  }

  /// A mail that quotes a text means the same, line by line.
  private static func checkQuoted(_ input: [UInt8], _ harvest: Harvest) throws {
    guard case .text(mark: 0) = DumpContent(of: input.span) else { return }
    let lines = input.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    let quoted = Array(lines.map { Array("> ".utf8) + $0 }.joined(separator: [UInt8(ascii: "\n")]))
    guard case .text = DumpContent(of: quoted.span) else { return }
    let again = try Harvest(dump: quoted)
    try require(again.functions == harvest.functions, "a quoted file is read otherwise")
    try require(
      again.errors.map(\.line) == harvest.errors.map(\.line), "errors are elsewhere when quoted")
  }
}
