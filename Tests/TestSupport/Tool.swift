import Foundation

/// A program of this machine that a test needs: a compiler.
public struct Tool: Sendable {
  private let file: URL

  /// The first of these names that is found on `PATH`; nil when none is.
  public init?(_ names: String...) {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    let files = names.flatMap { name in folders.map { URL(filePath: "\($0)/\(name)") } }
    guard let file = files.first(where: { FileManager.default.isExecutableFile(atPath: $0.path) })
    else { return nil }
    self.file = file
  }

  public init(path: String) { file = URL(filePath: path) }

  /// A Python that has the module; that of the distribution may not be the first on `PATH`.
  public static func python(with module: String) -> Tool? {
    [Tool("python3"), Tool(path: "/usr/bin/python3")].compactMap(\.self).first { python in
      (try? python.run(["-c", "import \(module)"]).status) == 0
    }
  }

  /// Runs it to its end; what it wrote to standard output and error, and its exit status. A run of ten
  /// minutes is ended with status 124.
  ///
  /// The output goes to a file: the other end of a pipe may live on in what it left running.
  public func run(
    _ arguments: [String], in folder: String? = nil, input: String = "/dev/null",
    path: String? = nil
  ) throws -> (output: String, status: Int32) {
    let process = Process()
    let output = try TemporaryFile([])
    let file = try FileHandle(forWritingTo: URL(filePath: output.path))
    process.executableURL = URL(filePath: "/usr/bin/timeout")
    process.arguments = ["-k1", "600", self.file.path] + arguments
    if let folder { process.currentDirectoryURL = URL(filePath: folder) }
    if let path {
      process.environment = ProcessInfo.processInfo.environment.merging(["PATH": path]) { $1 }
    }
    process.standardInput = FileHandle(forReadingAtPath: input)
    process.standardOutput = file
    process.standardError = file
    try process.run()
    process.waitUntilExit()
    let data = try Data(contentsOf: URL(filePath: output.path))
    return (String(decoding: data, as: UTF8.self), process.terminationStatus)
  }
}

/// Calls `body` with the path of a new folder, which is removed afterwards.
public func withScratchFolder<Value>(_ body: (String) throws -> Value) throws -> Value {
  let url = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
  try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: url) }
  return try body(url.path)
}
