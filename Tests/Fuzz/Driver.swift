import Glibc
import SystemPackage

/// The target that `FUZZ_TARGET` names.
private let target: FuzzTarget = {
  guard let name = getenv("FUZZ_TARGET").map({ String(cString: $0) }),
    let target = FuzzTarget.all.first(where: { $0.name == name })
  else {
    print("FUZZ_TARGET is one of: \(FuzzTarget.all.map(\.name).joined(separator: " "))")
    exit(2)
  }
  return target
}()

/// What libFuzzer, which has the main function, calls with each input.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  do {
    try target.run(Array(UnsafeBufferPointer(start: start, count: count)))
  } catch {
    _ = try? FileDescriptor.standardError.writeAll("\(target.name): \(error)\n".utf8)
    abort()
  }
  return 0
}
