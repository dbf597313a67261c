@testable import InspectCLI

extension FuzzTarget {
  /// Command lines, a word a line: taken, or refused in words that may be printed.
  static let options = FuzzTarget(name: "options") { input in
    let words = String(decoding: input, as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
    let arguments: Arguments
    do throws(UsageError) {
      arguments = try Parser.parse(words)
    } catch {
      try require(!"\(error)".isEmpty, "nothing is said of \(words)")
      return try requirePrintable(Array("\(error)".utf8))
    }
    try require(
      Set(arguments.devices).count == arguments.devices.count, "a device is named twice")
    try require(
      (0...WaitTime.longest * 1000).contains(arguments.wait ?? 0), "waits \(arguments.wait ?? 0)")
    try require(
      arguments.columns.map { $0.columns.count == $0.names.count } ?? true, "unknown columns")
    if !words.contains("--") {
      let ended = try Parser.parse(words + ["--"])
      try require(ended == arguments, "the end of the options changes \(words)")
    }
  }
}
