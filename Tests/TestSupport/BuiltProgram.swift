import Foundation

/// The program itself, as `swift build` made it beside the tests.
public enum BuiltProgram {
  /// What a run left behind.
  public struct Outcome: Sendable {
    public var status: Int32
    public var output: String
    public var error: String

    public init(status: Int32, output: String, error: String) {
      self.status = status
      self.output = output
      self.error = error
    }
  }

  public static let path: String = {
    let tests = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    return tests.deletingLastPathComponent().appending(path: "virtio-pci-inspect").path
  }()

  /// Whether it counts which lines are run, and so writes a file at its end.
  public static let countsLines = inherited["LLVM_PROFILE_FILE"] != nil

  /// The way to other programs, and what a build for coverage or with a sanitizer reads.
  private static let inherited: [String: String] = {
    let names = ["PATH", "LLVM_PROFILE_FILE", "ASAN_OPTIONS", "UBSAN_OPTIONS"]
    let own = ProcessInfo.processInfo.environment.filter { names.contains($0.key) }
    return ["PATH": "/usr/bin:/bin", "TERM": "xterm"].merging(own) { $1 }
  }()

  /// Runs it to its end. `script` is what the shell does with it, `"$0" "$@"`: the place for
  /// redirections and for programs around it. A run of 30 seconds is ended with status 124.
  ///
  /// The output goes to files rather than to pipes, so that none can block the other.
  public static func run(
    _ arguments: [String] = [], by script: String = #"exec "$0" "$@""#, input: [UInt8] = [],
    environment: [String: String] = [:]
  ) throws -> Outcome {
    try withScratchFolder { folder in
      let files = ["stdin", "stdout", "stderr"].map { URL(filePath: "\(folder)/\($0)") }
      try Data(input).write(to: files[0])
      try Data().write(to: files[1])
      try Data().write(to: files[2])
      let process = Process()
      process.executableURL = URL(filePath: "/usr/bin/timeout")
      process.arguments = ["-k1", "30", "/bin/sh", "-c", script, path] + arguments
      process.environment = inherited.merging(environment) { $1 }
      process.standardInput = try FileHandle(forReadingFrom: files[0])
      process.standardOutput = try FileHandle(forWritingTo: files[1])
      process.standardError = try FileHandle(forWritingTo: files[2])
      try process.run()
      process.waitUntilExit()
      return Outcome(
        status: process.terminationStatus,
        output: String(decoding: try Data(contentsOf: files[1]), as: UTF8.self),
        error: String(decoding: try Data(contentsOf: files[2]), as: UTF8.self))
    }
  }
}
