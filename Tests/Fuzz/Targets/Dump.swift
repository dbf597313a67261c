import VirtioPCI

@testable import InspectCLI
@testable import PCIAccess

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

    let again = try Harvest(dump: lspciDump(harvest.functions))
    guard !harvest.functions.isEmpty else { return }
    try require(again.errors.isEmpty, "\(again.errors)")
    try require(again.functions == harvest.functions, "it reads back otherwise")
  }
}
